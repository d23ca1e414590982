// The point driver of the host: tiles of floats through a run of operators. Runs of uint8 are cut
// into tables of 256 entries per channel and operators that look at whole pixels.
#include <array>
#include <vector>

#include "cpu/byte_map.h"
#include "cpu/convert.h"
#include "cpu/drivers.h"
#include "cpu/three_channels.h"
#include "ops/lists/point.h"

namespace vg::cpu {
namespace {

constexpr int64_t kTile = 1536;  // floats: 512 pixels of three channels stay in L1
constexpr int kMaxTableChannels = 4;

template <class Op>
void apply(const void* params, float* v, int64_t n, int channels) {
  const Op op = *static_cast<const Op*>(params);
  on_target([=]() VG_LAMBDA_INLINE {
    if constexpr (PixelOp<Op>) {
      for (int64_t i = 0; i + 2 < n; i += 3) {
        const Rgb<float> out = op(Rgb<float>{v[i], v[i + 1], v[i + 2]});
        v[i] = out.r, v[i + 1] = out.g, v[i + 2] = out.b;
      }
    } else if constexpr (ChannelOp<Op>) {
      for (int64_t i = 0; i < n; i += channels)
        for (int c = 0; c < channels; c++) v[i + c] = op(v[i + c], c);
    } else {
      static_assert(ValueOp<Op>);
      for (int64_t i = 0; i < n; i++) v[i] = op(v[i]);
    }
  });
}

/// A pixel operator from bytes to bytes. `out` may be `in`.
template <class Op>
void map_pixels(const void* params, const uint8_t* in, uint8_t* out, int64_t pixels) {
  constexpr int64_t kPixels = 512;
  const Op op = *static_cast<const Op*>(params);
  alignas(64) uint8_t planes[3][kPixels];
  uint8_t *r = planes[0], *g = planes[1], *b = planes[2];
  for (int64_t i = 0; i < pixels; i += kPixels) {
    const int64_t n = std::min(kPixels, pixels - i);
    split_channels(in + 3 * i, n, {r, g, b});
    on_target([=]() VG_LAMBDA_INLINE {
      for (int64_t k = 0; k < n; k++) {
        const Rgb<float> p = op(Rgb<float>{static_cast<float>(r[k]), static_cast<float>(g[k]),
                                           static_cast<float>(b[k])});
        r[k] = round_byte(p.r), g[k] = round_byte(p.g), b[k] = round_byte(p.b);
      }
    });
    join_channels({r, g, b}, n, out + 3 * i);
  }
}

struct Code {
  void (*apply)(const void*, float*, int64_t, int);
  void (*map_pixels)(const void*, const uint8_t*, uint8_t*, int64_t);  // null: values alone
  bool by_channel;
};

template <class Op>
constexpr Code code_of() {
  if constexpr (PixelOp<Op>)
    return {&apply<Op>, &map_pixels<Op>, false};
  else
    return {&apply<Op>, nullptr, ChannelOp<Op>};
}

template <class... Op>
constexpr std::array<Code, sizeof...(Op)> codes_of(TypeList<Op...>) {
  return {{code_of<Op>()...}};
}
constexpr auto kCodes = codes_of(PointOps{});

bool stays_bytes(std::span<const PointStep> steps, DType in, int channels) {
  if (in != DType::Uint8 || channels > kMaxTableChannels) return false;
  for (const PointStep& s : steps)
    if (s.dtype != DType::Uint8 || (kCodes[s.op->opcode].map_pixels && channels != 3)) return false;
  return true;
}

void run_tile(std::span<const PointStep> steps, float* tile, int64_t n, int channels) {
  for (const PointStep& s : steps) {
    kCodes[s.op->opcode].apply(s.params, tile, n, channels);
    round_tile(s.dtype, tile, n);
  }
}

/// Values that do not look at their neighbours in the pixel.
void run_table(std::span<const PointStep> steps, const uint8_t* in, uint8_t* out, int64_t n,
               int channels) {
  bool by_channel = false;
  for (const PointStep& s : steps) by_channel |= kCodes[s.op->opcode].by_channel;
  const int tables = by_channel ? channels : 1;
  std::array<float, 256 * kMaxTableChannels> values;
  for (int v = 0; v < 256; v++)
    for (int c = 0; c < tables; c++) values[v * tables + c] = static_cast<float>(v);
  run_tile(steps, values.data(), 256 * tables, tables);
  std::array<ByteTable, kMaxTableChannels> table;
  for (int v = 0; v < 256; v++)
    for (int c = 0; c < tables; c++) table[c][v] = static_cast<uint8_t>(values[v * tables + c]);
  map_bytes({table.data(), static_cast<size_t>(tables)}, in, out, n);
}

void run_bytes(std::span<const PointStep> steps, const uint8_t* in, uint8_t* out, int64_t n,
               int channels) {
  for (size_t i = 0; i < steps.size(); in = out) {
    if (const auto map_pixels = kCodes[steps[i].op->opcode].map_pixels) {
      map_pixels(steps[i].params, in, out, n / 3);
      i++;
      continue;
    }
    size_t end = i;
    while (end < steps.size() && !kCodes[steps[end].op->opcode].map_pixels) end++;
    run_table(steps.subspan(i, end - i), in, out, n, channels);
    i = end;
  }
}

void repeat_values(float* v, int64_t pixels) {
  for (int64_t i = pixels - 1; i >= 0; i--) v[3 * i + 2] = v[3 * i + 1] = v[3 * i] = v[i];
}

void keep_first_values(float* v, int64_t pixels) {
  for (int64_t i = 0; i < pixels; i++) v[i] = v[3 * i];
}

}  // namespace

Status run_points(std::span<const PointStep> steps, const TensorRef& in, const TensorRef& out) {
  const int in_channels = point_channels(in.desc), out_channels = point_channels(out.desc);
  const int64_t n = in.desc.shape.elements();
  if (n == 0) return {};
  if (in_channels == out_channels && stays_bytes(steps, in.desc.dtype, in_channels)) {
    run_bytes(steps, in.as<uint8_t>(), out.as<uint8_t>(), n, in_channels);
    return {};
  }
  // A grey image among pixel operators is one of three equal values.
  bool whole_pixel = in_channels != out_channels;
  for (const PointStep& s : steps) whole_pixel |= kCodes[s.op->opcode].map_pixels != nullptr;
  const int channels = whole_pixel ? 3 : in_channels;
  const int64_t pixels = n / in_channels;
  const int64_t step = std::max<int64_t>(kTile / channels, 1);
  std::vector<float> large(channels > kTile ? static_cast<size_t>(channels) : 0);
  alignas(64) std::array<float, kTile> small;
  float* tile = large.empty() ? small.data() : large.data();
  const int64_t in_size = size_of(in.desc.dtype) * in_channels;
  const int64_t out_size = size_of(out.desc.dtype) * out_channels;
  for (int64_t i = 0; i < pixels; i += step) {
    const int64_t m = std::min(step, pixels - i);
    load_tile(in.desc.dtype, in.data + i * in_size, tile, m * in_channels);
    if (in_channels < channels) repeat_values(tile, m);
    run_tile(steps, tile, m * channels, channels);
    if (out_channels < channels) keep_first_values(tile, m);
    store_tile(out.desc.dtype, tile, out.data + i * out_size, m * out_channels);
  }
  return {};
}

Status run_point(const OpDef& op, const Work& work) {
  const PointStep step{&op, work.params, work.out[0].desc.dtype};
  return run_points({&step, 1}, work.in[0], work.out[0]);
}

}  // namespace vg::cpu
