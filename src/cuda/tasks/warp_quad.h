// Four neighbouring pixels of a warped image.
#pragma once

#include "cuda/tasks/stage.h"

namespace vg::cuda {

template <int Channels>
VG_FN Pixel fill_pixel(const ImageStage& g) {
  return g.fill * (Channels == 3 ? 0x010101u : 1u);
}

template <int Channels>
VG_FN Pixel warp_tap(const ImageStage& g, const uint8_t* in, int u, int v) {
  const int w = g.in_width, h = g.in_height;
  if (u < 0 || u >= w || v < 0 || v >= h) {
    if (!g.clamp) return fill_pixel<Channels>(g);
    u = u < 0 ? 0 : u >= w ? w - 1 : u;
    v = v < 0 ? 0 : v >= h ? h - 1 : v;
  }
  return load_pixel<Channels>(in + (v * w + u) * Channels);
}

/// The weights of a pixel's four neighbours (a b above, c d below), two to a word.
struct BlendWeights {
  uint32_t above, below;
  VG_FN explicit BlendWeights(WarpPoint at) {
    const Bilinear<uint8_t, uint8_t> b(at);
    above = static_cast<uint32_t>(b.wa | b.wb << 16);
    below = static_cast<uint32_t>(b.wc | b.wd << 16);
  }
};

/// `Pixels` neighbouring pixels with the same weights, from rows of one pixel more, in words.
template <int Channels, int Pixels>
VG_FN void blend(BlendWeights b, const uint32_t* above, const uint32_t* below, Pixel* p) {
  constexpr int kValues = Channels * Pixels;
  VG_UNROLL
  for (int i = 0; i < Pixels; i++) p[i] = 0;
  // A byte and its right neighbour's, for two values at a time: within eight bytes.
  VG_UNROLL
  for (int j = 0; j < kValues; j += 2) {
    constexpr uint32_t kNext = Channels;
    const auto at = static_cast<uint32_t>(j % 4);
    const uint32_t selector = at | (at + kNext) << 4 | (at + 1) << 8 | (at + 1 + kNext) << 12;
    constexpr int kWords = (Channels * (Pixels + 1) + 3) / 4;
    const int k = j / 4, after = k + 1 < kWords ? k + 1 : k;
    const uint32_t top = bytes_of(above[k], above[after], selector);
    const uint32_t bottom = bytes_of(below[k], below[after], selector);
    const int32_t first = dot_of_two<0>(dot_of_two<0>(8192, b.above, top), b.below, bottom);
    p[j / Channels] |= static_cast<uint32_t>(first >> 14) << (8 * (j % Channels));
    if (j + 1 == kValues) break;
    const int32_t second = dot_of_two<1>(dot_of_two<1>(8192, b.above, top), b.below, bottom);
    p[(j + 1) / Channels] |= static_cast<uint32_t>(second >> 14) << (8 * ((j + 1) % Channels));
  }
}

/// Two rows of two pixels of which some lie outside: the nearest ones inside are moved to their
/// place. The image has two pixels in each direction at least.
template <int Channels>
VG_FN void read_at_edge(const ImageStage& g, const uint8_t* in, int u, int v, uint32_t* above,
                        uint32_t* below) {
  constexpr int kBits = 8 * Channels, kWords = (2 * Channels + 3) / 4;
  constexpr uint64_t kPixel = (uint64_t{1} << kBits) - 1;
  const int w = g.in_width, h = g.in_height;
  const int x = u < 0 ? 0 : u > w - 2 ? w - 2 : u, y = v < 0 ? 0 : v > h - 2 ? h - 2 : v;
  const uint64_t fill = fill_pixel<Channels>(g);
  const auto row = [&](int at) {
    uint32_t word[2] = {0, 0};
    Words(in + (at * w + x) * Channels).template read<2 * Channels>(word);
    uint64_t two = uint64_t{word[1]} << 32 | word[0];
    const uint64_t edge = u < 0 ? two & kPixel : two >> kBits & kPixel;
    const uint64_t outer = g.clamp ? edge : fill;
    if (u < 0) two = edge << kBits | outer;
    if (u > w - 2) two = outer << kBits | edge;
    return two;
  };
  uint64_t first = row(y), second = row(y + 1);
  const uint64_t outer = fill << kBits | fill;
  if (v < 0) second = first, first = g.clamp ? first : outer;
  if (v > h - 2) first = second, second = g.clamp ? second : outer;
  above[0] = static_cast<uint32_t>(first), below[0] = static_cast<uint32_t>(second);
  if constexpr (kWords > 1) {
    above[1] = static_cast<uint32_t>(first >> 32);
    below[1] = static_cast<uint32_t>(second >> 32);
  }
}

template <int Channels>
VG_FN Pixel warped(const ImageStage& g, const uint8_t* in, WarpPoint at) {
  const int u = static_cast<int>(at.u >> 32), v = static_cast<int>(at.v >> 32);
  if (g.nearest) return warp_tap<Channels>(g, in, u, v);
  const int w = g.in_width, h = g.in_height;
  constexpr int kWords = (2 * Channels + 3) / 4;
  uint32_t above[kWords], below[kWords];
  if (u >= 0 && u + 1 < w && v >= 0 && v + 1 < h) {
    const uint8_t* p = in + (v * w + u) * Channels;
    Words(p).read<2 * Channels>(above);
    Words(p + w * Channels).read<2 * Channels>(below);
  } else if (!g.clamp && (u < -1 || u >= w || v < -1 || v >= h)) {
    return fill_pixel<Channels>(g);  // the weights sum to one
  } else if (w > 1 && h > 1) {
    read_at_edge<Channels>(g, in, u, v, above, below);
  } else {
    const Pixel a = warp_tap<Channels>(g, in, u, v), b = warp_tap<Channels>(g, in, u + 1, v);
    const Pixel c = warp_tap<Channels>(g, in, u, v + 1);
    const Pixel d = warp_tap<Channels>(g, in, u + 1, v + 1);
    above[0] = a | b << (8 * Channels), below[0] = c | d << (8 * Channels);
    if constexpr (kWords > 1) above[1] = b >> 8, below[1] = d >> 8;
  }
  Pixel p;
  blend<Channels, 1>(BlendWeights(at), above, below, &p);
  return p;
}

/// Where a step to the right is one pixel to the right, four pixels share their weights. False:
/// some lie at the edge of the input.
template <int Channels>
VG_FN bool warp_row(const ImageStage& g, const uint8_t* in, WarpPoint at, Pixel* p) {
  const int u = static_cast<int>(at.u >> 32), v = static_cast<int>(at.v >> 32);
  const int w = g.in_width, h = g.in_height;
  if (u >= 0 && u + 4 < w && v >= 0 && v + 1 < h) {
    constexpr int kWords = (5 * Channels + 3) / 4;
    uint32_t above[kWords], below[kWords];
    const uint8_t* from = in + (v * w + u) * Channels;
    Words(from).read<5 * Channels>(above);
    Words(from + w * Channels).read<5 * Channels>(below);
    blend<Channels, 4>(BlendWeights(at), above, below, p);
    return true;
  }
  if (g.clamp || (u >= -4 && u < w && v >= -1 && v < h)) return false;
  VG_UNROLL
  for (int k = 0; k < 4; k++) p[k] = fill_pixel<Channels>(g);
  return true;
}

template <int Channels>
VG_FN void warp_quad(const ImageStage& g, const uint8_t* in, QuadPlace q, Pixel* p) {
  if (q.x + 4 <= g.width && q.n == 4 && !g.steps.far) {
    WarpPoint at = warp_point(g.steps, q.x, q.y);
    if (g.along_rows && warp_row<Channels>(g, in, at, p)) return;
    VG_UNROLL
    for (int k = 0; k < 4; k++) {  // steps add up, in wrap-around arithmetic
      p[k] = warped<Channels>(g, in, at);
      at.u =
          static_cast<int64_t>(static_cast<uint64_t>(at.u) + static_cast<uint64_t>(g.steps.dx.u));
      at.v =
          static_cast<int64_t>(static_cast<uint64_t>(at.v) + static_cast<uint64_t>(g.steps.dx.v));
    }
    return;
  }
  VG_UNROLL
  for (int k = 0; k < 4; k++) {
    if (k < q.n) p[k] = warped<Channels>(g, in, warp_point(g.steps, q.x, q.y));
    if (++q.x == g.width) q.x = 0, q.y++;
  }
}

}  // namespace vg::cuda
