// Random numbers as a pure function of (key, counter): Philox4x32-10 of Salmon et al., "Parallel
// Random Numbers: As Easy as 1, 2, 3" (2011). No generator has a state that could be saved, locked
// or got wrong.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace vg {

using PhiloxBlock = std::array<uint32_t, 4>;

constexpr PhiloxBlock philox4x32(PhiloxBlock c, std::array<uint32_t, 2> k) {
  for (int round = 0; round < 10; round++) {
    const uint64_t a = uint64_t{0xD2511F53} * c[0];
    const uint64_t b = uint64_t{0xCD9E8D57} * c[2];
    c = {static_cast<uint32_t>(b >> 32) ^ c[1] ^ k[0], static_cast<uint32_t>(b),
         static_cast<uint32_t>(a >> 32) ^ c[3] ^ k[1], static_cast<uint32_t>(a)};
    k[0] += 0x9E3779B9;
    k[1] += 0xBB67AE85;
  }
  return c;
}

/// Spreads the bits of `x` over all 64 (a bijection: the finaliser of SplitMix64).
constexpr uint64_t hash64(uint64_t x) {
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
  return x ^ (x >> 31);
}

/// Hash of a pair, not symmetric: chain it to hash more.
constexpr uint64_t hash64(uint64_t a, uint64_t b) {
  return hash64(hash64(a + 0x9E3779B97F4A7C15) ^ b);
}

constexpr uint64_t hash64(uint64_t seed, std::string_view text) {
  uint64_t h = hash64(seed, text.size());
  for (char c : text) h = hash64(h, static_cast<uint8_t>(c));
  return h;
}

/// [0, 1), a multiple of 2^-32.
constexpr double uniform01(uint32_t u) { return u * 0x1p-32; }

/// [0, 1), a multiple of 2^-53.
constexpr double uniform01(uint32_t high, uint32_t low) {
  return static_cast<double>((uint64_t{high} << 32 | low) >> 11) * 0x1p-53;
}

/// An integer of [0, n); n up to 2^32. The bias, below n / 2^32, is not measurable for image
/// extents.
constexpr uint32_t uniform_below(uint32_t u, uint64_t n) {
  return static_cast<uint32_t>((u * n) >> 32);
}

/// Whose numbers are drawn: a sample in an epoch.
struct SampleKey {
  uint64_t sample_id = 0;
  uint32_t epoch = 0;
};

/// What is drawn: hash64(seed, draw id).
struct DrawKey {
  uint64_t key = 0;

  /// Four numbers; elements and retries of one draw count `index`.
  constexpr PhiloxBlock block(uint32_t index, const SampleKey& sample) const {
    return philox4x32({index, sample.epoch, static_cast<uint32_t>(sample.sample_id),
                       static_cast<uint32_t>(sample.sample_id >> 32)},
                      {static_cast<uint32_t>(key), static_cast<uint32_t>(key >> 32)});
  }
};

/// The numbers of one draw of one sample in their order, where a draw needs more than one block.
class DrawStream {
 public:
  constexpr DrawStream(DrawKey key, const SampleKey& sample) : key_(key), sample_(sample) {}

  constexpr uint32_t next_u32() {
    if (used_ == 4) {
      block_ = key_.block(index_++, sample_);
      used_ = 0;
    }
    return block_[used_++];
  }
  /// [0, 1) with 53 random bits.
  constexpr double operator()() {
    const uint32_t high = next_u32();
    return uniform01(high, next_u32());
  }

 private:
  DrawKey key_;
  SampleKey sample_;
  PhiloxBlock block_{};
  uint32_t index_ = 0;
  uint32_t used_ = 4;
};

}  // namespace vg
