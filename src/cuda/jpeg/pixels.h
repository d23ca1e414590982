// From samples to pixels: libjpeg's smooth upsampling and its colours, four pixels at a time.
#pragma once

#include "cuda/jpeg/transform.h"

namespace vg::cuda::jpeg {

/// Four neighbouring pixels of two rows, of which one or some of the pixels may lie beyond the
/// region. The first row is an odd one of the image: then both lie between the same two rows of a
/// component that has half as many.
struct Quad {
  int32_t x, y;  ///< within the region; y may be -1

  VG_FN static uint32_t across(const Image& image) {
    return (static_cast<uint32_t>(image.width) + 3) / 4;
  }
  /// Pairs of rows.
  VG_FN static uint32_t down(const Image& image) {
    return static_cast<uint32_t>((image.y + image.height) / 2 - (image.y + 1) / 2 + 1);
  }
  VG_FN static uint32_t count(const Image& image) { return across(image) * down(image); }
  VG_FN static Quad of(const Image& image, uint32_t index) {
    const uint32_t pair = index / across(image);
    return {static_cast<int32_t>((index - pair * across(image)) * 4),
            ((image.y + 1) / 2 + static_cast<int32_t>(pair)) * 2 - 1 - image.y};
  }
  VG_FN int32_t pixels(const Image& image) const {
    return image.width - x < 4 ? image.width - x : 4;
  }
  /// Whether a row of it lies in the region.
  VG_FN bool has(const Image& image, int32_t row) const {
    return y + row >= 0 && y + row < image.height;
  }
};

/// The row of a component's samples, to be addressed by their place in the whole image.
VG_FN const uint8_t* row_of(const Work& work, const Component& c, int32_t y) {
  return work.at<uint8_t>(c.origin + int64_t{y} * c.pitch);
}

/// Four bytes from any address. On a device whole words are read.
VG_FN uint32_t load_bytes(const uint8_t* from) {
#if defined(__CUDA_ARCH__)
  const auto address = reinterpret_cast<uintptr_t>(from);
  const auto* words = reinterpret_cast<const uint32_t*>(address & ~uintptr_t{3});
  const uint32_t shift = static_cast<uint32_t>(address & 3) * 8;
  return shift == 0 ? words[0] : __funnelshift_r(words[0], words[1], shift);
#else
  return static_cast<uint32_t>(from[0]) | static_cast<uint32_t>(from[1]) << 8 |
         static_cast<uint32_t>(from[2]) << 16 | static_cast<uint32_t>(from[3]) << 24;
#endif
}

VG_FN int32_t clamp_to(int32_t x, int32_t low, int32_t high) {
  return x < low ? low : x > high ? high : x;
}

/// Five samples of a row. Those beyond the image are those of its edge.
VG_FN void load_columns(const uint8_t* row, int32_t first, int32_t right, int32_t* out) {
  if (first >= 0 && first + 4 <= right) {
    const uint32_t four = load_bytes(row + first);
    for (int i = 0; i < 4; i++) out[i] = static_cast<int32_t>(four >> (8 * i) & 255);
    out[4] = row[first + 4];
    return;
  }
  for (int i = 0; i < 5; i++) out[i] = row[clamp_to(first + i, 0, right)];
}

/// How columns of samples become pixels: each is weighted 3 : 1 with its neighbour that is nearer.
struct Blend {
  int32_t left, right;  ///< what is added before rounding down: for the neighbour on that side
  int shift;
};

/// The four pixels from `x` on of the five samples from x / 2 - 1 on. Five pixels are made from an
/// even one on, of which an odd beginning drops the first.
VG_FN void blend(const int32_t* columns, int32_t x, const Blend& how, int32_t* out) {
  int32_t all[5];
  for (int i = 0; i < 5; i++) {
    const int at = i / 2 + 1;
    const int32_t sum = columns[at] * 3 + columns[i % 2 ? at + 1 : at - 1];
    all[i] = (sum + (i % 2 ? how.right : how.left)) >> how.shift;
  }
  for (int i = 0; i < 4; i++) out[i] = x % 2 ? all[i + 1] : all[i];
}

/// The values of a component at four pixels that begin at (x, y) of the whole image, if it has not
/// both half the width and half the height.
VG_FN void upsample_row(const Work& work, const Component& c, int32_t x, int32_t y, int32_t* out) {
  if (c.across == 1 && c.down == 1) {
    const uint32_t four = load_bytes(row_of(work, c, y) + x);
    for (int i = 0; i < 4; i++) out[i] = static_cast<int32_t>(four >> (8 * i) & 255);
  } else if (!c.smooth) {
    const uint8_t* row = row_of(work, c, y / c.down);
    for (int i = 0; i < 4; i++) {
      const int32_t at = (x + i) / c.across;
      out[i] = row[at < c.right ? at : c.right];
    }
  } else if (c.across == 2) {
    int32_t columns[5];
    load_columns(row_of(work, c, y), x / 2 - 1, c.right, columns);
    blend(columns, x, {1, 2, 2}, out);
  } else {
    const uint8_t* row = row_of(work, c, y / 2);
    const uint8_t* near = row_of(work, c, clamp_to(y % 2 ? y / 2 + 1 : y / 2 - 1, 0, c.bottom));
    for (int i = 0; i < 4; i++) {
      const int32_t at = x + i < c.right ? x + i : c.right;
      out[i] = (row[at] * 3 + near[at] + (y % 2 ? 2 : 1)) >> 2;
    }
  }
}

/// The values of a component at the pixels of a quad.
VG_FN void upsample(const Work& work, const Image& image, const Component& c, const Quad& quad,
                    int32_t (*out)[4]) {
  const int32_t x = image.x + quad.x, y = image.y + quad.y;
  if (!(c.smooth && c.across == 2 && c.down == 2)) {
    for (int row = 0; row < 2; row++)
      if (quad.has(image, row)) upsample_row(work, c, x, y + row, out[row]);
    return;
  }
  int32_t above[5], below[5], sums[5];
  load_columns(row_of(work, c, clamp_to((y + 1) / 2 - 1, 0, c.bottom)), x / 2 - 1, c.right, above);
  load_columns(row_of(work, c, clamp_to((y + 1) / 2, 0, c.bottom)), x / 2 - 1, c.right, below);
  for (int i = 0; i < 5; i++) sums[i] = above[i] * 3 + below[i];
  blend(sums, x, {8, 7, 4}, out[0]);
  for (int i = 0; i < 5; i++) sums[i] = below[i] * 3 + above[i];
  blend(sums, x, {8, 7, 4}, out[1]);
}

struct Pixel {
  uint32_t first, second, third;  ///< bytes, in the order of the output
};

VG_FN Pixel colour(const Image& image, int32_t a, int32_t b, int32_t c) {
  uint32_t red = static_cast<uint32_t>(a), green = static_cast<uint32_t>(b),
           blue = static_cast<uint32_t>(c);
  if (image.stored == Stored::YCbCr) {
    b -= 128;
    c -= 128;
    red = clamp_byte(a + ((91881 * c + 32768) >> 16));
    green = clamp_byte(a + ((-22554 * b + 32768 - 46802 * c) >> 16));
    blue = clamp_byte(a + ((116130 * b + 32768) >> 16));
  }
  return image.colors == Colors::Bgr ? Pixel{blue, green, red} : Pixel{red, green, blue};
}

VG_FN int32_t channels(const Image& image) { return image.colors == Colors::Gray ? 1 : 3; }

/// The bytes of four pixels: 12, or 4 if the output is grey.
struct QuadRow {
  uint32_t words[3];
};
struct QuadBytes {
  QuadRow rows[2];
};

VG_FN QuadBytes colour_quad(const Work& work, const Image& image, const Quad& quad) {
  QuadBytes bytes;
  int32_t a[2][4] = {}, b[2][4] = {}, c[2][4] = {};
  upsample(work, image, image.component[0], quad, a);
  if (image.colors == Colors::Gray) {
    for (int row = 0; row < 2; row++) {
      uint32_t four = 0;
      for (int i = 0; i < 4; i++) four |= static_cast<uint32_t>(a[row][i]) << (8 * i);
      bytes.rows[row] = {{four, 0, 0}};
    }
    return bytes;
  }
  const bool grey = image.stored == Stored::Gray;
  if (!grey) {
    upsample(work, image, image.component[1], quad, b);
    upsample(work, image, image.component[2], quad, c);
  }
  for (int row = 0; row < 2; row++) {
    Pixel p[4];
    for (int i = 0; i < 4; i++) {
      const int32_t first = a[row][i];
      p[i] = colour(image, first, grey ? first : b[row][i], grey ? first : c[row][i]);
    }
    bytes.rows[row] = {{p[0].first | p[0].second << 8 | p[0].third << 16 | p[1].first << 24,
                        p[1].second | p[1].third << 8 | p[2].first << 16 | p[2].second << 24,
                        p[2].third | p[3].first << 8 | p[3].second << 16 | p[3].third << 24}};
  }
  return bytes;
}

VG_FN std::byte* place_of(const Image& image, const Quad& quad, int32_t row) {
  return image.origin + (quad.y + row) * image.row_step + quad.x * image.pixel_step;
}

/// Stores a row byte by byte, wherever pixels go.
VG_FN void store_bytes(const Image& image, const Quad& quad, int32_t row, const QuadRow& bytes) {
  std::byte* out = place_of(image, quad, row);
  const int32_t step = channels(image), count = quad.pixels(image);
  for (int32_t i = 0; i < 4; i++) {
    if (i >= count) break;
    for (int32_t k = 0; k < step; k++) {
      const int32_t at = i * step + k;
      out[i * image.pixel_step + k] =
          static_cast<std::byte>(bytes.words[at >> 2] >> (8 * (at & 3)) & 255);
    }
  }
}

}  // namespace vg::cuda::jpeg
