// Fast paths of bytes against what they stand for: tables, statistics, planes, rounding, and the
// point driver against its reference, with every kind of vector instructions.
#include <cmath>

#include "cpu/byte_map.h"
#include "cpu/byte_statistics.h"
#include "cpu/convert.h"
#include "cpu/drivers.h"
#include "cpu/three_channels.h"
#include "each_target.h"
#include "planned_op.h"
#include "reference/point.h"

namespace vg {
namespace {

using cpu::ByteTable;
using test::on_each_target;
using test::PlannedOp;

std::vector<uint8_t> random_bytes(size_t n, uint64_t seed) {
  std::vector<uint8_t> v(n);
  for (size_t i = 0; i < n; i++) v[i] = static_cast<uint8_t>(hash64(seed, i));
  return v;
}

template <class F>
ByteTable table_of(F value) {
  ByteTable table;
  for (int v = 0; v < 256; v++)
    table[static_cast<size_t>(v)] = static_cast<uint8_t>(std::clamp<int>(value(v), 0, 255));
  return table;
}

ByteTable random_table(uint64_t seed) {
  return table_of([&](int v) { return hash64(seed, static_cast<uint64_t>(v)) & 255; });
}

void expect_mapped(const std::vector<ByteTable>& tables, size_t n, uint64_t seed) {
  // One byte off, so that nothing is aligned; guards behind.
  std::vector<uint8_t> in = random_bytes(n + 1, seed), out(n + 9, 0xA5);
  cpu::map_bytes(tables, in.data() + 1, out.data() + 1, static_cast<int64_t>(n));
  for (size_t i = 0; i < n; i++)
    ASSERT_EQ(out[i + 1], tables[i % tables.size()][in[i + 1]]) << "byte " << i << " of " << n;
  for (size_t i = n + 1; i < out.size(); i++) ASSERT_EQ(out[i], 0xA5);
  cpu::map_bytes(tables, in.data() + 1, in.data() + 1, static_cast<int64_t>(n));
  ASSERT_TRUE(std::equal(in.begin() + 1, in.end(), out.begin() + 1)) << "in place, " << n;
}

TEST(ByteMap, EqualsItsTables) {
  on_each_target([] {
    for (size_t channels : {1, 2, 3, 4})
      for (size_t pixels : {0, 1, 7, 341, 342, 400, 1024, 1055, 4001})
        for (bool equal : {false, true}) {
          std::vector<ByteTable> tables;
          for (size_t c = 0; c < channels; c++) tables.push_back(random_table(equal ? 1 : c + 2));
          expect_mapped(tables, pixels * channels, pixels);
        }
  });
}

TEST(ByteMap, FindsFormsOfCommonTables) {
  const auto solarized = [](int t) { return table_of([t](int v) { return v < t ? v : 255 - v; }); };
  std::vector<ByteTable> tables{
      table_of([](int v) { return v; }), table_of([](int v) { return 255 - v; }),
      table_of([](int v) { return v + 40; }), table_of([](int v) { return v - 17; }),
      table_of([](int v) { return v < 128 ? v + 110 : v; })};
  for (int bits = 0; bits <= 8; bits++)
    tables.push_back(table_of([bits](int v) { return v & (0xFF00 >> bits); }));
  for (int t : {0, 5, 128, 250, 255, 256}) tables.push_back(solarized(t));
  for (const ByteTable& table : tables) {
    cpu::ByteForm form;
    EXPECT_TRUE(cpu::find_form(table, form));
    on_each_target([&] { expect_mapped({table}, 5000, 9); });
  }
  cpu::ByteForm form;
  EXPECT_FALSE(cpu::find_form(random_table(5), form));
  EXPECT_FALSE(cpu::find_form(table_of([](int v) { return v * 13 / 10; }), form));
}

TEST(ByteMap, FormsThatAreFoundAreRight) {
  // Every pair of pieces near every threshold: whatever is found gives the table.
  on_each_target([] {
    for (uint64_t round = 0; round < 400; round++) {
      const auto part = [&](uint64_t i) { return static_cast<int>(hash64(round, i) & 255); };
      const ByteTable table = table_of([&](int v) {
        const bool next = v >= part(0);
        const int x = (part(next ? 1 : 2) & 1 ? 255 - v : v) + part(next ? 3 : 4) - 128;
        return part(5) == 0 && v == part(6) ? part(7) : x;
      });
      expect_mapped({table}, 1200, round);
    }
  });
}

TEST(ByteStatistics, CountEveryByte) {
  on_each_target([] {
    for (int64_t blocks : {0, 1, 2, 31, 257}) {
      const auto in = random_bytes(static_cast<size_t>(blocks) * cpu::kStatisticsBlock + 1, 3);
      std::array<uint8_t, cpu::kStatisticsBlock> low, high;
      std::array<uint16_t, cpu::kStatisticsBlock> sums;
      low.fill(200), high.fill(100);
      cpu::block_extrema(in.data() + 1, blocks, low.data(), high.data());
      cpu::block_sums(in.data() + 1, blocks, sums.data());
      for (size_t k = 0; k < low.size(); k++) {
        int lo = 200, hi = 100, sum = 0;
        for (size_t b = 0; b < static_cast<size_t>(blocks); b++) {
          const int v = in[b * low.size() + k + 1];
          lo = std::min(lo, v), hi = std::max(hi, v), sum += v;
        }
        ASSERT_EQ(low[k], lo);
        ASSERT_EQ(high[k], hi);
        ASSERT_EQ(sums[k], sum);
      }
    }
  });
}

TEST(ThreeChannels, SplitAndJoin) {
  on_each_target([] {
    for (size_t n : {0, 1, 31, 32, 33, 64, 100, 511}) {
      const auto in = random_bytes(3 * n + 1, n);
      std::array<std::vector<uint8_t>, 3> planes;
      for (auto& p : planes) p.assign(n + 4, 0xA5);
      cpu::split_channels(in.data() + 1, static_cast<int64_t>(n),
                          {planes[0].data(), planes[1].data(), planes[2].data()});
      for (size_t c = 0; c < 3; c++)
        for (size_t i = 0; i < n + 4; i++)
          ASSERT_EQ(planes[c][i], i < n ? in[3 * i + c + 1] : 0xA5) << n;
      std::vector<uint8_t> out(3 * n + 4, 0xA5);
      cpu::join_channels({planes[0].data(), planes[1].data(), planes[2].data()},
                         static_cast<int64_t>(n), out.data());
      ASSERT_TRUE(std::equal(in.begin() + 1, in.end(), out.begin()));
      for (size_t i = 3 * n; i < out.size(); i++) ASSERT_EQ(out[i], 0xA5);
    }
  });
}

TEST(StridedBytes, EveryThirdByteForwardsAndBackwards) {
  const Affine affine{123.7f, 0.017f, -0.25f};
  on_each_target([&] {
    for (int64_t n : {1, 2, 15, 16, 17, 18, 33, 100, 224})
      for (int64_t channel : {0, 1, 2})
        for (int64_t step : {3, -3}) {
          // Memory of exactly the pixels: sanitizers see a step too far.
          const std::vector<uint8_t> in = random_bytes(static_cast<size_t>(3 * n), 8);
          const uint8_t* from = in.data() + channel + (step > 0 ? 0 : 3 * (n - 1));
          std::vector<float> out(static_cast<size_t>(n + 4), 77);
          cpu::normalize_channel(from, step, affine, out.data(), n);
          for (int64_t i = 0; i < n; i++)
            ASSERT_EQ(
                out[static_cast<size_t>(i)],
                (static_cast<float>(from[i * step]) - affine.mean) * affine.factor + affine.shift)
                << i << " of " << n << " step " << step;
          for (int64_t i = n; i < n + 4; i++) ASSERT_EQ(out[static_cast<size_t>(i)], 77);
        }
  });
}

TEST(StridedBytes, ReversesPixels) {
  on_each_target([] {
    for (int64_t n : {1, 4, 5, 6, 11, 31, 224}) {
      const std::vector<uint8_t> in = random_bytes(static_cast<size_t>(3 * n), 8);
      std::vector<uint8_t> out(static_cast<size_t>(3 * n + 4), 0xA5);
      cpu::reverse_pixels(in.data() + 3 * (n - 1), out.data(), n);
      for (int64_t i = 0; i < 3 * n + 4; i++)
        ASSERT_EQ(out[static_cast<size_t>(i)],
                  i < 3 * n ? in[static_cast<size_t>(3 * (n - 1 - i / 3) + i % 3)] : 0xA5)
            << i << " of " << n;
    }
  });
}

TEST(RoundByte, EqualsRoundTo) {
  const auto check = [](float x) {
    ASSERT_EQ(cpu::round_byte(x), round_to<uint8_t>(x)) << std::hexfloat << x;
  };
  for (float x : {NAN, INFINITY, -INFINITY, -0.0f, 1e30f, -1e30f, 0x1p-149f}) check(x);
  for (int half = -4; half < 530; half++) {  // around every whole number and every tie
    float below = static_cast<float>(half) / 2, above = below;
    for (int i = 0; i < 50; i++) {
      check(below), check(above);
      below = std::nextafter(below, -INFINITY), above = std::nextafter(above, INFINITY);
    }
  }
  for (uint32_t i = 0; i < 300000; i++) check(static_cast<float>(hash64(i) % 70000) / 251.0f - 10);
}

TEST(Point, DriverEqualsReference) {
  const std::pair<const char*, ArgMap> ops[] = {
      {"brightness", {{"brightness", 1.37}, {"brightness_shift", -0.1}}},
      {"contrast", {{"contrast", 0.63}}},
      {"_posterize", {{"mask", int64_t{0xF0}}}},
      {"_solarize", {{"threshold", 100.0}}},
      {"_solarize_add", {{"shift", int64_t{90}}}},
      {"_invert", {}},
      {"_color", {{"factor", 0.37}}},
      {"_color", {{"factor", 1.9}}},
      {"color_twist", {{"hue", 40.0}, {"saturation", 1.3}, {"contrast", 1.2}}},
      {"hsv", {{"hue", -70.0}, {"value", 1.4}}}};
  for (const auto& [name, args] : ops)
    for (const Shape& shape : {Shape{1, 1, 3}, {7, 9, 3}, {61, 47, 3}, {2, 300, 3}}) {
      const Tensor image = test::noise(DType::Uint8, shape, "HWC");
      std::vector<std::byte> expected;
      on_each_target([&] {
        PlannedOp op(name, image, args);
        ASSERT_TRUE(op.status().ok()) << op.status().failure().message;
        if (expected.empty()) expected = test::bytes(op.run(reference::run_point));
        EXPECT_EQ(test::bytes(op.run(cpu::run_point)), expected) << name << " " << shape.text();
      });
    }
}

}  // namespace
}  // namespace vg
