// Rows of the view driver. Elements are first brought side by side, then converted as a tile;
// uint8 inputs are looked up in a table that the same conversion has filled.
#include "cpu/view_rows.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/cast.h"
#include "cpu/convert.h"
#include "cpu/three_channels.h"

namespace vg::cpu {
namespace {

constexpr int64_t kTileElements = 1024;
constexpr int64_t kWorthATable = 2048;  // elements, from which on a table of 256 pays
constexpr size_t kMaxTables = 4;

template <int Bytes>
void move_fixed(const std::byte* from, int64_t in_step, std::byte* to, int64_t out_step,
                int64_t n) {
  for (int64_t i = 0; i < n; i++, from += in_step, to += out_step) std::memcpy(to, from, Bytes);
}

/// Zeroed memory that any element type may lie in.
std::span<std::byte> aligned(Arena& arena, size_t bytes) {
  auto* p = static_cast<std::byte*>(arena.allocate(bytes, 64));
  std::memset(p, 0, bytes);
  return {p, bytes};
}

const Affine& affine_of(std::span<const Affine> all, int64_t channel) {
  return all[std::min(static_cast<size_t>(channel), all.size() - 1)];
}

}  // namespace

void move_blocks(const std::byte* from, int64_t in_step, std::byte* to, int64_t out_step, int64_t n,
                 int64_t bytes) {
  if (in_step == bytes && out_step == bytes) {
    std::memcpy(to, from, static_cast<size_t>(n * bytes));
    return;
  }
  switch (bytes) {
    case 1:
      return move_fixed<1>(from, in_step, to, out_step, n);
    case 2:
      return move_fixed<2>(from, in_step, to, out_step, n);
    case 3:
      if (in_step == -3 && out_step == 3)
        return reverse_pixels(reinterpret_cast<const uint8_t*>(from),
                              reinterpret_cast<uint8_t*>(to), n);
      return move_fixed<3>(from, in_step, to, out_step, n);
    case 4:
      return move_fixed<4>(from, in_step, to, out_step, n);
    case 6:
      return move_fixed<6>(from, in_step, to, out_step, n);
    case 8:
      return move_fixed<8>(from, in_step, to, out_step, n);
    case 12:
      return move_fixed<12>(from, in_step, to, out_step, n);
    case 16:
      return move_fixed<16>(from, in_step, to, out_step, n);
    default:
      for (int64_t i = 0; i < n; i++, from += in_step, to += out_step)
        std::memcpy(to, from, static_cast<size_t>(bytes));
  }
}

void Converter::run(const std::byte* from, std::byte* to, int64_t n, int64_t size, bool is_channels,
                    int64_t channel, double* tile) const {
  const int64_t count = n * size;
  if (affine.empty() && !(cut && is_float(in) && is_integer(out)))
    return cast_elements(in, from, out, to, count);
  if (affine.empty()) {
    auto* numbers = reinterpret_cast<std::byte*>(tile);
    cast_elements(in, from, DType::Float64, numbers, count);
    for (int64_t i = 0; i < count; i++) tile[i] = std::trunc(tile[i]);
    return cast_elements(DType::Float64, numbers, out, to, count);
  }
  float* v = reinterpret_cast<float*>(tile);
  load_tile(in, from, v, count);
  if (is_channels) {
    for (int64_t j = 0; j < size; j++) {
      const Affine a = affine_of(affine, j);
      for (int64_t i = j; i < count; i += size) v[i] = (v[i] - a.mean) * a.factor + a.shift;
    }
  } else {
    const Affine a = affine_of(affine, channel);
    for (int64_t i = 0; i < count; i++) v[i] = (v[i] - a.mean) * a.factor + a.shift;
  }
  cast_elements(DType::Float, reinterpret_cast<const std::byte*>(v), out, to, count);
}

Row::Row(const View& view, const Unit& unit, DType in, DType out, int64_t in_step, int64_t out_step,
         int64_t elements, Arena& scratch)
    : unit_(unit),
      converter_{in, out, view.affine, view.cut},
      in_size_(size_of(in)),
      out_size_(size_of(out)),
      in_step_(in_step),
      out_step_(out_step),
      same_(in == out && view.affine.empty()),
      channel_to_floats_(in == DType::Uint8 && out == DType::Float && !view.affine.empty() &&
                         unit.size == 1 && !unit.is_channels && std::abs(in_step) == 3 &&
                         out_step == 4 && strides_are_fast()),
      tile_(std::max<int64_t>(kTileElements / unit.size, 1)) {
  static constexpr double kZero[] = {0};
  const std::span<const double> fill = view.fill.empty() ? kZero : view.fill;
  const size_t units = unit.is_channels ? 1 : fill.size(), size = static_cast<size_t>(unit.size);
  fill_ = aligned(scratch, units * size * static_cast<size_t>(out_size_));
  for (size_t i = 0; i < units * size; i++) {
    const double x = fill[unit.is_channels ? std::min(i, fill.size() - 1) : i / size];
    store_number(is_float(out) ? x : std::trunc(x), out,
                 fill_.data() + i * static_cast<size_t>(out_size_));
  }
  if (same_ || channel_to_floats_) return;
  const auto n = static_cast<size_t>(std::max(tile_ * unit.size, int64_t{256}));
  raw_ = aligned(scratch, n * static_cast<size_t>(in_size_));
  packed_ = aligned(scratch, n * static_cast<size_t>(out_size_));
  numbers_ = scratch.array<double>(n);
  const size_t tables = std::max<size_t>(view.affine.size(), 1);
  if (in != DType::Uint8 || elements < kWorthATable || tables > kMaxTables) return;
  std::array<uint8_t, 256> all;
  for (int v = 0; v < 256; v++) all[v] = static_cast<uint8_t>(v);
  table_ = aligned(scratch, 256 * tables * static_cast<size_t>(out_size_));
  for (size_t c = 0; c < tables; c++)
    converter_.run(reinterpret_cast<const std::byte*>(all.data()),
                   table_.data() + c * 256 * static_cast<size_t>(out_size_), 256, 1, false,
                   static_cast<int64_t>(c), numbers_.data());
}

void Row::gather(const std::byte* from, std::byte* to, int64_t to_step, int64_t n) const {
  if (unit_.in_step == in_size_) {
    const int64_t first = unit_.low * in_size_;
    return move_blocks(from + first, in_step_, to + first, to_step, n,
                       (unit_.high - unit_.low) * in_size_);
  }
  for (int64_t j = unit_.low; j < unit_.high; j++)
    move_blocks(from + j * unit_.in_step, in_step_, to + j * in_size_, to_step, n, in_size_);
}

template <class T>
void Row::look_up(const std::byte* from, std::byte* to, int64_t n, int64_t channel) const {
  const T* table = reinterpret_cast<const T*>(table_.data());
  const int64_t last = static_cast<int64_t>(table_.size() / (256 * sizeof(T))) - 1;
  for (int64_t j = unit_.low; j < unit_.high; j++) {
    const T* line = table + 256 * std::min(unit_.is_channels ? j : channel, last);
    const std::byte* p = from + j * unit_.in_step;
    std::byte* q = to + j * static_cast<int64_t>(sizeof(T));
    for (int64_t i = 0; i < n; i++, p += in_step_, q += out_step_)
      std::memcpy(q, line + static_cast<uint8_t>(*p), sizeof(T));
  }
}

std::span<const std::byte> Row::fill_of(int64_t channel) const {
  const auto bytes = static_cast<size_t>(unit_.size * out_size_);
  const size_t i = std::min(static_cast<size_t>(channel), fill_.size() / bytes - 1);
  return fill_.subspan(i * bytes, bytes);
}

void Row::fill(std::byte* to, int64_t n, int64_t channel) const {
  const std::span<const std::byte> unit = fill_of(channel);
  move_blocks(unit.data(), 0, to, out_step_, n, unit_.size * out_size_);
}

void Row::copy(const std::byte* from, std::byte* to, int64_t n, int64_t channel) const {
  if (unit_.low > 0 || unit_.high < unit_.size) fill(to, n, channel);
  if (same_) return gather(from, to, out_step_, n);
  if (channel_to_floats_)
    return normalize_channel(reinterpret_cast<const uint8_t*>(from), in_step_,
                             affine_of(converter_.affine, channel), reinterpret_cast<float*>(to),
                             n);
  if (!table_.empty()) {
    switch (out_size_) {
      case 1:
        return look_up<uint8_t>(from, to, n, channel);
      case 2:
        return look_up<uint16_t>(from, to, n, channel);
      case 4:
        return look_up<uint32_t>(from, to, n, channel);
      default:
        return look_up<uint64_t>(from, to, n, channel);
    }
  }
  const int64_t whole = unit_.size * in_size_, first = unit_.low * out_size_;
  for (int64_t i = 0; i < n; i += tile_) {
    const int64_t m = std::min(tile_, n - i);
    gather(from + i * in_step_, raw_.data(), whole, m);
    converter_.run(raw_.data(), packed_.data(), m, unit_.size, unit_.is_channels, channel,
                   numbers_.data());
    move_blocks(packed_.data() + first, unit_.size * out_size_, to + i * out_step_ + first,
                out_step_, m, (unit_.high - unit_.low) * out_size_);
  }
}

}  // namespace vg::cpu
