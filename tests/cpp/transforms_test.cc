// transforms.*, coord_transform, coord_flip, bb_flip: matrices and points against their
// definitions.
#include <cmath>

#include <gmock/gmock.h>

#include "run_op.h"

namespace vg {
namespace {

using test::run_op;
using test::tensor;
using test::values;
using testing::ElementsAre;
using testing::FloatNear;
using testing::HasSubstr;
using testing::Pointwise;
using Numbers = std::vector<double>;

std::vector<float> matrix(std::string_view op, const ArgMap& args,
                          const std::vector<Tensor>& inputs = {}) {
  const auto out = run_op(op, inputs, args);
  EXPECT_TRUE(out.ok()) << out.failure().message;
  EXPECT_EQ((*out)[0].layout.text(), "**");
  return values<float>((*out)[0]);
}

std::string message(std::string_view op, const ArgMap& args,
                    const std::vector<Tensor>& inputs = {}) {
  const auto out = run_op(op, inputs, args);
  return out.ok() ? std::string("accepted") : out.failure().message;
}

const Tensor kMatrix = tensor<float>(DType::Float, {2, 3}, "", {1, 0.25f, 3, -0.5f, 2, 1});
const Tensor kTurn = tensor<float>(DType::Float, {2, 3}, "", {0, 1, 5, -1, 0, 2});

TEST(Transforms, TheNewOneComesAfterTheInputUnlessReversed) {
  EXPECT_THAT(matrix("transforms.translation", {{"offset", Numbers{3.5, -2}}}, {kMatrix}),
              ElementsAre(1, 0.25f, 6.5f, -0.5f, 2, -1));
  EXPECT_THAT(matrix("transforms.translation",
                     {{"offset", Numbers{4, -2}}, {"reverse_order", true}}, {kMatrix}),
              ElementsAre(1, 0.25f, 6.5f, -0.5f, 2, -5));
  EXPECT_THAT(matrix("transforms.combine", {}, {kMatrix, kTurn}),
              ElementsAre(-0.5f, 2, 6, -1, -0.25f, -1));
  EXPECT_EQ(matrix("transforms.combine", {{"reverse_order", true}}, {kTurn, kMatrix}),
            matrix("transforms.combine", {}, {kMatrix, kTurn}));
}

TEST(Transforms, ACenterStaysWhereItIs) {
  const ArgMap cases[] = {
      {{"scale", Numbers{2, 0.5}}}, {{"angle", 30.0}}, {{"shear", Numbers{0.3, -0.2}}}};
  const std::string_view names[] = {"transforms.scale", "transforms.rotation", "transforms.shear"};
  for (int i = 0; i < 3; i++) {
    ArgMap args = cases[i];
    args["center"] = Numbers{10, 20};
    const std::vector<float> m = matrix(names[i], args);
    EXPECT_NEAR(m[0] * 10 + m[1] * 20 + m[2], 10, 1e-5);
    EXPECT_NEAR(m[3] * 10 + m[4] * 20 + m[5], 20, 1e-5);
  }
}

TEST(Transforms, RotationsKeepTheirAxisAndLengths) {
  EXPECT_THAT(matrix("transforms.rotation", {{"angle", 90.0}}), ElementsAre(0, -1, 0, 1, 0, 0));
  EXPECT_THAT(matrix("transforms.rotation", {{"angle", 90.0}, {"axis", Numbers{0, 0, 3}}}),
              ElementsAre(0, -1, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0));
  const std::vector<float> m =
      matrix("transforms.rotation", {{"angle", 40.0}, {"axis", Numbers{1, 2, 2}}});
  const double axis[] = {1, 2, 2};
  for (int i = 0; i < 3; i++) {
    EXPECT_NEAR(m[i * 4] * axis[0] + m[i * 4 + 1] * axis[1] + m[i * 4 + 2] * axis[2], axis[i],
                1e-6);
    for (int j = 0; j < 3; j++) {
      double dot = 0;
      for (int k = 0; k < 3; k++) dot += double(m[i * 4 + k]) * m[j * 4 + k];
      EXPECT_NEAR(dot, i == j, 1e-6);
    }
  }
}

TEST(Transforms, ShearAndCropFollowTheirFormulas) {
  EXPECT_THAT(matrix("transforms.shear", {{"shear", Numbers{1, 2, 3, 4, 5, 6}}}),
              ElementsAre(1, 1, 2, 0, 3, 1, 4, 0, 5, 6, 1, 0));
  EXPECT_THAT(matrix("transforms.shear", {{"angles", Numbers{45, -30}}}),
              Pointwise(FloatNear(1e-6f), {1.0f, 1.0f, 0.0f, -0.57735027f, 1.0f, 0.0f}));
  const ArgMap box{{"from_start", Numbers{10, 0}}, {"from_end", Numbers{0, 20}}};
  EXPECT_THAT(matrix("transforms.crop", box),
              Pointwise(FloatNear(1e-6f), {-0.1f, 0.f, 1.f, 0.f, 0.05f, 0.f}));
  ArgMap absolute = box;
  absolute["absolute"] = true;
  EXPECT_THAT(matrix("transforms.crop", absolute),
              Pointwise(FloatNear(1e-6f), {0.1f, 0.f, 0.f, 0.f, 0.05f, 0.f}));
  EXPECT_THAT(matrix("transforms.scale", {{"scale", 2.0}, {"ndim", int64_t{2}}}),
              ElementsAre(2, 0, 0, 0, 2, 0));
}

TEST(Transforms, RefuseWhatDoesNotFit) {
  EXPECT_THAT(message("transforms.shear", {}), HasSubstr("exactly one"));
  EXPECT_THAT(message("transforms.shear", {{"shear", Numbers{1, 2}}, {"angles", Numbers{1, 2}}}),
              HasSubstr("exactly one"));
  EXPECT_THAT(message("transforms.shear", {{"angles", Numbers{100, 2}}}), HasSubstr("[-90, 90]"));
  EXPECT_THAT(message("transforms.rotation", {{"angle", 1.0}, {"axis", Numbers{0, 0, 0}}}),
              HasSubstr("axis"));
  EXPECT_THAT(
      message("transforms.rotation", {{"angle", 1.0}, {"axis", Numbers{0, 0, 1}}}, {kMatrix}),
      HasSubstr("3 dimensions"));
  EXPECT_THAT(message("transforms.scale", {{"scale", Numbers{1, 2, 3}}}, {kMatrix}),
              HasSubstr("scale"));
  EXPECT_THAT(message("transforms.crop", {{"from_end", 0.0}}), HasSubstr("from_end"));
  EXPECT_THAT(message("transforms.combine", {}, {kMatrix}), HasSubstr("received 1"));
  const Tensor square = tensor<float>(DType::Float, {2, 2}, "", {1, 0, 0, 1});
  EXPECT_THAT(message("transforms.translation", {{"offset", Numbers{1, 2}}}, {square}),
              HasSubstr("(n, n + 1)"));
}

TEST(Coordinates, AreMappedAndMirrored) {
  const Tensor points = tensor<float>(DType::Float, {2, 2}, "", {1, 2, 10.5f, -3});
  const auto mapped = [&](const ArgMap& args) {
    return values<float>((*run_op("coord_transform", {points}, args))[0]);
  };
  EXPECT_THAT(mapped({}), ElementsAre(1, 2, 10.5f, -3));
  EXPECT_THAT(mapped({{"M", Numbers{1, 0.5, -0.5, 2}}, {"T", Numbers{10, 20}}}),
              ElementsAre(12, 23.5f, 19, 8.75f));
  EXPECT_THAT(mapped({{"MT", Numbers{1, 0.5, 3, -0.5, 2, 4}}}), ElementsAre(5, 7.5f, 12, -7.25f));
  EXPECT_THAT(mapped({{"M", 2.0}, {"T", 1.0}}), ElementsAre(3, 5, 22, -5));
  EXPECT_THAT(mapped({{"M", Numbers{1, 1}}}), ElementsAre(3, 7.5f));
  const auto whole =
      run_op("coord_transform", {points}, {{"dtype", static_cast<int64_t>(DType::Uint8)}});
  EXPECT_THAT(values<uint8_t>((*whole)[0]), ElementsAre(1, 2, 11, 0));
  EXPECT_THAT(message("coord_transform", {{"M", Numbers{1, 2, 3}}}, {points}),
              HasSubstr("2 columns"));
  const auto flip = run_op("coord_flip", {points}, {{"flip_y", int64_t{1}}, {"center_x", 1.0}});
  EXPECT_THAT(values<float>((*flip)[0]), ElementsAre(1, -1, -8.5f, 4));
  const Tensor box = tensor<float>(DType::Float, {1, 4}, "", {0.25f, 0.5f, 0.5f, 0.125f});
  EXPECT_THAT(values<float>((*run_op("bb_flip", {box}))[0]),
              ElementsAre(0.25f, 0.5f, 0.5f, 0.125f));
  EXPECT_THAT(
      values<float>((*run_op("bb_flip", {box}, {{"ltrb", true}, {"vertical", int64_t{1}}}))[0]),
      ElementsAre(0.5f, 0.875f, 0.75f, 0.5f));
}

}  // namespace
}  // namespace vg
