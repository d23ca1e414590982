// IEEE binary16 in software: the same conversions on every target, round to nearest even, overflow
// to infinity.
#pragma once

#include <bit>
#include <cstdint>

namespace vg {

struct Half {
  uint16_t bits = 0;
  bool operator==(const Half&) const = default;
};

constexpr float half_to_float(Half h) {
  const uint32_t sign = uint32_t{h.bits & 0x8000u} << 16;
  const uint32_t magnitude = h.bits & 0x7FFFu;
  if (magnitude >= 0x7C00)  // infinity and NaN keep their fraction
    return std::bit_cast<float>(sign | 0x7F800000u | (magnitude & 0x3FFu) << 13);
  if (magnitude < 0x400)  // zero and subnormal: an integer times 2^-24, exact in float
    return std::bit_cast<float>(sign |
                                std::bit_cast<uint32_t>(static_cast<float>(magnitude) * 0x1p-24f));
  return std::bit_cast<float>(sign | ((magnitude << 13) + (112u << 23)));
}

constexpr Half float_to_half(float x) {
  const uint32_t bits = std::bit_cast<uint32_t>(x);
  const auto sign = static_cast<uint16_t>(bits >> 16 & 0x8000u);
  const uint32_t magnitude = bits & 0x7FFFFFFFu;
  if (magnitude > 0x7F800000u) return {static_cast<uint16_t>(sign | 0x7E00u)};
  if (magnitude >= 0x477FF000u) return {static_cast<uint16_t>(sign | 0x7C00u)};  // from 65520 on
  if (magnitude < 0x38800000u) {
    // Below 2^-14 the last place of the sum is 2^-24, a half's last place: the addition rounds.
    const float sum = std::bit_cast<float>(magnitude) + 0.5f;
    return {static_cast<uint16_t>(sign | (std::bit_cast<uint32_t>(sum) - 0x3F000000u))};
  }
  // 13 bits go: add just under half of the last place, one more if the kept part is odd.
  const uint32_t rounded = magnitude + 0xFFFu + (magnitude >> 13 & 1u);
  return {static_cast<uint16_t>(sign | (rounded - (112u << 23)) >> 13)};
}

/// In one rounding: the float on the way is rounded to odd, so that it remembers what was cut off.
constexpr Half double_to_half(double x) {
  float f = static_cast<float>(x);
  if (f == f && static_cast<double>(f) != x) {
    uint32_t bits = std::bit_cast<uint32_t>(f);
    const bool grew = f < 0 ? static_cast<double>(f) < x : static_cast<double>(f) > x;
    bits = (grew ? bits - 1 : bits) | 1u;  // toward zero, then odd
    f = std::bit_cast<float>(bits);
  }
  return float_to_half(f);
}

}  // namespace vg
