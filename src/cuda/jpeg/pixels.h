// From samples to pixels: libjpeg's smooth upsampling and its colours, four pixels at a time.
#pragma once

#include "cuda/jpeg/transform.h"

namespace vg::cuda::jpeg {

/// Four neighbouring pixels of a row of the region; the last ones of a row may lie beyond it.
struct Quad {
  int32_t x, y;  ///< within the region

  VG_FN static uint32_t across(const Image& image) {
    return (static_cast<uint32_t>(image.width) + 3) / 4;
  }
  VG_FN static uint32_t count(const Image& image) {
    return across(image) * static_cast<uint32_t>(image.height);
  }
  VG_FN static Quad of(const Image& image, uint32_t index) {
    const uint32_t y = index / across(image);
    return {static_cast<int32_t>((index - y * across(image)) * 4), static_cast<int32_t>(y)};
  }
  VG_FN int32_t pixels(const Image& image) const {
    return image.width - x < 4 ? image.width - x : 4;
  }
};

/// The samples of a component, addressed by their place in the whole image.
struct Plane {
  const uint8_t* origin;
  int64_t pitch;
  int32_t right, bottom;  ///< the last ones there are

  VG_FN Plane(const Work& work, const Component& c)
      : origin(work.at<uint8_t>(c.plane)), pitch(int64_t{c.blocks_x} * 8) {
    origin -= int64_t{c.block_y} * 8 * pitch + int64_t{c.block_x} * 8;
    const int32_t kept = (c.block_x + c.blocks_x) * 8;
    right = (c.width < kept ? c.width : kept) - 1;
    bottom = c.height - 1;
  }
  VG_FN const uint8_t* row(int32_t y) const { return origin + int64_t{y} * pitch; }
};

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

/// The values of a component at four pixels that begin at (x, y) of the whole image. A smooth one
/// is weighted 3 : 1 with its neighbour that is nearer, in each direction that it was halved in.
VG_FN void upsample(const Work& work, const Component& c, int32_t x, int32_t y, int32_t* out) {
  const Plane plane(work, c);
  if (c.across == 1 && c.down == 1) {
    const uint32_t four = load_bytes(plane.row(y) + x);
    for (int i = 0; i < 4; i++) out[i] = static_cast<int32_t>(four >> (8 * i) & 255);
    return;
  }
  const int32_t sample_y = y / c.down;
  const uint8_t* row = plane.row(sample_y);
  if (!c.smooth) {
    for (int i = 0; i < 4; i++) {
      const int32_t at = (x + i) / c.across;
      out[i] = row[at < plane.right ? at : plane.right];
    }
    return;
  }
  const int32_t near_y = clamp_to(y % 2 ? sample_y + 1 : sample_y - 1, 0, plane.bottom);
  const uint8_t* near = plane.row(c.down == 2 ? near_y : sample_y);
  if (c.across == 1) {
    for (int i = 0; i < 4; i++) {
      const int32_t at = x + i < plane.right ? x + i : plane.right;
      out[i] = (row[at] * 3 + near[at] + (y % 2 ? 2 : 1)) >> 2;
    }
    return;
  }
  // The pixels from an even one on, and one more, of which an odd beginning drops the first.
  int32_t columns[5], all[5];
  for (int i = 0; i < 5; i++) {
    const int32_t at = clamp_to(x / 2 - 1 + i, 0, plane.right);
    columns[i] = c.down == 2 ? row[at] * 3 + near[at] : row[at];
  }
  const int32_t left = c.down == 2 ? 8 : 1, right = c.down == 2 ? 7 : 2;
  const int shift = c.down == 2 ? 4 : 2;
  for (int i = 0; i < 5; i++) {
    const int at = i / 2 + 1;
    all[i] = (columns[at] * 3 + columns[i % 2 ? at + 1 : at - 1] + (i % 2 ? right : left)) >> shift;
  }
  for (int i = 0; i < 4; i++) out[i] = x % 2 ? all[i + 1] : all[i];
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

/// The bytes of four pixels: 12, or 4 if the output is grey.
struct QuadBytes {
  uint32_t words[3];
};

VG_FN QuadBytes colour_quad(const Work& work, const Image& image, const Quad& quad) {
  const int32_t x = image.x + quad.x, y = image.y + quad.y;
  int32_t a[4], b[4], c[4];
  upsample(work, image.component[0], x, y, a);
  if (image.colors == Colors::Gray) {
    uint32_t four = 0;
    for (int i = 0; i < 4; i++) four |= static_cast<uint32_t>(a[i]) << (8 * i);
    return {{four, 0, 0}};
  }
  if (image.stored != Stored::Gray) {
    upsample(work, image.component[1], x, y, b);
    upsample(work, image.component[2], x, y, c);
  } else {
    for (int i = 0; i < 4; i++) b[i] = c[i] = a[i];
  }
  Pixel p[4];
  for (int i = 0; i < 4; i++) p[i] = colour(image, a[i], b[i], c[i]);
  return {{p[0].first | p[0].second << 8 | p[0].third << 16 | p[1].first << 24,
           p[1].second | p[1].third << 8 | p[2].first << 16 | p[2].second << 24,
           p[2].third | p[3].first << 8 | p[3].second << 16 | p[3].third << 24}};
}

VG_FN int32_t channels(const Image& image) { return image.colors == Colors::Gray ? 1 : 3; }

VG_FN std::byte* place_of(const Image& image, const Quad& quad) {
  return image.origin + quad.y * image.row_step + quad.x * image.pixel_step;
}

/// Stores byte by byte, wherever pixels go.
VG_FN void store_bytes(const Image& image, const Quad& quad, const QuadBytes& bytes) {
  std::byte* out = place_of(image, quad);
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
