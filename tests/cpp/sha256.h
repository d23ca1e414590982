// SHA-256 of bytes, for records that keep only a hash of their result.
#pragma once

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <span>
#include <string>
#include <vector>

namespace vg::golden {

inline std::string sha256(std::span<const std::byte> data) {
  // The constants are the first 32 bits of the fractions of the roots of the first primes.
  std::array<uint32_t, 64> k{};
  std::array<uint32_t, 8> h{};
  for (uint32_t n = 2, count = 0; count < 64; n++) {
    bool prime = true;
    for (uint32_t d = 2; d * d <= n; d++) prime &= n % d != 0;
    if (!prime) continue;
    const auto bits = [](long double x) {
      return static_cast<uint32_t>((x - std::floor(x)) * 4294967296.0L);
    };
    if (count < 8) h[count] = bits(std::sqrt(static_cast<long double>(n)));
    k[count++] = bits(std::cbrt(static_cast<long double>(n)));
  }
  std::vector<uint8_t> m;
  for (std::byte b : data) m.push_back(std::to_integer<uint8_t>(b));
  m.push_back(0x80);
  while (m.size() % 64 != 56) m.push_back(0);
  for (int shift = 56; shift >= 0; shift -= 8)
    m.push_back(static_cast<uint8_t>(data.size() * 8 >> shift));
  for (size_t at = 0; at < m.size(); at += 64) {
    std::array<uint32_t, 64> w{};
    for (size_t i = 0; i < 16; i++)
      for (size_t j = 0; j < 4; j++) w[i] = w[i] << 8 | m[at + 4 * i + j];
    for (size_t i = 16; i < 64; i++) {
      const uint32_t a = w[i - 15], b = w[i - 2];
      w[i] = w[i - 16] + w[i - 7] + (std::rotr(a, 7) ^ std::rotr(a, 18) ^ a >> 3) +
             (std::rotr(b, 17) ^ std::rotr(b, 19) ^ b >> 10);
    }
    auto v = h;
    for (size_t i = 0; i < 64; i++) {
      const uint32_t e = v[4], a = v[0];
      const uint32_t t1 = v[7] + (std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25)) +
                          ((e & v[5]) ^ (~e & v[6])) + k[i] + w[i];
      const uint32_t t2 = (std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22)) +
                          ((a & v[1]) ^ (a & v[2]) ^ (v[1] & v[2]));
      v = {t1 + t2, v[0], v[1], v[2], v[3] + t1, v[4], v[5], v[6]};
    }
    for (size_t i = 0; i < 8; i++) h[i] += v[i];
  }
  std::string text;
  for (uint32_t part : h) {
    char digits[9];
    std::snprintf(digits, sizeof digits, "%08x", part);
    text += digits;
  }
  return text;
}

}  // namespace vg::golden
