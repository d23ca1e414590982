// The resample family: weights against the formula in double, the driver against the reference,
// Pillow's bytes.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "core/philox.h"
#include "cpu/resample.h"
#include "each_target.h"
#include "ops/resample_weights.h"
#include "ops/resize_size.h"
#include "source_dir.h"

namespace vg {
namespace {

constexpr Filter kFilters[] = {Filter::Nearest, Filter::Linear, Filter::Cubic, Filter::Lanczos3,
                               Filter::Gaussian};

double formula(Filter filter, double x) {
  const double a = std::fabs(x), pi = std::acos(-1.0);
  const auto sinc = [&](double v) { return v == 0 ? 1 : std::sin(pi * v) / (pi * v); };
  switch (filter) {
    case Filter::Cubic:
      return a <= 1  ? 1.5 * a * a * a - 2.5 * a * a + 1
             : a < 2 ? -0.5 * a * a * a + 2.5 * a * a - 4 * a + 2
                     : 0;
    case Filter::Lanczos3:
      return a < 3 ? sinc(x) * sinc(x / 3) : 0;
    case Filter::Gaussian:
      return a < 1 ? std::exp(-a * a / (2 * 0.125)) : 0;
    default:
      return std::max(0.0, 1 - a);
  }
}

TEST(ResampleWeights, AgreeWithTheFormula) {
  for (Filter filter : {Filter::Linear, Filter::Cubic, Filter::Lanczos3, Filter::Gaussian})
    for (bool antialias : {false, true})
      for (int64_t out : {1, 7, 40, 90}) {
        const ResampleAxis axis = resample_axis(40, 3.25, 33.5, out, filter, antialias);
        AxisWeights<float> weights;
        make_weights(axis, weights);
        const double scale = 30.25 / static_cast<double>(out),
                     widen = antialias ? std::max(1.0, scale) : 1.0;
        for (int64_t i = 0; i < out; i++) {
          const double centre = 3.25 + (static_cast<double>(i) + 0.5) * scale;
          double expected[40] = {}, sum = 0;
          for (int j = -200; j < 240; j++) {  // the outermost pixels stand for all beyond
            const double k = formula(filter, (j + 0.5 - centre) / widen);
            expected[std::clamp(j, 0, 39)] += k;
            sum += k;
          }
          double got[40] = {};
          for (int j = 0; j < weights.count[i]; j++) got[weights.first[i] + j] = weights.of(i)[j];
          for (int j = 0; j < 40; j++)
            ASSERT_NEAR(got[j], expected[j] / sum, 1e-7) << i << " " << j;
        }
      }
}

TEST(ResampleWeights, FixedWeightsKeepConstantImages) {
  for (Filter filter : kFilters)
    for (int64_t out : {1, 3, 50, 333}) {
      AxisWeights<int16_t> weights;
      make_weights(resample_axis(100, 0, 100, out, filter, false), weights);
      for (int64_t i = 0; i < out; i++) {
        int sum = 0;
        for (int j = 0; j < weights.count[i]; j++) sum += weights.of(i)[j];
        EXPECT_EQ(sum, 1 << kFixedBits);
      }
    }
}

TEST(ResampleWeights, NearestIsExactOnPixelBorders) {
  std::vector<int32_t> index;
  for (int64_t in = 1; in < 40; in++)
    for (int64_t out = 1; out < 40; out++) {
      make_nearest(resample_axis(in, 0, static_cast<double>(in), out, Filter::Nearest, false),
                   index);
      for (int64_t i = 0; i < out; i++) ASSERT_EQ(index[i], (2 * i + 1) * in / (2 * out));
    }
  make_nearest(resample_axis(10, -20, 30, 5, Filter::Nearest, false), index);
  EXPECT_EQ(index, (std::vector<int32_t>{0, 0, 5, 9, 9}));
}

struct Image {
  std::vector<std::byte> bytes;
  Image(DType dtype, int64_t elements, uint64_t seed)
      : bytes(static_cast<size_t>(elements * size_of(dtype))) {
    DrawStream draws({seed}, {});
    if (dtype == DType::Float) {
      for (int64_t i = 0; i < elements; i++) {
        const float v = static_cast<float>(draws() * 500 - 200);
        std::memcpy(&bytes[static_cast<size_t>(i) * 4], &v, 4);
      }
    } else {
      for (std::byte& b : bytes)
        b = static_cast<std::byte>(draws.next_u32() & (dtype == DType::Float16 ? 0x3F : 0xFF));
    }
  }
};

void compare_with_reference(const ResampleParams& params, int channels, DType in, DType out,
                            Arena& scratch) {
  const int64_t units = channels % 3 + 1;
  const Image image(in, units * params.y.in * params.x.in * channels, 5);
  const size_t size =
      static_cast<size_t>(units * params.y.count * params.x.count * channels * size_of(out));
  std::vector<std::byte> fast(size), slow(size);
  cpu::ResampleJob job{params, channels, units, in, out, image.bytes.data(), slow.data()};
  cpu::reference_resample(job);
  job.dst = fast.data();
  test::on_each_target([&] {
    std::fill(fast.begin(), fast.end(), std::byte{1});
    scratch.reset();
    cpu::resample(job, scratch);
    ASSERT_EQ(fast, slow) << params.y.in << "x" << params.x.in << " -> " << params.y.out << "x"
                          << params.x.out << " channels " << channels << " filter "
                          << int(params.y.filter) << " " << name_of(in) << " " << name_of(out);
  });
}

TEST(Resample, DriverEqualsReference) {
  const DType types[] = {DType::Uint8,  DType::Int8,  DType::Uint16,  DType::Int16,
                         DType::Uint32, DType::Int32, DType::Float16, DType::Float};
  const int64_t sizes[][4] = {{61, 47, 23, 31}, {61, 47, 90, 70}, {61, 47, 80, 20}, {61, 47, 7, 5},
                              {61, 47, 61, 20}, {61, 47, 30, 47}, {1, 9, 13, 17},   {9, 1, 4, 3},
                              {1, 1, 5, 6},     {200, 90, 9, 80}};
  Arena scratch;
  int channels = 0;
  for (const auto& s : sizes)
    for (Filter fy : kFilters)
      for (Filter fx : {fy, Filter::Linear})
        for (bool antialias : {false, true})
          for (DType in : types)
            for (DType out : {in, DType::Float}) {
              channels = channels % 5 + 1;
              const double h = static_cast<double>(s[0]), w = static_cast<double>(s[1]);
              ResampleParams p{resample_axis(s[0], 0, h, s[2], fy, antialias),
                               resample_axis(s[1], 0, w, s[3], fx, antialias)};
              ASSERT_NO_FATAL_FAILURE(compare_with_reference(p, channels, in, out, scratch));
            }
}

TEST(Resample, RegionsFlipsAndWindowsEqualReference) {
  DrawStream draws({3}, {});
  Arena scratch;
  for (int n = 0; n < 1500; n++) {
    const auto axis = [&](Filter filter, bool antialias) {
      const auto in = static_cast<int64_t>(1 + draws() * 90),
                 out = static_cast<int64_t>(1 + draws() * 90);
      const auto place = [&] { return (draws() * 1.4 - 0.2) * static_cast<double>(in); };
      ResampleAxis a = resample_axis(in, place(), place(), out, filter, antialias);
      a.begin = static_cast<int64_t>(draws() * static_cast<double>(out));
      a.count = 1 + static_cast<int64_t>(draws() * static_cast<double>(out - a.begin));
      return a;
    };
    const Filter filter = kFilters[n % 5], other = n % 7 ? filter : Filter::Lanczos3;
    const bool antialias = n % 2 == 0;
    const ResampleAxis y = axis(filter, antialias), x = axis(other, antialias);
    ASSERT_NO_FATAL_FAILURE(
        compare_with_reference({y, x}, 1 + n % 4, n % 3 ? DType::Uint8 : DType::Float,
                               n % 3 == 1 ? DType::Uint8 : DType::Float, scratch));
  }
}

// Cropping and mirroring afterwards is the same as making only that window, backwards.
TEST(Resample, WindowOfAFlippedAxisIsACropOfTheMirrorImage) {
  const Image image(DType::Uint8, 50 * 60 * 3, 9);
  Arena scratch;
  const ResampleAxis y = resample_axis(50, 0, 50, 50, Filter::Linear, true);
  const ResampleAxis whole = resample_axis(60, 2.5, 58, 33, Filter::Cubic, true);
  std::vector<std::byte> all(50 * 33 * 3), part(50 * 10 * 3);
  cpu::resample({{y, whole}, 3, 1, DType::Uint8, DType::Uint8, image.bytes.data(), all.data()},
                scratch);
  const ResampleAxis window{58, 2.5, 60, 33, 4, 10, Filter::Cubic, true};
  cpu::resample({{y, window}, 3, 1, DType::Uint8, DType::Uint8, image.bytes.data(), part.data()},
                scratch);
  for (int r = 0; r < 50; r++)
    for (int i = 0; i < 10; i++)
      for (int c = 0; c < 3; c++)
        ASSERT_EQ(part[(r * 10 + i) * 3 + c], all[(r * 33 + 32 - 4 - i) * 3 + c]);
}

std::vector<char> read_bytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<uint8_t> load_uint8(const nlohmann::json& tensor, const std::string& root) {
  if (tensor.contains("values")) return tensor["values"].get<std::vector<uint8_t>>();
  if (tensor.contains("fill")) {
    size_t n = 1;
    for (const auto& e : tensor["shape"]) n *= e.get<size_t>();
    return std::vector<uint8_t>(n, tensor["fill"].get<uint8_t>());
  }
  const std::vector<char> npy = read_bytes(root + tensor["file"].get<std::string>());
  const size_t header =
      10 + static_cast<uint8_t>(npy.at(8)) + 256u * static_cast<uint8_t>(npy.at(9));
  return {npy.begin() + static_cast<std::ptrdiff_t>(header), npy.end()};
}

TEST(Resample, PillowsBytes) {
  const std::string root = test::source_dir() + "/tests/golden/";
  std::ifstream file(root + "pillow/cases.json");
  const nlohmann::json group = nlohmann::json::parse(file);
  const std::map<std::string, Filter> filters = {{"nearest", Filter::Nearest},
                                                 {"bilinear", Filter::Linear},
                                                 {"bicubic", Filter::Cubic},
                                                 {"lanczos", Filter::Lanczos3}};
  Arena scratch;
  EXPECT_GE(group["cases"].size(), 60u);
  for (const auto& c : group["cases"]) {
    const auto shape = c["inputs"][0]["shape"].get<std::vector<int64_t>>();
    const auto size = c["args"]["size"].get<std::vector<int64_t>>();
    std::vector<double> box = {0, 0, static_cast<double>(shape[1]), static_cast<double>(shape[0])};
    if (c["args"].contains("box")) box = c["args"]["box"].get<std::vector<double>>();
    const Filter filter = filters.at(c["args"]["filter"]);
    const ResampleParams params{resample_axis(shape[0], box[1], box[3], size[0], filter, true),
                                resample_axis(shape[1], box[0], box[2], size[1], filter, true)};
    const std::vector<uint8_t> input = load_uint8(c["inputs"][0], root),
                               expected = load_uint8(c["outputs"][0], root);
    std::vector<uint8_t> got(expected.size());
    cpu::resample({params, static_cast<int>(shape[2]), 1, DType::Uint8, DType::Uint8,
                   reinterpret_cast<const std::byte*>(input.data()),
                   reinterpret_cast<std::byte*>(got.data())},
                  scratch);
    size_t different = 0;
    for (size_t i = 0; i < got.size(); i++) different += got[i] != expected[i];
    // Nearest where a centre falls on a pixel border: Pillow's choice is float noise.
    const double allowed = c["tolerance"].value("outliers", 0.0) * static_cast<double>(got.size());
    EXPECT_LE(static_cast<double>(different), allowed) << c["id"];
  }
}

// Extents as recorded from DALI for an image of 61 x 47.
TEST(ResizeSize, RecordedExtents) {
  const auto extents = [](const ResizeArgs& args) {
    auto r = resize_size(args, 61, 47);
    return r.ok() ? std::array<int64_t, 2>{(*r)[0].out, (*r)[1].out}
                  : std::array<int64_t, 2>{-1, -1};
  };
  using Extents = std::array<int64_t, 2>;
  const double size[] = {40.4, 20.6}, only_x[] = {0, 30}, large[] = {90, 70}, limits[] = {40, 60},
               limit[] = {80};
  EXPECT_EQ(extents({.resize_x = 30}), (Extents{39, 30}));
  EXPECT_EQ(extents({.resize_x = 30, .mode = ResizeMode::Stretch}), (Extents{61, 30}));
  EXPECT_EQ(extents({.resize_y = 80, .resize_x = 30, .mode = ResizeMode::NotLarger}),
            (Extents{39, 30}));
  EXPECT_EQ(extents({.resize_y = 80, .resize_x = 30, .mode = ResizeMode::NotSmaller}),
            (Extents{80, 62}));
  EXPECT_EQ(extents({.size = only_x}), (Extents{39, 30}));
  EXPECT_EQ(extents({.size = size}), (Extents{40, 21}));
  EXPECT_EQ(extents({.size = size, .mode = ResizeMode::NotLarger}), (Extents{27, 21}));
  EXPECT_EQ(extents({.size = large, .max_size = limits}), (Extents{40, 60}));
  EXPECT_EQ(extents({.size = large, .mode = ResizeMode::NotSmaller, .max_size = limits}),
            (Extents{40, 31}));
  EXPECT_EQ(extents({.resize_x = 200, .max_size = limit}), (Extents{80, 80}));
  EXPECT_EQ(extents({.resize_shorter = 30.5}), (Extents{40, 31}));
  EXPECT_EQ(extents({.resize_longer = 30}), (Extents{30, 23}));
}

TEST(ResizeSize, RegionKeepsTheScaleAndFlips) {
  auto r = resize_size({.resize_shorter = 30}, 61, 47);
  ASSERT_TRUE(r.ok());
  EXPECT_NEAR(((*r)[0].hi - (*r)[0].lo) / 39, 47.0 / 30, 1e-12);
  EXPECT_NEAR((*r)[0].hi + (*r)[0].lo, 61, 1e-12);
  EXPECT_EQ((*r)[1].hi, 47);
  r = resize_size({.resize_x = -30, .subpixel_scale = false}, 61, 47);
  ASSERT_TRUE(r.ok());
  EXPECT_EQ((*r)[0].lo, 0);
  EXPECT_EQ((*r)[1].lo, 47);
  EXPECT_EQ((*r)[1].hi, 0);
}

TEST(ResizeSize, RefusesWhatHasNoMeaning) {
  const double one[] = {4}, zero[] = {0, 0}, three[] = {1, 2, 3}, far[] = {1e12, 5},
               nan[] = {std::nan(""), 1};
  const auto message = [](const ResizeArgs& args) {
    auto r = resize_size(args, 61, 47);
    return r.ok() ? std::string() : r.failure().message;
  };
  const auto has = [](const std::string& text, const char* word) {
    return text.find(word) != std::string::npos;
  };
  EXPECT_TRUE(has(message({}), "resize_shorter"));
  EXPECT_TRUE(has(message({.resize_shorter = 4, .resize_longer = 3}), "resize_longer"));
  EXPECT_TRUE(has(message({.resize_shorter = 4, .mode = ResizeMode::Stretch}), "mode"));
  EXPECT_TRUE(has(message({.size = one, .roi_start = zero}), "roi_end"));
  EXPECT_TRUE(has(message({.size = one, .roi_start = zero, .roi_end = zero}), "no pixels"));
  EXPECT_TRUE(has(message({.size = three}), "size"));
  EXPECT_TRUE(has(message({.size = nan}), "finite"));
  EXPECT_TRUE(has(message({.size = far}), "pixels"));
  EXPECT_TRUE(has(message({.size = one, .roi_start = zero, .roi_end = far}), "roi_end"));
}

}  // namespace
}  // namespace vg
