// Point operators of colour: formulas in double, identities, conversions there and back, tables.
#include <cmath>

#include "core/round.h"
#include "ops/contrast.h"
#include "planned_op.h"

namespace vg {
namespace {

using test::noise;
using test::run_op;
using test::tensor;
using test::values;

std::vector<uint8_t> run8(const char* name, const Tensor& image, const ArgMap& args) {
  auto out = run_op(name, {image}, args);
  EXPECT_TRUE(out.ok()) << out.failure().message;
  return out.ok() ? values<uint8_t>((*out)[0]) : std::vector<uint8_t>();
}

/// All 256 values in three channels, none equal to its neighbours.
Tensor ramp() {
  Tensor t = noise(DType::Uint8, {16, 16, 3}, "HWC");
  for (int i = 0; i < 768; i++) t.as<uint8_t>()[i] = static_cast<uint8_t>((i * 85 + i / 3) % 256);
  return t;
}

template <class F>
void expect_each(const Tensor& image, const std::vector<uint8_t>& got, F formula) {
  ASSERT_EQ(got.size(), static_cast<size_t>(image.shape.elements()));
  for (size_t i = 0; i < got.size(); i++)
    EXPECT_EQ(got[i], round_to<uint8_t>(formula(double(image.as<uint8_t>()[i])))) << i;
}

TEST(Brightness, ScalesAndShifts) {
  expect_each(ramp(),
              run8("brightness", ramp(), {{"brightness", 0.75}, {"brightness_shift", 0.25}}),
              [](double x) { return 0.75 * x + 0.25 * 255; });
}

TEST(Contrast, IsAboutItsCentre) {
  expect_each(ramp(), run8("contrast", ramp(), {{"contrast", 1.25}}),
              [](double x) { return 128 + (x - 128) * 1.25; });
  expect_each(ramp(), run8("contrast", ramp(), {{"contrast", -0.5}, {"contrast_center", 60.0}}),
              [](double x) { return 60 + (x - 60) * -0.5; });
  expect_each(ramp(),
              run8("brightness_contrast", ramp(),
                   {{"contrast", 1.5}, {"brightness", 0.75}, {"brightness_shift", 0.2}}),
              [](double x) { return 0.2 * 255 + 0.75 * (128 + (x - 128) * 1.5); });
}

TEST(Contrast, CentreDependsOnTheType) {
  EXPECT_EQ(default_contrast_center(DType::Uint8), 128);
  EXPECT_EQ(default_contrast_center(DType::Int16), 16384);
  EXPECT_EQ(default_contrast_center(DType::Int32), 1073741824);
  EXPECT_EQ(default_contrast_center(DType::Float), 0.5);
}

TEST(AutoAugPoints, FollowTheirFormulas) {
  const Tensor x = ramp();
  expect_each(x, run8("_posterize", x, {{"mask", int64_t{0xC0}}}),
              [](double v) { return double(int(v) & 0xC0); });
  expect_each(x, run8("_solarize", x, {{"threshold", 100.5}}),
              [](double v) { return v < 100.5 ? v : 255 - v; });
  expect_each(x, run8("_solarize_add", x, {{"shift", int64_t{110}}}),
              [](double v) { return v < 128 ? v + 110 : v; });
  expect_each(x, run8("_invert", x, {}), [](double v) { return 255 - v; });
  EXPECT_EQ(run8("_color", x, {{"factor", 1.0}}), values<uint8_t>(x));
  const auto grey = run8("_color", x, {{"factor", 0.0}});
  for (size_t i = 0; i < grey.size(); i += 3) {
    const uint8_t* p = x.as<uint8_t>() + i;
    EXPECT_EQ(grey[i], round_to<uint8_t>(0.299 * p[0] + 0.587 * p[1] + 0.114 * p[2])) << i;
    EXPECT_TRUE(grey[i] == grey[i + 1] && grey[i] == grey[i + 2]);
  }
}

TEST(ColorTwist, NeutralParametersChangeNothing) {
  const Tensor f = noise(DType::Float, {9, 9, 3}, "HWC");
  for (const char* name : {"hue", "saturation", "color_twist"}) {
    EXPECT_EQ(run8(name, ramp(), {}), values<uint8_t>(ramp())) << name;
    EXPECT_EQ(values<float>((*run_op(name, {f}))[0]), values<float>(f)) << name;
  }
  EXPECT_EQ(run8("hsv", ramp(), {}), values<uint8_t>(ramp()));
}

TEST(ColorTwist, TurnsAddUp) {
  const Tensor x = noise(DType::Float, {9, 9, 3}, "HWC");
  const auto once = (*run_op("hue", {x}, {{"hue", 70.0}}))[0];
  const auto twice =
      (*run_op("hue", {(*run_op("hue", {x}, {{"hue", 30.0}}))[0]}, {{"hue", 40.0}}))[0];
  const auto full = (*run_op("hue", {x}, {{"hue", 360.0}}))[0];
  for (int i = 0; i < 243; i++) {
    EXPECT_NEAR(once.as<float>()[i], twice.as<float>()[i], 2e-6);
    EXPECT_EQ(full.as<float>()[i], x.as<float>()[i]);
  }
}

TEST(ColorTwist, ContrastIsAboutTheMiddle) {
  expect_each(ramp(), run8("color_twist", ramp(), {{"contrast", 0.5}, {"brightness", 1.5}}),
              [](double x) { return (128 + (x - 128) * 0.5) * 1.5; });
  const auto out = run_op("hsv", {noise(DType::Float, {4, 4, 3}, "HWC")});
  EXPECT_EQ((*out)[0].dtype, DType::Uint8);
}

constexpr auto kRgb = int64_t(ImageType::Rgb), kBgr = int64_t(ImageType::Bgr),
               kGray = int64_t(ImageType::Gray), kYCbCr = int64_t(ImageType::YCbCr);

Outcome<std::vector<Tensor>> convert(const Tensor& image, int64_t from, int64_t to) {
  return run_op("color_space_conversion", {image}, {{"image_type", from}, {"output_type", to}});
}

TEST(ColorSpaceConversion, GoesThereAndBack) {
  const Tensor x = noise(DType::Uint8, {2, 17, 13, 3}, "FHWC");
  EXPECT_EQ(values<uint8_t>((*convert((*convert(x, kRgb, kBgr))[0], kBgr, kRgb))[0]),
            values<uint8_t>(x));
  const Tensor back = (*convert((*convert(x, kRgb, kYCbCr))[0], kYCbCr, kRgb))[0];
  for (int i = 0; i < 2 * 17 * 13 * 3; i++)
    EXPECT_NEAR(back.as<uint8_t>()[i], x.as<uint8_t>()[i], 2);
}

TEST(ColorSpaceConversion, ChangesTheNumberOfChannels) {
  const Tensor x = noise(DType::Uint8, {31, 45, 3}, "HWC");
  const Tensor grey = (*convert(x, kRgb, kGray))[0];
  ASSERT_EQ(grey.shape, (Shape{31, 45, 1}));
  for (int i = 0; i < 31 * 45; i++) {
    const uint8_t* p = x.as<uint8_t>() + 3 * i;
    EXPECT_EQ(grey.as<uint8_t>()[i],
              round_to<uint8_t>(0.299f * p[0] + 0.587f * p[1] + 0.114f * p[2]));
  }
  const Tensor rgb = (*convert(grey, kGray, kRgb))[0];
  ASSERT_EQ(rgb.shape, x.shape);
  for (int i = 0; i < 31 * 45 * 3; i++) EXPECT_EQ(rgb.as<uint8_t>()[i], grey.as<uint8_t>()[i / 3]);
}

TEST(ColorSpaceConversion, RunsFusedAsItRunsAlone) {
  const Tensor x = noise(DType::Uint8, {31, 45, 1}, "HWC");
  Tensor alone = (*convert(x, kGray, kRgb))[0];
  alone = (*run_op("brightness", {alone}, {{"brightness", 0.9}}))[0];
  alone = (*convert((*convert(alone, kRgb, kYCbCr))[0], kYCbCr, kGray))[0];
  Value v = constant(x);
  const auto change = [&](int64_t from, int64_t to) {
    v = call("color_space_conversion", {v}, {{"image_type", from}, {"output_type", to}})[0];
  };
  change(kGray, kRgb);
  v = call("brightness", {v}, {{"brightness", 0.9}})[0];
  change(kRgb, kYCbCr);
  change(kYCbCr, kGray);
  const auto fused = test::Evaluator().run({v});
  ASSERT_TRUE(fused.ok());
  EXPECT_EQ(test::bytes((*fused)[0]), test::bytes(alone));
}

TEST(ColorSpaceConversion, RefusesWhatItCannotDo) {
  const Tensor x = noise(DType::Uint8, {4, 4, 3}, "HWC");
  EXPECT_NE(convert(x, kRgb, kRgb).failure().message.find("conversion not supported"),
            std::string::npos);
  EXPECT_NE(convert(x, kGray, kRgb).failure().message.find("1 channels"), std::string::npos);
  EXPECT_FALSE(convert(noise(DType::Float, {4, 4, 3}, "HWC"), kRgb, kBgr).ok());
  EXPECT_FALSE(run_op("hue", {noise(DType::Uint8, {4, 4, 1}, "HWC")}, {{"hue", 3.0}}).ok());
}

TEST(LookupTable, KnowsKeysAndDefaults) {
  const Tensor x = tensor<int32_t>(DType::Int32, {8}, "", {-1, 0, 1, 2, 3, 65535, 65536, 100000});
  const auto out = run_op("lookup_table", {x},
                          {{"keys", std::vector<int64_t>{0, 1, 65535, 1}},
                           {"values", std::vector<double>{5, 6.5, 7, 9.25}},
                           {"default_value", -3.0}});
  EXPECT_EQ(values<float>((*out)[0]), (std::vector<float>{-3, 5, 9.25, -3, -3, 7, -3, -3}));
  const auto rounded = run_op("lookup_table", {x},
                              {{"keys", std::vector<int64_t>{0, 2}},
                               {"values", std::vector<double>{7.5, -5.5}},
                               {"dtype", int64_t(DType::Int16)}});
  EXPECT_EQ(values<int16_t>((*rounded)[0]), (std::vector<int16_t>{0, 8, 0, -6, 0, 0, 0, 0}));
}

TEST(LookupTable, RefusesTablesWhereTheyAreWritten) {
  const Tensor x = noise(DType::Uint8, {4}, "");
  const auto message = [&](std::vector<int64_t> keys) {
    return run_op("lookup_table", {x}, {{"keys", std::move(keys)}, {"values", 1.0}})
        .failure()
        .message;
  };
  EXPECT_NE(message({70000}).find("65535"), std::string::npos);
  EXPECT_NE(message({1, 2}).find("values"), std::string::npos);
}

TEST(JpegCompressionDistortion, CostsMoreTheLowerTheQuality) {
  Tensor x = noise(DType::Uint8, {2, 33, 47, 3}, "FHWC");
  for (int i = 0; i < 2 * 33 * 47 * 3; i++)
    x.as<uint8_t>()[i] = static_cast<uint8_t>(i / 3 % 47 * 5);
  double last = 0;
  for (int64_t quality : {100, 60, 5}) {
    const auto out = run_op("jpeg_compression_distortion", {x}, {{"quality", quality}});
    ASSERT_TRUE(out.ok());
    double difference = 0;
    for (int i = 0; i < 2 * 33 * 47 * 3; i++)
      difference += std::abs((*out)[0].as<uint8_t>()[i] - x.as<uint8_t>()[i]);
    EXPECT_GE(difference, last);
    last = difference;
  }
  EXPECT_GT(last, 0);
  const auto grey = run_op("jpeg_compression_distortion", {noise(DType::Uint8, {8, 8, 1}, "HWC")});
  EXPECT_NE(grey.failure().message.find("3 channels"), std::string::npos);
}

}  // namespace
}  // namespace vg
