// The scatter driver of the host.
#include <algorithm>
#include <array>
#include <cstring>

#include "cpu/convert.h"
#include "cpu/drivers.h"
#include "ops/lists/scatter.h"

namespace vg::cpu {
namespace {

constexpr int64_t kTile = 1024;  // a multiple of the 4 numbers of a Philox block

struct Target {
  const TensorDesc& desc;
  std::byte* data;
  int64_t size;  // of an element
};

void fill_box(const Box& box, std::span<const Element> fill, const Target& t) {
  const Shape& shape = t.desc.shape;
  const ChannelAxis channel = channel_axis(t.desc);
  int split = shape.ndim();  // axes from here on are covered and make one run with the one before
  int64_t run = 1;
  for (; split > 0; split--) {
    const int i = split - 1;
    if (box.low[i] >= box.high[i]) return;
    if (box.low[i] > 0 || box.high[i] < shape[i]) break;
    run *= shape[i];
  }
  for (int i = 0; i < split; i++)
    if (box.low[i] >= box.high[i]) return;
  int64_t start = 0, stride = run;
  if (split > 0) {
    split--;
    start = box.low[split] * run;
    stride = run * shape[split];
    run *= box.high[split] - box.low[split];
  }
  // The channels repeat from run to run, unless their axis lies outside of it.
  const bool alike = fill.size() == 1 || stride % (channel.channels * channel.inner) == 0;
  const std::byte* model = nullptr;
  std::array<int64_t, Shape::kMaxDims> at{};
  for (int i = 0; i < split; i++) at[i] = box.low[i];
  while (true) {
    int64_t row = 0;
    for (int i = 0; i < split; i++) row = row * shape[i] + at[i];
    const int64_t first = row * stride + start;
    std::byte* to = t.data + first * t.size;
    if (model) {
      std::memcpy(to, model, static_cast<size_t>(run * t.size));
    } else {
      for (int64_t i = 0; i < run; i++) {
        const int64_t c = fill.size() == 1 ? 0 : (first + i) / channel.inner % channel.channels;
        std::memcpy(to + i * t.size, fill[static_cast<size_t>(c)].bytes,
                    static_cast<size_t>(t.size));
      }
      if (alike) model = to;
    }
    int axis = split - 1;
    for (; axis >= 0 && ++at[axis] == box.high[axis]; axis--) at[axis] = box.low[axis];
    if (axis < 0) return;
  }
}

template <class Op>
Status fill_regions(const Op& op, const Work&, const Target& t) {
  for (const Box& box : op.regions.boxes) fill_box(box, op.regions.fill, t);
  return {};
}

template <class Op>
Status mask(const Op& op, const Work&, const Target& t) {
  VG_ASSIGN(const ImageDims d, image_dims(t.desc));
  const int64_t pixel = d.channels * t.size, frame = d.height * d.width * pixel;
  for (int64_t y = 0; y < d.height; y++)
    for (int64_t x = 0; x < d.width; x++)
      if (op(x, y))
        for (int64_t f = 0; f < d.frames; f++)
          std::memset(t.data + f * frame + (y * d.width + x) * pixel, 0,
                      static_cast<size_t>(pixel));
  return {};
}

template <class Op>
Status choose(const Op& op, const Work&, const Target& t) {
  const Choice& choice = op.choice;
  const auto place = [&](int64_t i, int k) {
    std::memcpy(t.data + i * t.size, choice.fill[k].bytes, static_cast<size_t>(t.size));
  };
  ChannelAxis a = channel_axis(t.desc);
  if (choice.per_element) a = {a.outer * a.channels * a.inner, 1, 1};
  const int64_t n = a.outer * a.inner;
  for (int64_t i = 0; i < n; i += 4) {
    const PhiloxBlock block = choice.key.block(i / 4);
    for (int64_t j = i; j < std::min(i + 4, n); j++)
      if (const int k = op(block[j - i]); k >= 0)
        for (int64_t c = 0; c < a.channels; c++)
          place((j / a.inner * a.channels + c) * a.inner + j % a.inner, k);
  }
  return {};
}

template <class Op>
Status add_noise(const Op& op, const Work& work, const Target& t) {
  const int64_t n = t.desc.shape.elements();
  std::array<float, kTile> tile;
  for (int64_t i = 0; i < n; i += kTile) {
    const int64_t m = std::min(kTile, n - i);
    load_tile(t.desc.dtype, work.in[0].data + i * t.size, tile.data(), m);
    for (int64_t j = 0; j < m; j += 4) {
      const PhiloxBlock block = op.key.block((i + j) / 4);
      for (int64_t k = j; k < std::min(j + 4, m); k++) tile[k] = op(tile[k], block[k - j]);
    }
    round_tile(t.desc.dtype, tile.data(), m);
    store_tile(t.desc.dtype, tile.data(), t.data + i * t.size, m);
  }
  return {};
}

template <class Op>
Status run(const Work& work) {
  const Op& op = work.param<Op>();
  const TensorDesc& desc = work.out[0].desc;
  const Target target{desc, work.out[0].data, size_of(desc.dtype)};
  if constexpr (NoiseOp<Op>) {
    return add_noise(op, work, target);
  } else {
    if (target.data != work.in[0].data && desc.bytes() > 0)
      std::memcpy(target.data, work.in[0].data, static_cast<size_t>(desc.bytes()));
    if constexpr (RegionOp<Op>)
      return fill_regions(op, work, target);
    else if constexpr (ChoiceOp<Op>)
      return choose(op, work, target);
    else
      return mask(op, work, target);
  }
}

template <class... Op>
constexpr std::array<Status (*)(const Work&), sizeof...(Op)> codes_of(TypeList<Op...>) {
  return {{&run<Op>...}};
}
constexpr auto kCodes = codes_of(ScatterOps{});

}  // namespace

Status run_scatter(const OpDef& op, const Work& work) { return kCodes[op.opcode](work); }

}  // namespace vg::cpu
