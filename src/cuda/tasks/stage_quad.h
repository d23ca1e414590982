// What a stage does with four neighbouring pixels of its output: fetch, look up, store.
#pragma once

#include "cuda/tasks/stencil_quad.h"
#include "cuda/tasks/warp_quad.h"

namespace vg::cuda {

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
VG_FN Four normalised(const ImageStage& g, const Pixel* p, int ch) {
  float value[4];
  for (int k = 0; k < 4; k++)
    value[k] = (byte_as_float(p[k], ch) - g.mean[ch]) * g.factor[ch] + g.shift[ch];
  return Four(value);
}

/// Into planes whose rows are quads, all of them aligned.
template <int Channels, class Four>
VG_FN void store_planes(const ImageStage& g, std::byte* out, QuadPlace q, const Pixel* p) {
  const Pixel turned[4] = {g.mirror ? p[3] : p[0], g.mirror ? p[2] : p[1], g.mirror ? p[1] : p[2],
                           g.mirror ? p[0] : p[3]};
  const int first = g.mirror ? q.first + g.width - 4 - 2 * q.x : q.first;
  Four* to = reinterpret_cast<Four*>(out) + static_cast<uint32_t>(first) / 4;
  for (int ch = 0; ch < Channels; ch++, to += static_cast<uint32_t>(g.pixels()) / 4)
    *to = normalised<Channels, Four>(g, turned, ch);
}

template <int Channels, class Four>
VG_FN void store_normalised(const ImageStage& g, std::byte* out, QuadPlace q, const Pixel* p) {
  using T = typename Four::Element;
  if (g.planar && g.width % 4 == 0 && reinterpret_cast<uintptr_t>(out) % sizeof(Four) == 0)
    return store_planes<Channels, Four>(g, out, q, p);
  for (int ch = 0; ch < Channels; ch++) {
    const Four four = normalised<Channels, Four>(g, p, ch);
    T* to = reinterpret_cast<T*>(out) + (g.planar ? int64_t{ch} * g.pixels() : ch);
    const int step = g.planar ? 1 : Channels;
    int x = q.x, row = q.first - q.x;
    for (int k = 0; k < 4; k++) {
      const int at = row + (g.mirror ? g.width - 1 - x : x);
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

/// What a table makes of four pixels, and their store. That is all behind a head that moves pixels:
/// the code of all points beside it would take the registers that it needs.
template <int Channels>
VG_FN void look_up_and_store(const ImageStage& g, const StageTables& s, std::byte* out, QuadPlace q,
                             Pixel* p) {
  if (g.tables) {
    for (int k = 0; k < 4; k++) {
      Pixel looked_up = 0;
      for (int ch = 0; ch < Channels; ch++)
        looked_up |= uint32_t{s.table[ch][byte_of(p[k], ch)]} << (8 * ch);
      p[k] = looked_up;
    }
  }
  if (g.store == Store::Bytes)
    store_quad<Channels>(reinterpret_cast<uint8_t*>(out) + q.first * Channels, p, q.n);
  else if (g.store == Store::Half)
    store_normalised<Channels, FourHalves>(g, out, q, p);
  else
    store_normalised<Channels, FourFloats>(g, out, q, p);
}

/// What becomes of a quad.
template <int Channels>
VG_FN void finish_quad(const ImageStage& g, const StageTables& s, std::byte* out, QuadPlace q,
                       Pixel* p) {
  if (!g.tables && g.points > 0) pixels_through_points(g, p);
  look_up_and_store<Channels>(g, s, out, q, p);
}

}  // namespace vg::cuda
