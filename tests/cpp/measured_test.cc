// The measured family: the driver against the reference, and the formulas on images that one can
// work out by hand.
#include "reference/measured.h"
#include "cpu/drivers.h"
#include "each_target.h"
#include "planned_op.h"

namespace vg {
namespace {

using test::PlannedOp;
using test::run_op;
using test::tensor;
using test::values;

TEST(Measured, EqualsItsReference) {
  const std::pair<Shape, Layout> kinds[] = {
      {{7, 9}, "HW"},       {{61, 47, 3}, "HWC"}, {{5, 31, 4}, "HWC"},    {{5, 6, 7}, "HWC"},
      {{40, 50, 1}, "HWC"}, {{3, 9, 20}, "CHW"},  {{3, 5, 4, 3}, "FHWC"}, {{2, 3, 9, 8}, "FCHW"},
      {{2, 30, 60}, "HWC"}, {{4, 9, 11}, "FHW"},  {{1, 1, 3}, "HWC"},     {{90, 200, 3}, "HWC"}};
  for (const auto& [shape, layout] : kinds)
    for (const char* name : {"equalize", "_auto_contrast", "_contrast"}) {
      const bool contrast = name == std::string_view("_contrast");
      const int channels = planes_of({DType::Uint8, shape, layout}).value().channels;
      if (contrast && channels != 1 && channels != 3) continue;
      Tensor image = test::noise(DType::Uint8, shape, layout);
      for (int64_t i = 0; i < shape.elements(); i++)  // no channel uses the whole range
        image.as<uint8_t>()[i] = static_cast<uint8_t>(30 + image.as<uint8_t>()[i] % 90);
      ArgMap args;
      if (contrast) args["factor"] = 1.7;
      PlannedOp op(name, image, args);
      ASSERT_TRUE(op.status().ok()) << op.status().failure().message;
      const auto expected = test::bytes(op.run(reference::run_measured));
      test::on_each_target([&] {
        EXPECT_EQ(test::bytes(op.run(cpu::run_measured)), expected) << name << " " << shape.text();
      });
    }
}

TEST(Measured, SumsOfBrightImagesDoNotOverflow) {
  const Tensor white =
      tensor(DType::Uint8, {600, 700, 3}, "HWC", std::vector<uint8_t>(1260000, 255));
  for (double factor : {0.0, 0.5, 1.9})
    EXPECT_EQ(values<uint8_t>((*run_op("_contrast", {white}, {{"factor", factor}}))[0]),
              values<uint8_t>(white));
}

TEST(Equalize, FollowsTheFormula) {
  const Tensor x = tensor<uint8_t>(DType::Uint8, {2, 2, 3}, "HWC",
                                   {249, 178, 70, 255, 193, 90, 241, 162, 57, 245, 180, 76});
  EXPECT_EQ(values<uint8_t>((*run_op("equalize", {x}))[0]),
            (std::vector<uint8_t>{170, 85, 85, 255, 255, 255, 0, 0, 0, 85, 170, 170}));
  const Tensor flat = tensor(DType::Uint8, {4, 4}, "HW", std::vector<uint8_t>(16, 77));
  EXPECT_EQ(values<uint8_t>((*run_op("experimental.equalize", {flat}))[0]), values<uint8_t>(flat));
}

TEST(AutoContrast, DecidesChannelByChannelAndFrameByFrame) {
  const Tensor x = tensor<uint8_t>(DType::Uint8, {2, 1, 3, 2}, "FHWC",
                                   {10, 7, 20, 7, 30, 7, /**/ 0, 100, 255, 101, 3, 102});
  EXPECT_EQ(values<uint8_t>((*run_op("_auto_contrast", {x}))[0]),
            (std::vector<uint8_t>{0, 7, 128, 7, 255, 7, /**/ 0, 0, 255, 128, 3, 255}));
}

TEST(MeanContrast, IsAboutTheWeightedMean) {
  const Tensor x = tensor<uint8_t>(DType::Uint8, {1, 2, 3}, "HWC", {100, 0, 50, 200, 40, 150});
  const double g = 0.299 * 150 + 0.587 * 20 + 0.114 * 100;
  const auto got = values<uint8_t>((*run_op("_contrast", {x}, {{"factor", 0.5}}))[0]);
  for (size_t i = 0; i < got.size(); i++)
    EXPECT_EQ(got[i], std::lround(g + (x.as<uint8_t>()[i] - g) * 0.5)) << i;
}

TEST(Measured, RefusesWhatItCannotDo) {
  const auto message = [](const char* name, const Tensor& t, const ArgMap& args) {
    const auto out = run_op(name, {t}, args);
    return out.ok() ? std::string() : out.failure().message;
  };
  const ArgMap factor{{"factor", 1.5}};
  EXPECT_NE(message("_contrast", test::noise(DType::Uint8, {4, 4, 4}, "HWC"), factor)
                .find("Can't broadcast shapes"),
            std::string::npos);
  EXPECT_NE(message("_contrast", test::noise(DType::Float, {4, 4, 3}, "HWC"), factor).find("uint8"),
            std::string::npos);
  for (const char* name : {"_contrast", "_auto_contrast"})
    EXPECT_NE(message(name, test::noise(DType::Uint8, {4, 4, 3}, ""),
                      name == std::string_view("_contrast") ? factor : ArgMap{})
                  .find("not present in the input layout"),
              std::string::npos);
  EXPECT_NE(message("equalize", test::noise(DType::Int16, {4, 4, 3}, "HWC"), {}).find("uint8"),
            std::string::npos);
}

}  // namespace
}  // namespace vg
