// The point driver of the host: tiles of floats through a run of operators, or, for uint8 values
// that do not look at their neighbours in the pixel, one table of 256 entries per channel.
#include <array>
#include <vector>

#include "cpu/convert.h"
#include "cpu/drivers.h"
#include "ops/lists/point.h"

namespace vg::cpu {
namespace {

constexpr int64_t kTile = 1536;  // floats: 512 pixels of three channels stay in L1
constexpr int kMaxTableChannels = 4;

template <class Op>
void apply(const void* params, float* v, int64_t n, int channels) {
  const Op op = *static_cast<const Op*>(params);
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
}

struct Code {
  void (*apply)(const void*, float*, int64_t, int);
  bool whole_pixel;
};

template <class... Op>
constexpr std::array<Code, sizeof...(Op)> codes_of(TypeList<Op...>) {
  return {{{&apply<Op>, PixelOp<Op>}...}};
}
constexpr auto kCodes = codes_of(PointOps{});

bool fits_table(std::span<const PointStep> steps, DType in, int channels) {
  if (in != DType::Uint8 || channels > kMaxTableChannels) return false;
  for (const PointStep& s : steps)
    if (kCodes[s.op->opcode].whole_pixel || s.dtype != DType::Uint8) return false;
  return true;
}

void run_tile(std::span<const PointStep> steps, float* tile, int64_t n, int channels) {
  for (const PointStep& s : steps) {
    kCodes[s.op->opcode].apply(s.params, tile, n, channels);
    round_tile(s.dtype, tile, n);
  }
}

void run_table(std::span<const PointStep> steps, const uint8_t* in, uint8_t* out, int64_t n,
               int channels) {
  std::array<float, 256 * kMaxTableChannels> values;
  for (int v = 0; v < 256; v++)
    for (int c = 0; c < channels; c++) values[v * channels + c] = static_cast<float>(v);
  run_tile(steps, values.data(), 256 * channels, channels);
  std::array<std::array<uint8_t, 256>, kMaxTableChannels> table;
  for (int v = 0; v < 256; v++)
    for (int c = 0; c < channels; c++) table[c][v] = static_cast<uint8_t>(values[v * channels + c]);
  if (channels == 3) {
    for (int64_t i = 0; i + 2 < n; i += 3) {
      out[i] = table[0][in[i]];
      out[i + 1] = table[1][in[i + 1]];
      out[i + 2] = table[2][in[i + 2]];
    }
    return;
  }
  for (int64_t i = 0; i < n; i += channels)
    for (int c = 0; c < channels; c++) out[i + c] = table[c][in[i + c]];
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
  if (in_channels == out_channels && fits_table(steps, in.desc.dtype, in_channels)) {
    run_table(steps, in.as<uint8_t>(), out.as<uint8_t>(), n, in_channels);
    return {};
  }
  // A grey image among pixel operators is one of three equal values.
  bool whole_pixel = in_channels != out_channels;
  for (const PointStep& s : steps) whole_pixel |= kCodes[s.op->opcode].whole_pixel;
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
