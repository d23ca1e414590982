// Four neighbouring pixels behind a stencil of 3 x 3 whole weights: on their own, or down a column
// of quads, where each row of the input is read and its bytes are paired once.
#pragma once

#include "cuda/tasks/stage.h"
#include "ops/stencil.h"

namespace vg::cuda {

/// The kernel, in words for sums of two products.
struct StencilWeights {
  uint32_t pair[3];              ///< of the left and the middle tap of a row
  uint32_t first[3], second[3];  ///< the right one, for the first or the second of two bytes
  VG_INLINED explicit StencilWeights(const ImageStage& g) {
    VG_UNROLL
    for (int j = 0; j < 3; j++) {
      pair[j] = g.kernel_pair[j];
      first[j] = g.kernel_last[j];
      second[j] = g.kernel_last[j] << 16;
    }
  }
};

/// Where a quad's neighbours lie, in every row.
struct QuadColumns {
  int x, n;         ///< the quad, and how many of its pixels are in the image
  int left, right;  ///< -1: the constant
  VG_INLINED QuadColumns(const ImageStage& g, int column, int count)
      : x(column),
        n(count),
        left(border_index(g.border, column - 1, g.in_width)),
        right(border_index(g.border, column + count, g.in_width)) {}
};

/// Six neighbours in a row, of which the middle four are a quad.
template <int Channels>
struct SixPixels {
  Pixel pixel[6];
  uint32_t pairs[4];        ///< the first two channels of a pixel and of its right neighbour
  uint32_t third_pairs[4];  ///< the third one

  /// Row `y` of the input.
  VG_INLINED void read(const ImageStage& g, const uint8_t* in, const QuadColumns& at, int y) {
    const int row = border_index(g.border, y, g.in_height);
    const Pixel outside = g.fill * (Channels == 3 ? 0x010101u : 1u);
    const uint8_t* from = in + row * g.in_width * Channels;
    VG_UNROLL
    for (Pixel& p : pixel) p = outside;
    if (row >= 0) {
      load_pixels<Channels>(from + at.x * Channels, at.n, pixel + 1);
      if (at.left >= 0) pixel[0] = load_pixel<Channels>(from + at.left * Channels);
      const Pixel last = at.right >= 0 ? load_pixel<Channels>(from + at.right * Channels) : outside;
      VG_UNROLL  // no index that is not known beforehand: the six stay in registers
      for (int i = 1; i < 5; i++)
        if (i == at.n) pixel[i + 1] = last;
    }
    VG_UNROLL
    for (int i = 0; i < 4; i++) {
      pairs[i] = bytes_of(pixel[i], pixel[i + 1], 0x5140);
      if constexpr (Channels == 3) third_pairs[i] = bytes_of(pixel[i], pixel[i + 1], 0x0062);
    }
  }

  /// What row `j` of the kernel makes of them, added to the sums of the four.
  VG_INLINED void add(const StencilWeights& w, int j, int32_t* sum) const {
    VG_UNROLL
    for (int i = 0; i < 4; i++) {
      int32_t* s = sum + i * Channels;
      s[0] = dot_of_two<0>(dot_of_two<0>(s[0], w.pair[j], pairs[i]), w.first[j], pixel[i + 2]);
      if constexpr (Channels == 3) {
        s[1] = dot_of_two<1>(s[1], w.pair[j], pairs[i]);
        s[1] = dot_of_two<0>(s[1], w.second[j], pixel[i + 2]);
        s[2] = dot_of_two<0>(s[2], w.pair[j], third_pairs[i]);
        s[2] = dot_of_two<1>(s[2], w.first[j], pixel[i + 2]);
      }
    }
  }
};

template <int Channels>
VG_FN void rounded_sums(const int32_t* sum, Pixel* p) {
  VG_UNROLL
  for (int k = 0; k < 4; k++) {
    int32_t value[3] = {0, 0, 0};
    VG_UNROLL
    for (int ch = 0; ch < Channels; ch++) value[ch] = WholeSum::rounded(sum[k * Channels + ch]);
    p[k] = as_bytes(value[0], value[1], value[2], 0);
  }
}

/// Four pixels in the order of rows; they may lie in two rows, or in more of a narrow image.
template <int Channels>
VG_FN void filter_quad(const ImageStage& g, const uint8_t* in, QuadPlace q, Pixel* p) {
  const StencilWeights weights(g);
  const bool whole = q.n == 4 && q.x + 4 <= g.width;
  for (int k = 0; k < (whole ? 1 : q.n); k++) {
    const QuadColumns at(g, q.x, whole ? 4 : 1);
    int32_t sum[4 * Channels];
    VG_UNROLL
    for (int32_t& s : sum) s = 0;
    VG_UNROLL
    for (int j = 0; j < 3; j++) {
      SixPixels<Channels> six;
      six.read(g, in, at, q.y + j - 1);
      six.add(weights, j, sum);
    }
    Pixel four[4];
    rounded_sums<Channels>(sum, four);
    if (whole) VG_UNROLL
    for (int i = 0; i < 4; i++) p[i] = four[i];
    else p[k] = four[0];
    if (++q.x == g.width) q.x = 0, q.y++;
  }
}

/// The whole image: a thread goes down a column of quads, or a part of it. `done(place, pixels)`
/// takes each quad; those at the end of a row may have fewer pixels.
template <int Channels, class Done>
VG_FN void filter_columns(const ImageStage& g, const uint8_t* in, Threads t, Done done) {
  const StencilWeights weights(g);
  const int columns = (g.width + 3) / 4, most = t.count / columns;
  const int parts = most < 1 ? 1 : most, rows = (g.height + parts - 1) / parts;
  for (int i = t.index; i < columns * parts; i += t.count) {
    const int part = i / columns, x = 4 * (i - part * columns);
    const QuadColumns at(g, x, g.width - x < 4 ? g.width - x : 4);
    const int first = part * rows, end = first + rows < g.height ? first + rows : g.height;
    if (first >= end) continue;
    // Sums of the row that ends with the next row of the input, and of the one after it.
    int32_t ending[4 * Channels], begun[4 * Channels];
    VG_UNROLL
    for (int o = 0; o < 4 * Channels; o++) ending[o] = begun[o] = 0;
    SixPixels<Channels> six;
    six.read(g, in, at, first - 1);
    six.add(weights, 0, ending);
    six.read(g, in, at, first);
    six.add(weights, 1, ending);
    six.add(weights, 0, begun);
    for (int y = first; y < end; y++) {
      six.read(g, in, at, y + 1);
      six.add(weights, 2, ending);
      Pixel p[4];
      rounded_sums<Channels>(ending, p);
      done(QuadPlace{y * g.width + x, x, y, at.n}, p);
      six.add(weights, 1, begun);
      VG_UNROLL
      for (int o = 0; o < 4 * Channels; o++) ending[o] = begun[o], begun[o] = 0;
      six.add(weights, 0, begun);
    }
  }
}

}  // namespace vg::cuda
