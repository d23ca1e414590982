// Extrema, sums and histograms of bytes.
#include "cpu/byte_statistics.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "cpu/byte_statistics.cpp"
#include "cpu/each_target.h"
#include "cpu/vectors.h"

#ifndef VG_STATISTICS_KERNELS
#define VG_STATISTICS_KERNELS
namespace vg::cpu {
namespace {

struct StatisticsKernels {
  void (*extrema)(const uint8_t* data, int64_t blocks, uint8_t* low, uint8_t* high);
  void (*sums)(const uint8_t* data, int64_t blocks, uint16_t* sums);
};

}  // namespace
}  // namespace vg::cpu
#endif

#if VG_HAS_VECTORS
HWY_BEFORE_NAMESPACE();
namespace vg::cpu::HWY_NAMESPACE {
namespace {

constexpr int kBlock = kStatisticsBlock;
static_assert(kBlock % 32 == 0);

void extrema(const uint8_t* data, int64_t blocks, uint8_t* low, uint8_t* high) {
  const hn::CappedTag<uint8_t, 32> d;
  constexpr int kLanes = hn::MaxLanes(d), kVectors = kBlock / kLanes;
  hn::Vec<decltype(d)> lo[kVectors], hi[kVectors];
  for (int k = 0; k < kVectors; k++) {
    lo[k] = hn::LoadU(d, low + k * kLanes);
    hi[k] = hn::LoadU(d, high + k * kLanes);
  }
  for (int64_t b = 0; b < blocks; b++, data += kBlock)
    for (int k = 0; k < kVectors; k++) {
      const auto v = hn::LoadU(d, data + k * kLanes);
      lo[k] = hn::Min(lo[k], v);
      hi[k] = hn::Max(hi[k], v);
    }
  for (int k = 0; k < kVectors; k++) {
    hn::StoreU(lo[k], d, low + k * kLanes);
    hn::StoreU(hi[k], d, high + k * kLanes);
  }
}

void sums(const uint8_t* data, int64_t blocks, uint16_t* to) {
  const hn::CappedTag<uint16_t, 32> d;
  const hn::Rebind<uint8_t, decltype(d)> bytes;
  constexpr int kLanes = hn::MaxLanes(d), kVectors = kBlock / kLanes;
  hn::Vec<decltype(d)> sum[kVectors];
  for (int k = 0; k < kVectors; k++) sum[k] = hn::Zero(d);
  for (int64_t b = 0; b < blocks; b++, data += kBlock)
    for (int k = 0; k < kVectors; k++)
      sum[k] = hn::Add(sum[k], hn::PromoteTo(d, hn::LoadU(bytes, data + k * kLanes)));
  for (int k = 0; k < kVectors; k++) hn::StoreU(sum[k], d, to + k * kLanes);
}

}  // namespace

constexpr StatisticsKernels kStatistics{&extrema, &sums};

}  // namespace vg::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif

#if HWY_ONCE
namespace vg::cpu {
namespace {

constexpr int kBlock = kStatisticsBlock;

const StatisticsKernels* kernels() { VG_RETURN_KERNELS(kStatistics); }

/// Tables is 0 where the compiler need not know their number.
template <int Tables>
void count(const uint8_t* data, int64_t n, int tables, uint32_t* to) {
  const int step = Tables ? Tables : tables;
  int64_t i = 0;
  for (; i + step <= n; i += step)
    for (int t = 0; t < step; t++) to[256 * t + data[i + t]]++;
  for (int t = 0; i + t < n; t++) to[256 * t + data[i + t]]++;
}

}  // namespace

void block_extrema(const uint8_t* data, int64_t blocks, uint8_t* low, uint8_t* high) {
  if (const auto* vectors = kernels()) return vectors->extrema(data, blocks, low, high);
  for (int64_t b = 0; b < blocks; b++, data += kBlock)
    for (int k = 0; k < kBlock; k++) {
      low[k] = std::min(low[k], data[k]);
      high[k] = std::max(high[k], data[k]);
    }
}

void block_sums(const uint8_t* data, int64_t blocks, uint16_t* sums) {
  if (const auto* vectors = kernels()) return vectors->sums(data, blocks, sums);
  std::fill_n(sums, kBlock, uint16_t{0});
  for (int64_t b = 0; b < blocks; b++, data += kBlock)
    for (int k = 0; k < kBlock; k++) sums[k] = static_cast<uint16_t>(sums[k] + data[k]);
}

void count_bytes(const uint8_t* data, int64_t n, int tables, uint32_t* to) {
  if (tables == 4) return count<4>(data, n, tables, to);
  if (tables == 6) return count<6>(data, n, tables, to);
  count<0>(data, n, tables, to);
}

}  // namespace vg::cpu
#endif
