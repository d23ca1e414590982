// The operators of the resample family, through planner and driver.
#include <cmath>

#include "ops/crop_window.h"
#include "run_op.h"

namespace vg {
namespace {

using test::run_op;
using test::tensor;
using test::values;

Tensor image(int h, int w, int c, const char* layout = "HWC") {
  std::vector<uint8_t> v(static_cast<size_t>(h * w * c));
  DrawStream draws({17}, {});
  for (uint8_t& x : v) x = static_cast<uint8_t>(draws.next_u32());
  return tensor(DType::Uint8, {h, w, c}, layout, v);
}

Tensor only(Outcome<std::vector<Tensor>> result) {
  EXPECT_TRUE(result.ok()) << (result.ok() ? "" : result.failure().message);
  return result.ok() ? result->at(0) : Tensor();
}

ArgMap size_of_output(int64_t h, int64_t w) { return {{"size", std::vector<int64_t>{h, w}}}; }

TEST(ResizeOp, KeepsLayoutAndType) {
  const Tensor out = only(run_op("resize", {image(20, 30, 3)}, {{"resize_shorter", int64_t{10}}}));
  EXPECT_EQ(out.shape, (Shape{10, 15, 3}));
  EXPECT_EQ(out.layout.text(), "HWC");
  EXPECT_EQ(out.dtype, DType::Uint8);
}

TEST(ResizeOp, PlanesAndFramesAreResizedOneByOne) {
  const Tensor gray = image(12, 18, 1);
  const auto expected = values<uint8_t>(only(run_op("resize", {gray}, size_of_output(7, 9))));
  std::vector<uint8_t> three;
  for (int i = 0; i < 3; i++) {
    const auto v = values<uint8_t>(gray);
    three.insert(three.end(), v.begin(), v.end());
  }
  for (const char* layout : {"FCHW", "CFHW"}) {
    const Shape shape = layout[0] == 'F' ? Shape{3, 1, 12, 18} : Shape{1, 3, 12, 18};
    const Tensor out =
        only(run_op("resize", {tensor(DType::Uint8, shape, layout, three)}, size_of_output(7, 9)));
    const auto got = values<uint8_t>(out);
    ASSERT_EQ(got.size(), 3 * expected.size());
    for (size_t i = 0; i < got.size(); i++) ASSERT_EQ(got[i], expected[i % expected.size()]);
  }
}

TEST(ResizeOp, NegativeSizeAndReversedRegionFlip) {
  const Tensor in = image(11, 13, 3);
  const auto plain = values<uint8_t>(only(run_op("resize", {in}, size_of_output(11, 13))));
  EXPECT_EQ(plain, values<uint8_t>(in));
  const auto flipped = values<uint8_t>(only(run_op("resize", {in}, size_of_output(11, -13))));
  const auto reversed = values<uint8_t>(only(run_op("resize", {in},
                                                    {{"size", std::vector<int64_t>{11, 13}},
                                                     {"roi_start", std::vector<double>{0, 13}},
                                                     {"roi_end", std::vector<double>{11, 0}}})));
  EXPECT_EQ(flipped, reversed);
  for (int y = 0; y < 11; y++)
    for (int x = 0; x < 13; x++)
      for (int c = 0; c < 3; c++)
        ASSERT_EQ(flipped[(y * 13 + x) * 3 + c], plain[(y * 13 + 12 - x) * 3 + c]);
}

TEST(ResizeOp, SecondOutputHoldsTheExtents) {
  const auto result =
      run_op("resize", {image(20, 30, 3)}, {{"size", int64_t{8}}, {"save_attrs", true}});
  ASSERT_TRUE(result.ok());
  ASSERT_EQ(result->size(), 2u);
  EXPECT_EQ(values<int32_t>((*result)[1]), (std::vector<int32_t>{20, 30}));
}

TEST(ResizeOp, Refusals) {
  const auto message = [](const ArgMap& args) {
    const auto r = run_op("resize", {image(20, 30, 3)}, args);
    return r.ok() ? std::string() : r.failure().message;
  };
  EXPECT_NE(message({}).find("resize_shorter"), std::string::npos);
  EXPECT_NE(message({{"size", int64_t{4}}, {"mode", std::string("fill")}}).find("not_larger"),
            std::string::npos);
  EXPECT_NE(
      message({{"size", int64_t{4}}, {"dtype", static_cast<int64_t>(DType::Int32)}}).find("type"),
      std::string::npos);
  EXPECT_NE(message({{"size", int64_t{4}}, {"interp_type", int64_t{9}}}).find("interp_type"),
            std::string::npos);
}

TEST(ResizeCropMirror, EqualsResizeCropAndFlip) {
  const Tensor in = image(40, 60, 3);
  for (bool antialias : {false, true}) {
    const ArgMap resize = {{"resize_shorter", int64_t{30}}, {"antialias", antialias}};
    const Tensor resized = only(run_op("resize", {in}, resize));
    const Tensor cropped = only(
        run_op("crop", {resized}, {{"crop", std::vector<double>{20, 24}}, {"crop_pos_x", 0.2}}));
    for (int64_t mirror = 0; mirror < 4; mirror++) {
      ArgMap args = resize;
      args["crop"] = std::vector<double>{20, 24};
      args["crop_pos_x"] = 0.2;
      args["mirror"] = mirror;
      const Tensor expected =
          only(run_op("flip", {cropped}, {{"horizontal", mirror & 1}, {"vertical", mirror >> 1}}));
      EXPECT_EQ(values<uint8_t>(only(run_op("resize_crop_mirror", {in}, args))),
                values<uint8_t>(expected))
          << mirror;
    }
  }
  EXPECT_FALSE(run_op("resize_crop_mirror", {in},
                      {{"size", int64_t{10}}, {"crop", std::vector<double>{20, 24}}})
                   .ok());
}

// By the same explicit seed: the promise of all operators that draw a crop window.
TEST(RandomResizedCrop, IsResizeOverTheWindowOfTheGenerator) {
  const Tensor in = image(40, 60, 3);
  CallOptions seeded;
  seeded.seed = 5;
  for (uint64_t id = 0; id < 20; id++) {
    Sample sample;
    sample.key.sample_id = id;
    const auto window =
        run_op("random_crop_generator", {tensor<int32_t>(DType::Int32, {3}, "", {40, 60, 3})}, {},
               seeded, sample);
    ASSERT_TRUE(window.ok());
    const auto anchor = values<int32_t>((*window)[0]), shape = values<int32_t>((*window)[1]);
    const Tensor a =
        only(run_op("random_resized_crop", {in}, size_of_output(16, 24), seeded, sample));
    const Tensor b =
        only(run_op("resize", {in},
                    {{"size", std::vector<int64_t>{16, 24}},
                     {"roi_start", std::vector<double>{double(anchor[0]), double(anchor[1])}},
                     {"roi_end", std::vector<double>{double(anchor[0] + shape[0]),
                                                     double(anchor[1] + shape[1])}}}));
    EXPECT_EQ(values<uint8_t>(a), values<uint8_t>(b));
  }
}

struct Statistics {
  double area = 0, deviation = 0;
  bool inside = true, constant = true;
  CropWindow first;
};

Statistics windows(const CropWindowRanges& ranges, int64_t h, int64_t w, int n = 20000) {
  Statistics s;
  double squares = 0;
  for (int i = 0; i < n; i++) {
    const CropWindow c =
        draw_crop_window(ranges, h, w, DrawStream({1}, {static_cast<uint64_t>(i), 0}));
    if (i == 0) s.first = c;
    const double area = static_cast<double>(c.height * c.width) / static_cast<double>(h * w);
    s.area += area / n;
    squares += area * area / n;
    s.inside = s.inside && c.y >= 0 && c.x >= 0 && c.height >= 1 && c.width >= 1 &&
               c.y + c.height <= h && c.x + c.width <= w;
    s.constant = s.constant && c.height == s.first.height && c.width == s.first.width;
  }
  s.deviation = std::sqrt(std::max(0.0, squares - s.area * s.area));
  return s;
}

// Means of 20,000 windows recorded from DALI.
TEST(CropWindow, RecordedStatistics) {
  const CropWindowRanges usual{0.75, 4.0 / 3, 0.08, 1.0, 10};
  const struct {
    CropWindowRanges ranges;
    int64_t h, w;
    double area;
  } recorded[] = {{usual, 100, 120, 0.466},
                  {usual, 333, 500, 0.38968},
                  {usual, 7, 5, 0.48895},
                  {{0.75, 4.0 / 3, 0.9, 1.0, 10}, 100, 100, 0.94117}};
  for (const auto& r : recorded) {
    const Statistics s = windows(r.ranges, r.h, r.w);
    EXPECT_NEAR(s.area, r.area, 6 * s.deviation / std::sqrt(20000)) << r.h << "x" << r.w;
    EXPECT_TRUE(s.inside);
  }
}

TEST(CropWindow, RecordedConstantExtents) {
  const double wide = 4.0 / 3;
  const struct {
    CropWindowRanges ranges;
    int64_t h, w, height, width;
  } recorded[] = {
      {{0.75, wide, 0.08, 1, 10}, 10, 1000, 10, 13}, {{0.75, wide, 0.08, 1, 10}, 1000, 10, 13, 10},
      {{1, 1, 1, 1, 10}, 100, 100, 100, 100},        {{1, 1, 0.5, 0.5, 10}, 100, 130, 81, 81},
      {{0.75, wide, 0.3, 0.6, 10}, 40, 300, 40, 53}, {{0.75, wide, 0.95, 1, 1}, 40, 300, 40, 53},
      {{0.75, wide, 0.08, 1, 10}, 1, 1, 1, 1}};
  for (const auto& r : recorded) {
    const Statistics s = windows(r.ranges, r.h, r.w, 500);
    EXPECT_TRUE(s.constant && s.inside);
    EXPECT_EQ(s.first.height, r.height);
    EXPECT_EQ(s.first.width, r.width);
  }
}

}  // namespace
}  // namespace vg
