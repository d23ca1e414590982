// A segment: what moves pixels (a warp, a small stencil, or nothing), then points, then the store,
// in one pass over a uint8 image of one or three channels.
#pragma once

#include "core/border.h"
#include "core/warp_point.h"
#include "cuda/tasks/quad.h"
#include "ops/lists/measured.h"
#include "ops/lists/point.h"

namespace vg::cuda {

struct SegmentPoint {
  static constexpr int kMaxBytes = 64;
  int opcode;
  alignas(8) std::byte params[kMaxBytes];
};

enum class Head : uint8_t { None, Warp, Stencil };
enum class Store : uint8_t { Bytes, Half, Float };

/// An element is four pixels of the output, in the order of rows.
struct ImageTask {
  static constexpr int kTile = 1024;
  static constexpr int kMaxPoints = 3;
  struct Shared {
    ChannelStatistics statistics[3];
    uint8_t table[3][256];
  };

  const uint8_t* in;
  std::byte* out;
  int64_t in_width, in_height, width, height;
  int channels;
  Head head;
  Store store;
  bool planar;  ///< store: channels are planes
  bool nearest, clamp;
  bool tables;  ///< all points look at one value alone: a table serves
  uint8_t fill;
  int points;
  int measured;           ///< opcode of a measured operator before the points; -1: none
  const uint32_t* count;  ///< its histogram
  int64_t pixels_in;
  std::byte measured_params[16];
  WarpSteps steps;
  Border border;
  float kernel[9];
  float stencil_fill;
  SegmentPoint point[kMaxPoints];
  float mean[3], factor[3], shift[3];

  VG_FN int64_t elements() const { return (width * height + 3) / 4; }

  /// The statistics of channel c, by the threads of one warp or by one thread.
  VG_FN void prepare(Shared& s, const std::byte*, Threads t) const {
    if (measured < 0) return;
    const int lanes = t.count < 32 ? 1 : 32, lane = t.index % lanes;
    for (int c = t.index / lanes; c < channels; c += (t.count + lanes - 1) / lanes)
      measure(s.statistics[c], count + 256 * c, lane, lanes);
  }
  VG_FN void make_tables(Shared& s, const std::byte*, Threads t) const {
    if (!tables) return;
    for (int i = t.index; i < 256 * channels; i += t.count) {
      const int c = i / 256, v = i % 256;
      s.table[c][v] = static_cast<uint8_t>(through_points(s, v, c));
    }
  }
  VG_FN void run(Shared& s, const std::byte*, int64_t i) const {
    if (channels == 3)
      quad<3>(s, i);
    else
      quad<1>(s, i);
  }
  VG_FN void finish(Shared&, const std::byte*, Threads) const {}

 private:
  VG_FN static void measure(ChannelStatistics& s, const uint32_t* n, int lane, int lanes) {
    const int each = 256 / lanes, first = lane * each;
    uint64_t total = 0, sum = 0;
    int low = 255, high = 0;
    for (int v = first; v < first + each; v++) {
      total += n[v];
      sum += uint64_t{n[v]} * static_cast<uint64_t>(v);
      if (n[v] > 0) {
        low = v < low ? v : low;
        high = v > high ? v : high;
      }
    }
    uint64_t before = 0;
#if defined(__CUDA_ARCH__)
    uint64_t inclusive = total;
    for (int step = 1; step < 32; step *= 2) {
      const uint64_t other = __shfl_up_sync(~0u, inclusive, step);
      if (lane >= step) inclusive += other;
      sum += __shfl_xor_sync(~0u, sum, step);
      const int l = __shfl_xor_sync(~0u, low, step), h = __shfl_xor_sync(~0u, high, step);
      low = l < low ? l : low;
      high = h > high ? h : high;
    }
    before = inclusive - total;
#endif
    for (int v = first; v < first + each; v++) s.cumulative[v] = before += n[v];
    if (lane == 0) {
      s.low = low;
      s.high = high;
      s.sum = sum;
    }
  }

  /// A value after the measured operator and all points.
  VG_FN uint32_t through_points(const Shared& s, int v, int c) const {
    uint32_t value = static_cast<uint32_t>(v);
    if (measured >= 0)
      with_op(MeasuredOps{}, measured, [&]<class Op>() {
        const Op op = *reinterpret_cast<const Op*>(measured_params);
        value = round_to<uint8_t>(op(Statistics{s.statistics, channels, pixels_in}, c, v));
      });
    for (int k = 0; k < points; k++)
      with_op(PointOps{}, point[k].opcode, [&]<class Op>() {
        if constexpr (sizeof(Op) <= SegmentPoint::kMaxBytes && !PixelOp<Op>) {
          const Op& op = *reinterpret_cast<const Op*>(point[k].params);
          if constexpr (ChannelOp<Op>)
            value = round_to<uint8_t>(op(static_cast<float>(value), c));
          else
            value = round_to<uint8_t>(op(static_cast<float>(value)));
        }
      });
    return value;
  }

  VG_FN Pixel pixel_through_points(Pixel p) const {
    for (int k = 0; k < points; k++)
      with_op(PointOps{}, point[k].opcode, [&]<class Op>() {
        if constexpr (sizeof(Op) <= SegmentPoint::kMaxBytes) {
          const Op& op = *reinterpret_cast<const Op*>(point[k].params);
          const float v[3] = {byte_as_float(p, 0), byte_as_float(p, 1), byte_as_float(p, 2)};
          Rgb<float> out;
          if constexpr (PixelOp<Op>)
            out = op(Rgb<float>{v[0], v[1], v[2]});
          else if constexpr (ChannelOp<Op>)
            out = {op(v[0], 0), op(v[1], 1), op(v[2], 2)};
          else
            out = {op(v[0]), op(v[1]), op(v[2])};
          p = round_to<uint8_t>(out.r) | uint32_t{round_to<uint8_t>(out.g)} << 8 |
              uint32_t{round_to<uint8_t>(out.b)} << 16;
        }
      });
    return p;
  }

  template <int Channels>
  VG_FN Pixel tap(int64_t u, int64_t v) const {
    if (u < 0 || u >= in_width || v < 0 || v >= in_height) {
      if (!clamp) return fill * (Channels == 3 ? 0x010101u : 1u);
      u = u < 0 ? 0 : u >= in_width ? in_width - 1 : u;
      v = v < 0 ? 0 : v >= in_height ? in_height - 1 : v;
    }
    return load_pixel<Channels>(in + (v * in_width + u) * Channels);
  }

  VG_FN static uint32_t blend(const Bilinear<uint8_t, uint8_t>& b, uint32_t a, uint32_t c,
                              uint32_t d, uint32_t e, int channel) {
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
  VG_FN Pixel warped(WarpPoint at) const {
    const int64_t u = at.u >> 32, v = at.v >> 32;
    if (nearest) return tap<Channels>(u, v);
    const Bilinear<uint8_t, uint8_t> weights(at);
    Pixel a, b, c, d;
    if (u >= 0 && u + 1 < in_width && v >= 0 && v + 1 < in_height) {
      const uint8_t* p = in + (v * in_width + u) * Channels;
      const uint8_t* q = p + in_width * Channels;
      uint32_t w[2], x[2];
      Words(p).read<2 * Channels>(w);
      Words(q).read<2 * Channels>(x);
      a = w[0], c = x[0];
      b = Channels == 3 ? funnel(w[0], w[1], 24) : w[0] >> 8;
      d = Channels == 3 ? funnel(x[0], x[1], 24) : x[0] >> 8;
    } else {
      a = tap<Channels>(u, v), b = tap<Channels>(u + 1, v);
      c = tap<Channels>(u, v + 1), d = tap<Channels>(u + 1, v + 1);
    }
    Pixel p = 0;
    for (int ch = 0; ch < Channels; ch++) p |= blend(weights, a, b, c, d, ch) << (8 * ch);
    return p;
  }

  template <int Channels>
  VG_FN Pixel filtered(int64_t x, int64_t y) const {
    float sum[3] = {0, 0, 0};
    for (int j = 0; j < 3; j++) {
      const int64_t row = border_index(border, y + j - 1, in_height);
      for (int i = 0; i < 3; i++) {
        const int64_t column = border_index(border, x + i - 1, in_width);
        const float k = kernel[3 * j + i];
        const bool inside = row >= 0 && column >= 0;
        const Pixel p =
            inside ? load_pixel<Channels>(in + (row * in_width + column) * Channels) : 0;
        for (int ch = 0; ch < Channels; ch++)
          sum[ch] += k * (inside ? byte_as_float(p, ch) : stencil_fill);
      }
    }
    Pixel p = 0;
    for (int ch = 0; ch < Channels; ch++)
      p |= uint32_t{round_to<uint8_t>(round_even(sum[ch]))} << (8 * ch);
    return p;
  }

  template <int Channels>
  VG_FN void quad(const Shared& s, int64_t i) const {
    const int64_t first = 4 * i, all = width * height;
    const int n = first + 4 <= all ? 4 : static_cast<int>(all - first);
    Pixel p[4] = {0, 0, 0, 0};
    if (head == Head::None) {
      const uint8_t* from = in + first * Channels;
      if (n == 4)
        load_quad<Channels>(from, p);
      else
        for (int k = 0; k < n; k++) p[k] = load_pixel<Channels>(from + k * Channels);
    } else {
      auto y = static_cast<int64_t>(static_cast<uint32_t>(first) / static_cast<uint32_t>(width));
      int64_t x = first - y * width;
      for (int k = 0; k < n; k++) {
        p[k] = head == Head::Warp ? warped<Channels>(warp_point(steps, x, y))
                                  : filtered<Channels>(x, y);
        if (++x == width) x = 0, y++;
      }
    }
    if (tables) {
      for (int k = 0; k < 4; k++) {
        Pixel q = 0;
        for (int ch = 0; ch < Channels; ch++)
          q |= uint32_t{s.table[ch][byte_of(p[k], ch)]} << (8 * ch);
        p[k] = q;
      }
    } else if (points > 0) {
      for (int k = 0; k < 4; k++) p[k] = pixel_through_points(p[k]);
    }
    if (store == Store::Bytes)
      store_quad<Channels>(reinterpret_cast<uint8_t*>(out) + first * Channels, p, n);
    else if (store == Store::Half)
      put<Channels, uint16_t>(p, first, n);
    else
      put<Channels, float>(p, first, n);
  }

  template <int Channels, class T>
  VG_FN void put(const Pixel* p, int64_t first, int n) const {
    T* to = reinterpret_cast<T*>(out);
    const int64_t all = width * height;
    for (int ch = 0; ch < Channels; ch++) {
      T value[4];
      for (int k = 0; k < 4; k++) {
        const float x = (byte_as_float(p[k], ch) - mean[ch]) * factor[ch] + shift[ch];
        if constexpr (sizeof(T) == 2)
          value[k] = half_bits(x);
        else
          value[k] = x;
      }
      if (planar) {
        T* plane = to + ch * all + first;
        if (n == 4 && reinterpret_cast<uintptr_t>(plane) % (4 * sizeof(T)) == 0) {
          struct alignas(4 * sizeof(T)) Four {
            T v[4];
          };
          *reinterpret_cast<Four*>(plane) = Four{{value[0], value[1], value[2], value[3]}};
        } else {
          for (int k = 0; k < n; k++) plane[k] = value[k];
        }
      } else {
        for (int k = 0; k < n; k++) to[(first + k) * Channels + ch] = value[k];
      }
    }
  }
};

}  // namespace vg::cuda
