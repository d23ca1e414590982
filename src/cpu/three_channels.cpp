// Pixels of three bytes, by shuffles.
#include "cpu/three_channels.h"

#include <cstring>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "cpu/three_channels.cpp"
#include "cpu/each_target.h"
#include "cpu/vectors.h"

#ifndef VG_THREE_CHANNELS_KERNELS
#define VG_THREE_CHANNELS_KERNELS
namespace vg::cpu {
namespace {

/// Each says how many pixels it did, from the first one on.
struct PixelKernels {
  int64_t (*split)(const uint8_t* in, int64_t pixels, uint8_t* r, uint8_t* g, uint8_t* b);
  int64_t (*join)(const uint8_t* r, const uint8_t* g, const uint8_t* b, int64_t pixels,
                  uint8_t* out);
  int64_t (*normalize)(const uint8_t* from, int64_t step, const Affine& affine, float* to,
                       int64_t n);
  int64_t (*reverse)(const uint8_t* from, uint8_t* to, int64_t n);
};

/// Which of 48 bytes are the first ones of 16 pixels in order, or the last ones in reverse; and
/// where those of 16 pixels go when the pixels change their order: [to][from].
struct Shuffles {
  alignas(16) uint8_t forward[3][16], backward[3][16], reverse[3][3][16];
  constexpr Shuffles() : forward(), backward(), reverse() {
    const auto at = [](int byte, int part) {
      return static_cast<uint8_t>(byte / 16 == part ? byte % 16 : 0x80);
    };
    for (int part = 0; part < 3; part++)
      for (int i = 0; i < 16; i++) {
        forward[part][i] = at(3 * i, part);
        backward[part][i] = at(47 - 3 * i, part);
        for (int to = 0; to < 3; to++) {
          const int byte = 16 * to + i;
          reverse[to][part][i] = at(3 * (15 - byte / 3) + byte % 3, part);
        }
      }
  }
};
inline constexpr Shuffles kShuffles;

}  // namespace
}  // namespace vg::cpu
#endif

#if VG_HAS_VECTORS
HWY_BEFORE_NAMESPACE();
namespace vg::cpu::HWY_NAMESPACE {
namespace {

int64_t split(const uint8_t* in, int64_t pixels, uint8_t* r, uint8_t* g, uint8_t* b) {
  const Bytes d;
  int64_t i = 0;
  for (; i + kBytes <= pixels; i += kBytes) {
    hn::Vec<Bytes> x, y, z;
    hn::LoadInterleaved3(d, in + 3 * i, x, y, z);
    hn::StoreU(x, d, r + i);
    hn::StoreU(y, d, g + i);
    hn::StoreU(z, d, b + i);
  }
  return i;
}

int64_t join(const uint8_t* r, const uint8_t* g, const uint8_t* b, int64_t pixels, uint8_t* out) {
  const Bytes d;
  int64_t i = 0;
  for (; i + kBytes <= pixels; i += kBytes)
    hn::StoreInterleaved3(hn::LoadU(d, r + i), hn::LoadU(d, g + i), hn::LoadU(d, b + i), d,
                          out + 3 * i);
  return i;
}

int64_t normalize(const uint8_t* from, int64_t step, const Affine& affine, float* to, int64_t n) {
  const Bytes16 block;
  const Floats d;
  const hn::Rebind<uint8_t, Floats> bytes;
  constexpr int kLanes = hn::MaxLanes(d);
  const uint8_t(&how)[3][16] = step > 0 ? kShuffles.forward : kShuffles.backward;
  const auto a = hn::Load(block, how[0]), b = hn::Load(block, how[1]), c = hn::Load(block, how[2]);
  const auto mean = hn::Set(d, affine.mean), factor = hn::Set(d, affine.factor),
             shift = hn::Set(d, affine.shift);
  int64_t i = 0;
  for (; i + 16 < n; i += 16) {  // two bytes of the next pixel are read
    const uint8_t* p = from + i * step - (step > 0 ? 0 : 47);
    alignas(16) uint8_t channel[16];
    hn::Store(hn::Or(hn::Or(hn::TableLookupBytesOr0(hn::LoadU(block, p), a),
                            hn::TableLookupBytesOr0(hn::LoadU(block, p + 16), b)),
                     hn::TableLookupBytesOr0(hn::LoadU(block, p + 32), c)),
              block, channel);
    for (int k = 0; k < 16; k += kLanes) {
      const auto v = hn::ConvertTo(d, hn::PromoteTo(Ints(), hn::LoadU(bytes, channel + k)));
      hn::StoreU(hn::Add(hn::Mul(hn::Sub(v, mean), factor), shift), d, to + i + k);
    }
  }
  return i;
}

/// Sixteen pixels a turn. The first and the last 16 bytes of a result come from two parts of what
/// is read, those between from three.
int64_t reverse(const uint8_t* from, uint8_t* to, int64_t n) {
  const Bytes16 d;
  const auto how = [d](int out, int in)
                       HWY_ATTR { return hn::Load(d, kShuffles.reverse[out][in]); };
  const auto h01 = how(0, 1), h02 = how(0, 2), h10 = how(1, 0), h11 = how(1, 1), h12 = how(1, 2),
             h20 = how(2, 0), h21 = how(2, 1);
  int64_t i = 0;
  for (; i + 16 <= n; i += 16) {
    const uint8_t* p = from - 3 * (i + 15);
    const auto a = hn::LoadU(d, p), b = hn::LoadU(d, p + 16), c = hn::LoadU(d, p + 32);
    uint8_t* q = to + 3 * i;
    hn::StoreU(hn::Or(hn::TableLookupBytesOr0(b, h01), hn::TableLookupBytesOr0(c, h02)), d, q);
    hn::StoreU(hn::Or(hn::Or(hn::TableLookupBytesOr0(a, h10), hn::TableLookupBytesOr0(b, h11)),
                      hn::TableLookupBytesOr0(c, h12)),
               d, q + 16);
    hn::StoreU(hn::Or(hn::TableLookupBytesOr0(a, h20), hn::TableLookupBytesOr0(b, h21)), d, q + 32);
  }
  return i;
}

}  // namespace

constexpr PixelKernels kPixels{&split, &join, &normalize, &reverse};

}  // namespace vg::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif

#if HWY_ONCE
namespace vg::cpu {
namespace {

const PixelKernels* kernels() { VG_RETURN_KERNELS(kPixels); }

}  // namespace

void split_channels(const uint8_t* in, int64_t pixels, uint8_t* const (&planes)[3]) {
  const PixelKernels* vectors = kernels();
  int64_t i = vectors ? vectors->split(in, pixels, planes[0], planes[1], planes[2]) : 0;
  for (; i < pixels; i++)
    for (int c = 0; c < 3; c++) planes[c][i] = in[3 * i + c];
}

void join_channels(const uint8_t* const (&planes)[3], int64_t pixels, uint8_t* out) {
  const PixelKernels* vectors = kernels();
  int64_t i = vectors ? vectors->join(planes[0], planes[1], planes[2], pixels, out) : 0;
  for (; i < pixels; i++)
    for (int c = 0; c < 3; c++) out[3 * i + c] = planes[c][i];
}

bool strides_are_fast() { return kernels(); }

void normalize_channel(const uint8_t* from, int64_t step, const Affine& affine, float* to,
                       int64_t n) {
  const PixelKernels* vectors = kernels();
  int64_t i = vectors ? vectors->normalize(from, step, affine, to, n) : 0;
  for (; i < n; i++)
    to[i] = (static_cast<float>(from[i * step]) - affine.mean) * affine.factor + affine.shift;
}

void reverse_pixels(const uint8_t* from, uint8_t* to, int64_t n) {
  const PixelKernels* vectors = kernels();
  int64_t i = vectors ? vectors->reverse(from, to, n) : 0;
  for (; i < n; i++) std::memcpy(to + 3 * i, from - 3 * i, 3);
}

}  // namespace vg::cpu
#endif
