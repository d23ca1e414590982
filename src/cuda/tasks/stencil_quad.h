// Four neighbouring pixels behind a stencil of 3 x 3 whole weights: on their own, or down a column
// of quads in a block's own memory, where each row of the input is read once.
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

/// Around a quad that begins with a word: a byte that nobody reads, and six pixels of three bytes.
struct RowWords {
  uint32_t word[5];

  /// Adds what row `j` of the kernel makes of the bytes to twelve sums.
  VG_INLINED void add(const StencilWeights& w, int j, int32_t* sum) const {
    VG_UNROLL
    for (int o = 0; o < 12; o += 2) {  // byte o + 1 and its right neighbour's, for two sums
      const uint32_t at = static_cast<uint32_t>(o + 1) % 4;
      const uint32_t selector = at | (at + 3) << 4 | (at + 1) << 8 | (at + 4) << 12;
      const uint32_t pairs = bytes_of(word[(o + 1) / 4], word[(o + 1) / 4 + 1], selector);
      sum[o] = dot_of_two<0>(sum[o], w.pair[j], pairs);
      sum[o + 1] = dot_of_two<1>(sum[o + 1], w.pair[j], pairs);
    }
    VG_UNROLL
    for (int o = 0; o < 12; o++) {
      const int at = o + 7;
      const uint32_t weights = at % 2 ? w.second[j] : w.first[j];
      sum[o] = at % 4 < 2 ? dot_of_two<0>(sum[o], weights, word[at / 4])
                          : dot_of_two<1>(sum[o], weights, word[at / 4]);
    }
  }
};

/// Reads the rows of an image in which every row begins with a word.
class RowReader {
 public:
  VG_INLINED RowReader(const ImageStage& g, const uint8_t* in, int x)
      : words_(reinterpret_cast<const uint32_t*>(in)),
        pitch_(3 * g.in_width / 4),
        height_(g.in_height),
        border_(g.border),
        quad_(3 * x / 4),
        left_(border_index(g.border, x - 1, g.in_width)),
        right_(border_index(g.border, x + 4, g.in_width)) {}

  VG_INLINED RowWords read(int y) const {
    const uint32_t* row = words_ + border_index(border_, y, height_) * pitch_;
    return {{left_.of(row) << 8, row[quad_], row[quad_ + 1], row[quad_ + 2], right_.of(row)}};
  }

 private:
  /// A pixel of three bytes, in one word or in two.
  struct Place {
    int first, second;
    uint32_t shift;
    VG_INLINED explicit Place(int pixel)
        : first(3 * pixel / 4),
          second((3 * pixel + 2) / 4),
          shift(static_cast<uint32_t>(3 * pixel % 4) * 8) {}
    VG_INLINED uint32_t of(const uint32_t* row) const {
      return funnel(row[first], row[second], shift);
    }
  };

  const uint32_t* words_;
  int pitch_, height_;
  Border border_;
  int quad_;
  Place left_, right_;
};

VG_FN bool has_word_rows(const ImageStage& g) {
  return g.channels == 3 && g.width % 4 == 0 && g.border != Border::Constant;
}

/// All of an image that has such rows: a thread goes down a column of quads, or a part of it, and
/// `done(place, pixels)` takes each of them.
template <class Done>
VG_FN void filter_columns(const ImageStage& g, const uint8_t* in, Threads t, Done done) {
  const StencilWeights weights(g);
  const int width = g.width, height = g.height;
  const int columns = width / 4, most = t.count / columns;
  const int parts = most < 1 ? 1 : most, rows = (height + parts - 1) / parts;
  for (int i = t.index; i < columns * parts; i += t.count) {
    const int part = i / columns, x = 4 * (i - part * columns);
    const int first = part * rows, end = first + rows < height ? first + rows : height;
    if (first >= end) continue;
    const RowReader reader(g, in, x);
    RowWords above = reader.read(first - 1), middle = reader.read(first);
    for (int y = first; y < end; y++) {
      const RowWords below = reader.read(y + 1);
      int32_t sum[12];
      VG_UNROLL
      for (int32_t& s : sum) s = 0;
      above.add(weights, 0, sum);
      middle.add(weights, 1, sum);
      below.add(weights, 2, sum);
      Pixel p[4];
      rounded_sums<3>(sum, p);
      done(QuadPlace{y * width + x, x, y, 4}, p);
      above = middle, middle = below;
    }
  }
}

}  // namespace vg::cuda
