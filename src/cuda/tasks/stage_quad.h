// What a stage does with four neighbouring pixels of its output: fetch, look up, store.
#pragma once

#include "cuda/tasks/stage.h"

namespace vg::cuda {

/// Pixels `first` to `first + n` of an output in the order of rows; (x, y) is where the first lies.
struct QuadPlace {
  int first, x, y, n;
};

VG_FN QuadPlace quad_place(const ImageStage& g, int first) {
  const int y = static_cast<int>(static_cast<uint32_t>(first) / static_cast<uint32_t>(g.width));
  const int left = g.pixels() - first;
  return {first, first - y * g.width, y, left < 4 ? left : 4};
}

template <int Channels>
VG_FN Pixel warp_tap(const ImageStage& g, const uint8_t* in, int u, int v) {
  const int w = g.in_width, h = g.in_height;
  if (u < 0 || u >= w || v < 0 || v >= h) {
    if (!g.clamp) return g.fill * (Channels == 3 ? 0x010101u : 1u);
    u = u < 0 ? 0 : u >= w ? w - 1 : u;
    v = v < 0 ? 0 : v >= h ? h - 1 : v;
  }
  return load_pixel<Channels>(in + (v * w + u) * Channels);
}

/// One channel of four neighbours (a c in a row, d e below), with the weights of a pixel.
VG_FN uint32_t blend(const Bilinear<uint8_t, uint8_t>& b, Pixel a, Pixel c, Pixel d, Pixel e,
                     int channel) {
#if defined(__CUDA_ARCH__)
  const uint32_t lo = __byte_perm(a, c, channel | (4 + channel) << 4);
  const uint32_t hi = __byte_perm(d, e, channel | (4 + channel) << 4);
  int32_t sum = 8192;
  asm("dp2a.lo.s32.u32 %0, %1, %2, %0;" : "+r"(sum) : "r"(b.wa | b.wb << 16), "r"(lo));
  asm("dp2a.lo.s32.u32 %0, %1, %2, %0;" : "+r"(sum) : "r"(b.wc | b.wd << 16), "r"(hi));
  return static_cast<uint32_t>(sum >> 14);
#else
  return b(static_cast<int32_t>(byte_of(a, channel)), static_cast<int32_t>(byte_of(c, channel)),
           static_cast<int32_t>(byte_of(d, channel)), static_cast<int32_t>(byte_of(e, channel)));
#endif
}

template <int Channels>
VG_FN Pixel warped(const ImageStage& g, const uint8_t* in, WarpPoint at) {
  const int u = static_cast<int>(at.u >> 32), v = static_cast<int>(at.v >> 32);
  if (g.nearest) return warp_tap<Channels>(g, in, u, v);
  const int w = g.in_width, h = g.in_height;
  Pixel a, b, c, d;
  if (u >= 0 && u + 1 < w && v >= 0 && v + 1 < h) {
    const uint8_t* p = in + (v * w + u) * Channels;
    uint32_t top[2], below[2];
    Words(p).read<2 * Channels>(top);
    Words(p + w * Channels).read<2 * Channels>(below);
    a = top[0], c = below[0];
    b = Channels == 3 ? funnel(top[0], top[1], 24) : top[0] >> 8;
    d = Channels == 3 ? funnel(below[0], below[1], 24) : below[0] >> 8;
  } else if (!g.clamp && (u < -1 || u >= w || v < -1 || v >= h)) {
    return g.fill * (Channels == 3 ? 0x010101u : 1u);  // the weights sum to one
  } else {
    a = warp_tap<Channels>(g, in, u, v), b = warp_tap<Channels>(g, in, u + 1, v);
    c = warp_tap<Channels>(g, in, u, v + 1), d = warp_tap<Channels>(g, in, u + 1, v + 1);
  }
  const Bilinear<uint8_t, uint8_t> weights(at);
  Pixel p = 0;
  for (int ch = 0; ch < Channels; ch++) p |= blend(weights, a, b, c, d, ch) << (8 * ch);
  return p;
}

template <int Channels>
VG_FN void warp_quad(const ImageStage& g, const uint8_t* in, QuadPlace q, Pixel* p) {
  if (q.x + 4 <= g.width && q.n == 4 && !g.steps.far) {  // steps add up, in wrap-around arithmetic
    WarpPoint at = warp_point(g.steps, q.x, q.y);
    for (int k = 0; k < 4; k++) {
      p[k] = warped<Channels>(g, in, at);
      at.u =
          static_cast<int64_t>(static_cast<uint64_t>(at.u) + static_cast<uint64_t>(g.steps.dx.u));
      at.v =
          static_cast<int64_t>(static_cast<uint64_t>(at.v) + static_cast<uint64_t>(g.steps.dx.v));
    }
    return;
  }
  for (int k = 0; k < 4; k++) {
    if (k < q.n) p[k] = warped<Channels>(g, in, warp_point(g.steps, q.x, q.y));
    if (++q.x == g.width) q.x = 0, q.y++;
  }
}

template <int Channels>
VG_FN Pixel filtered(const ImageStage& g, const uint8_t* in, int x, int y) {
  float sum[3] = {0, 0, 0};
  for (int j = 0; j < 3; j++) {
    const int row = border_index(g.border, y + j - 1, g.in_height);
    for (int i = 0; i < 3; i++) {
      const int column = border_index(g.border, x + i - 1, g.in_width);
      const float k = g.kernel[3 * j + i];
      const bool inside = row >= 0 && column >= 0;
      const Pixel p =
          inside ? load_pixel<Channels>(in + (row * g.in_width + column) * Channels) : 0;
      for (int ch = 0; ch < Channels; ch++)
        sum[ch] += k * (inside ? byte_as_float(p, ch) : g.stencil_fill);
    }
  }
  Pixel p = 0;
  for (int ch = 0; ch < Channels; ch++) p |= float_as_byte(round_even(sum[ch])) << (8 * ch);
  return p;
}

template <int Channels>
VG_FN void filter_quad(const ImageStage& g, const uint8_t* in, QuadPlace q, Pixel* p) {
  if (q.n < 4 || q.x + 4 > g.width) {
    for (int k = 0; k < 4; k++) {
      if (k < q.n) p[k] = filtered<Channels>(g, in, q.x, q.y);
      if (++q.x == g.width) q.x = 0, q.y++;
    }
    return;
  }
  // The sums of all values together, a row of six pixels after another: the order of `filtered`. At
  // the image's edge a quad does the same as elsewhere, or it would keep its neighbours waiting.
  constexpr int kSums = 4 * Channels;
  float sum[kSums];
  for (float& s : sum) s = 0;
  const int left = border_index(g.border, q.x - 1, g.in_width);
  const int right = border_index(g.border, q.x + 4, g.in_width);
  for (int j = 0; j < 3; j++) {
    const int y = border_index(g.border, q.y + j - 1, g.in_height);
    const uint8_t* row = in + y * g.in_width * Channels;
    Pixel six[6] = {0, 0, 0, 0, 0, 0};
    if (y >= 0) {
      load_quad<Channels>(row + q.x * Channels, six + 1);
      if (left >= 0) six[0] = load_pixel<Channels>(row + left * Channels);
      if (right >= 0) six[5] = load_pixel<Channels>(row + right * Channels);
    }
    float value[6 * Channels];
    for (int i = 0; i < 6; i++)
      for (int ch = 0; ch < Channels; ch++) value[i * Channels + ch] = byte_as_float(six[i], ch);
    for (int ch = 0; ch < Channels; ch++) {
      if (y < 0)
        for (int i = 0; i < 6; i++) value[i * Channels + ch] = g.stencil_fill;
      if (left < 0) value[ch] = g.stencil_fill;
      if (right < 0) value[5 * Channels + ch] = g.stencil_fill;
    }
    for (int i = 0; i < 3; i++) {
      const float k = g.kernel[3 * j + i];
      for (int o = 0; o < kSums; o++) sum[o] += k * value[o + i * Channels];
    }
  }
  for (int k = 0; k < 4; k++) {
    p[k] = 0;
    for (int ch = 0; ch < Channels; ch++)
      p[k] |= float_as_byte(round_even(sum[k * Channels + ch])) << (8 * ch);
  }
}

/// Four values side by side, as they are stored.
struct FourHalves {
  using Element = uint16_t;
  alignas(8) uint32_t pair[2];
  VG_FN explicit FourHalves(const float* v) : pair{half_pair(v[0], v[1]), half_pair(v[2], v[3])} {}
  VG_FN uint16_t operator[](int i) const {
    return static_cast<uint16_t>(pair[i / 2] >> (i % 2 * 16));
  }
};
struct FourFloats {
  using Element = float;
  alignas(16) float value[4];
  VG_FN explicit FourFloats(const float* v) : value{v[0], v[1], v[2], v[3]} {}
  VG_FN float operator[](int i) const { return value[i]; }
};

template <int Channels, class Four>
VG_FN void store_normalised(const ImageStage& g, std::byte* out, QuadPlace q, const Pixel* p) {
  using T = typename Four::Element;
  const bool whole = q.n == 4 && q.x + 4 <= g.width, turned = g.mirror && whole;
  const Pixel pixel[4] = {turned ? p[3] : p[0], turned ? p[2] : p[1], turned ? p[1] : p[2],
                          turned ? p[0] : p[3]};
  const int first = turned ? q.first + g.width - 4 - 2 * q.x : q.first;
  for (int ch = 0; ch < Channels; ch++) {
    float value[4];
    for (int k = 0; k < 4; k++)
      value[k] = (byte_as_float(pixel[k], ch) - g.mean[ch]) * g.factor[ch] + g.shift[ch];
    const Four four(value);
    T* to = reinterpret_cast<T*>(out) + (g.planar ? int64_t{ch} * g.pixels() : ch);
    const int step = g.planar ? 1 : Channels;
    if (g.planar && whole && reinterpret_cast<uintptr_t>(to + first) % sizeof(Four) == 0) {
      *reinterpret_cast<Four*>(to + first) = four;
      continue;
    }
    int x = q.x, row = q.first - q.x;
    for (int k = 0; k < 4; k++) {
      const int at = g.mirror && !turned ? row + g.width - 1 - x : first + k;
      if (k < q.n) to[int64_t{at} * step] = four[k];
      if (++x == g.width) x = 0, row += g.width;
    }
  }
}

/// The four pixels from which a quad of the output is made.
template <int Channels>
VG_FN void fetch_quad(const ImageStage& g, const uint8_t* in, QuadPlace q, Pixel* p) {
  if (g.head == Head::None)
    load_pixels<Channels>(in + q.first * Channels, q.n, p);
  else if (g.head == Head::Warp)
    warp_quad<Channels>(g, in, q, p);
  else
    filter_quad<Channels>(g, in, q, p);
}

/// ... and what becomes of them.
template <int Channels>
VG_FN void finish_quad(const ImageStage& g, const StageTables& s, std::byte* out, QuadPlace q,
                       Pixel* p) {
  if (g.tables) {
    for (int k = 0; k < 4; k++) {
      Pixel looked_up = 0;
      for (int ch = 0; ch < Channels; ch++)
        looked_up |= uint32_t{s.table[ch][byte_of(p[k], ch)]} << (8 * ch);
      p[k] = looked_up;
    }
  } else if (g.points > 0) {
    pixels_through_points(g, p);
  }
  if (g.store == Store::Bytes)
    store_quad<Channels>(reinterpret_cast<uint8_t*>(out) + q.first * Channels, p, q.n);
  else if (g.store == Store::Half)
    store_normalised<Channels, FourHalves>(g, out, q, p);
  else
    store_normalised<Channels, FourFloats>(g, out, q, p);
}

}  // namespace vg::cuda
