// Four neighbouring pixels behind a stencil of 3 x 3: on their own, or down a column of quads,
// where each row of the input is read and made floats once.
#pragma once

#include "cuda/tasks/stage.h"

namespace vg::cuda {

/// Values of six neighbours in a row, of which the middle four are a quad.
template <int Channels>
struct SixPixels {
  float value[6 * Channels];

  /// Row `y` of the input, around the quad at column `x`, of which `n` pixels are in the image.
  VG_INLINED void read(const ImageStage& g, const uint8_t* in, int x, int y, int n) {
    const int row = border_index(g.border, y, g.in_height);
    const int left = border_index(g.border, x - 1, g.in_width);
    const int right = border_index(g.border, x + n, g.in_width);
    const uint8_t* from = in + row * g.in_width * Channels;
    Pixel six[6] = {0, 0, 0, 0, 0, 0};
    if (row >= 0) {
      load_pixels<Channels>(from + x * Channels, n, six + 1);
      if (left >= 0) six[0] = load_pixel<Channels>(from + left * Channels);
      const Pixel last = right >= 0 ? load_pixel<Channels>(from + right * Channels) : 0;
      VG_UNROLL  // no index that is not known beforehand: the six stay in registers
      for (int i = 1; i < 5; i++)
        if (i == n) six[i + 1] = last;
    }
    VG_UNROLL
    for (int i = 0; i < 6; i++) VG_UNROLL
    for (int ch = 0; ch < Channels; ch++) value[i * Channels + ch] = byte_as_float(six[i], ch);
    if (g.border != Border::Constant) return;
    VG_UNROLL
    for (int i = 0; i < 6; i++) VG_UNROLL
    for (int ch = 0; ch < Channels; ch++)
      if (row < 0 || (left < 0 && i == 0) || (right < 0 && i == n + 1))
        value[i * Channels + ch] = g.stencil_fill;
  }

  /// What row `j` of the kernel makes of them, added to the sums of the four.
  VG_INLINED void add(const ImageStage& g, int j, float* sum) const {
    VG_UNROLL
    for (int i = 0; i < 3; i++) {
      const float k = g.kernel[3 * j + i];
      VG_UNROLL
      for (int o = 0; o < 4 * Channels; o++) sum[o] += k * value[o + i * Channels];
    }
  }
};

template <int Channels>
VG_FN void rounded_sums(const float* sum, Pixel* p) {
  VG_UNROLL
  for (int k = 0; k < 4; k++) {
    p[k] = 0;
    VG_UNROLL
    for (int ch = 0; ch < Channels; ch++) p[k] |= even_as_byte(sum[k * Channels + ch]) << (8 * ch);
  }
}

/// Four pixels in the order of rows; they may lie in two rows, or in more of a narrow image.
template <int Channels>
VG_FN void filter_quad(const ImageStage& g, const uint8_t* in, QuadPlace q, Pixel* p) {
  const bool whole = q.n == 4 && q.x + 4 <= g.width;
  for (int k = 0; k < (whole ? 1 : q.n); k++) {
    float sum[4 * Channels];
    VG_UNROLL
    for (float& s : sum) s = 0;
    VG_UNROLL
    for (int j = 0; j < 3; j++) {
      SixPixels<Channels> six;
      six.read(g, in, q.x, q.y + j - 1, whole ? 4 : 1);
      six.add(g, j, sum);
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
  const int columns = (g.width + 3) / 4, most = t.count / columns;
  const int parts = most < 1 ? 1 : most, rows = (g.height + parts - 1) / parts;
  for (int i = t.index; i < columns * parts; i += t.count) {
    const int part = i / columns, x = 4 * (i - part * columns);
    const int n = g.width - x < 4 ? g.width - x : 4;
    const int first = part * rows, end = first + rows < g.height ? first + rows : g.height;
    if (first >= end) continue;
    // Sums of the row that ends with the next row of the input, and of the one after it.
    float ending[4 * Channels], begun[4 * Channels];
    VG_UNROLL
    for (int o = 0; o < 4 * Channels; o++) ending[o] = begun[o] = 0;
    SixPixels<Channels> six;
    six.read(g, in, x, first - 1, n);
    six.add(g, 0, ending);
    six.read(g, in, x, first, n);
    six.add(g, 1, ending);
    six.add(g, 0, begun);
    for (int y = first; y < end; y++) {
      six.read(g, in, x, y + 1, n);
      six.add(g, 2, ending);
      Pixel p[4];
      rounded_sums<Channels>(ending, p);
      done(QuadPlace{y * g.width + x, x, y, n}, p);
      six.add(g, 1, begun);
      VG_UNROLL
      for (int o = 0; o < 4 * Channels; o++) ending[o] = begun[o], begun[o] = 0;
      six.add(g, 0, begun);
    }
  }
}

}  // namespace vg::cuda
