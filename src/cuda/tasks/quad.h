// Four neighbouring pixels of a uint8 image as words: what a thread of the image tasks works on.
#pragma once

#include "core/round.h"
#include "cuda/task.h"

namespace vg::cuda {

/// A pixel in the low bytes of a word: r | g << 8 | b << 16, or the one value of a grey image.
using Pixel = uint32_t;

/// The bits from `shift` on of the 64 bits high:low; shift is below 32.
VG_FN uint32_t funnel(uint32_t low, uint32_t high, uint32_t shift) {
#if defined(__CUDA_ARCH__)
  return __funnelshift_r(low, high, shift);
#else
  return static_cast<uint32_t>((uint64_t{high} << 32 | low) >> shift);
#endif
}

/// Four of the eight bytes high:low, the first wanted one in the lowest digit of `selector`.
VG_FN uint32_t bytes_of(uint32_t low, uint32_t high, uint32_t selector) {
#if defined(__CUDA_ARCH__)
  return __byte_perm(low, high, selector);
#else
  const uint64_t all = uint64_t{high} << 32 | low;
  uint32_t picked = 0;
  for (int i = 0; i < 4; i++)
    picked |= static_cast<uint32_t>(all >> 8 * (selector >> 4 * i & 7) & 255u) << 8 * i;
  return picked;
#endif
}

/// sum + first weight * first byte + second weight * second byte, of one half of a word.
template <int half>
VG_FN int32_t dot_of_two(int32_t sum, uint32_t weights, uint32_t bytes) {
#if defined(__CUDA_ARCH__)
  if constexpr (half == 0)
    asm("dp2a.lo.s32.u32 %0, %1, %2, %0;" : "+r"(sum) : "r"(weights), "r"(bytes));
  else
    asm("dp2a.hi.s32.u32 %0, %1, %2, %0;" : "+r"(sum) : "r"(weights), "r"(bytes));
  return sum;
#else
  const uint32_t two = bytes >> 16 * half;
  return sum + static_cast<int16_t>(weights) * static_cast<int32_t>(two & 255u) +
         static_cast<int16_t>(weights >> 16) * static_cast<int32_t>(two >> 8 & 255u);
#endif
}

VG_FN uint32_t byte_of(uint32_t word, int i) { return word >> (8 * i) & 255u; }

/// Words of memory around any address. Nothing is read but words that hold a wanted byte.
struct Words {
  const uint32_t* word;
  uint32_t shift;
  // By subtraction, not by a mask: a compiler that knows which memory `p` points to goes on
  // knowing.
  VG_FN explicit Words(const uint8_t* p)
      : word(reinterpret_cast<const uint32_t*>(p - (reinterpret_cast<uintptr_t>(p) & 3))),
        shift(8 * static_cast<uint32_t>(reinterpret_cast<uintptr_t>(p) & 3)) {}
  /// `bytes` bytes as words of four; the rest of the last word is not defined.
  template <int bytes>
  VG_FN void read(uint32_t* to) const {
    constexpr int kWords = (bytes + 3) / 4;
    constexpr uint32_t kLast = 8 * (4 * kWords - bytes);  // bits of the last word that nobody wants
    uint32_t low = word[0];
    for (int i = 0; i < kWords; i++) {
      const bool needed = i + 1 < kWords || shift > kLast;
      const uint32_t high = needed ? word[i + 1] : 0;
      to[i] = funnel(low, high, shift);
      low = high;
    }
  }
};

/// The four pixels from an address on; Channels is 1 or 3.
template <int Channels>
VG_FN void load_quad(const uint8_t* from, Pixel* to) {
  uint32_t w[Channels];
  Words(from).template read<4 * Channels>(w);
  if constexpr (Channels == 1) {
    for (int i = 0; i < 4; i++) to[i] = byte_of(w[0], i);
  } else {
    to[0] = w[0] & 0xFFFFFFu;
    to[1] = funnel(w[0], w[1], 24) & 0xFFFFFFu;
    to[2] = funnel(w[1], w[2], 16) & 0xFFFFFFu;
    to[3] = w[2] >> 8;
  }
}

template <int Channels>
VG_FN Pixel load_pixel(const uint8_t* from) {
  if constexpr (Channels == 1) return from[0];
  uint32_t w;
  Words(from).template read<3>(&w);
  return w & 0xFFFFFFu;
}

/// The same for `n` of four pixels.
template <int Channels>
VG_FN void load_pixels(const uint8_t* from, int n, Pixel* to) {
  if (n == 4)
    load_quad<Channels>(from, to);
  else
    for (int i = 0; i < 4; i++)
      if (i < n) to[i] = load_pixel<Channels>(from + i * Channels);
}

/// Stores `n` of four pixels, as words where the address allows it.
template <int Channels>
VG_FN void store_quad(uint8_t* to, const Pixel* p, int n) {
  if (n == 4 && reinterpret_cast<uintptr_t>(to) % 4 == 0) {
    auto* w = reinterpret_cast<uint32_t*>(to);
    if constexpr (Channels == 1) {
      w[0] = p[0] | p[1] << 8 | p[2] << 16 | p[3] << 24;
    } else {
      w[0] = p[0] | p[1] << 24;
      w[1] = p[1] >> 8 | p[2] << 16;
      w[2] = p[2] >> 16 | p[3] << 8;
    }
    return;
  }
  for (int i = 0; i < 4; i++)
    for (int c = 0; c < Channels; c++)
      if (i < n) to[i * Channels + c] = static_cast<uint8_t>(byte_of(p[i], c));
}

/// Four values as bytes, cut off where they are outside.
VG_FN uint32_t as_bytes(int32_t a, int32_t b, int32_t c, int32_t d) {
#if defined(__CUDA_ARCH__)
  uint32_t upper, all;
  asm("cvt.pack.sat.u8.s32.b32 %0, %1, %2, 0;" : "=r"(upper) : "r"(d), "r"(c));
  asm("cvt.pack.sat.u8.s32.b32 %0, %1, %2, %3;" : "=r"(all) : "r"(b), "r"(a), "r"(upper));
  return all;
#else
  const auto byte = [](int32_t v) { return static_cast<uint32_t>(v < 0 ? 0 : v > 255 ? 255 : v); };
  return byte(a) | byte(b) << 8 | byte(c) << 16 | byte(d) << 24;
#endif
}

/// A byte as a float: through the mantissa of 2^23, since conversions run at a quarter of the rate.
VG_FN float byte_as_float(uint32_t word, int i) {
#if defined(__CUDA_ARCH__)
  return __uint_as_float(__byte_perm(word, 0x4B000000u, 0x7540 | i)) - 8388608.0f;
#else
  return static_cast<float>(byte_of(word, i));
#endif
}

/// round_to<uint8_t>, without its conversions: adding 0.5 and then 2^23, both towards zero, cuts
/// off what is behind the point; 0.49999997 + 0.5 stays below 1.
VG_FN uint32_t float_as_byte(float x) {
#if defined(__CUDA_ARCH__)
  const float inside = fminf(fmaxf(x, 0.0f), 255.0f);  // NaN becomes 0
  return __float_as_uint(__fadd_rz(__fadd_rz(inside, 0.5f), 8388608.0f)) & 255u;
#else
  return round_to<uint8_t>(x);
#endif
}

/// The same of round_even(x): ties go to even numbers, as the addition of 2^23 rounds by itself.
VG_FN uint32_t even_as_byte(float x) {
#if defined(__CUDA_ARCH__)
  return __float_as_uint(__fadd_rn(fminf(fmaxf(x, 0.0f), 255.0f), 8388608.0f)) & 255u;
#else
  return round_to<uint8_t>(round_even(x));
#endif
}

/// Two halves, the first in the low bits: together they are converted at four times the rate.
VG_FN uint32_t half_pair(float first, float second) {
#if defined(__CUDA_ARCH__)
  uint32_t bits;
  asm("cvt.rn.f16x2.f32 %0, %1, %2;" : "=r"(bits) : "f"(second), "f"(first));
  return bits;
#else
  return float_to_half(first).bits | uint32_t{float_to_half(second).bits} << 16;
#endif
}

}  // namespace vg::cuda
