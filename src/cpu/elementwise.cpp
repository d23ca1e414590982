// The elementwise driver of the host: operands become contiguous tiles of the type in which they
// meet, then one plain loop per operator and type runs over the tile.
#include <optional>

#include "cpu/drivers.h"
#include "ops/lists/elementwise.h"

namespace vg::cpu {
namespace {

constexpr int64_t kTile = 1024;  // elements; three operands of doubles stay in L1

/// Reads operands a, b, c, writes `n` results; false: an integer was divided by zero.
using Loop = bool (*)(const void* a, const void* b, const void* c, void* out, int64_t n);

template <class Op, class T, class U>
bool loop(const void* pa, const void* pb, const void* pc, void* out, int64_t n) {
  const auto* a = static_cast<const Stored<T>*>(pa);
  [[maybe_unused]] const auto* b = static_cast<const Stored<U>*>(pb);
  [[maybe_unused]] const auto* c = static_cast<const Stored<T>*>(pc);
  const Op op;
  if constexpr (requires { Op::kRefusesZero; } && Integer<T>)
    for (int64_t i = 0; i < n; i++)
      if (b[i] == 0) return false;
  const auto run = [&](auto at) {
    auto* to = static_cast<Stored<decltype(at(int64_t{0}))>*>(out);
    for (int64_t i = 0; i < n; i++) to[i] = at(i);
  };
  if constexpr (std::is_invocable_v<Op, T, U, T>)
    run([&](int64_t i) { return op(T(a[i]), U(b[i]), T(c[i])); });
  else if constexpr (std::is_invocable_v<Op, T, U>)
    run([&](int64_t i) { return op(T(a[i]), U(b[i])); });
  else
    run([&](int64_t i) { return op(T(a[i])); });
  return true;
}

template <class Op, class T, class U = T>
constexpr Loop loop_for() {
  constexpr bool takes =
      !std::is_same_v<T, Half> && (std::is_invocable_v<Op, T> || std::is_invocable_v<Op, T, U> ||
                                   std::is_invocable_v<Op, T, U, T>);
  if constexpr (takes)
    return &loop<Op, T, U>;
  else
    return nullptr;
}

struct Code {
  std::array<Loop, 12> of_type;        ///< by DType; all null: a conversion
  Loop unsigned_left, unsigned_right;  ///< comparisons of 64-bit integers
  int fill;                            ///< without operands: the value
};

template <class Op>
constexpr Code code_of() {
  Code code{{loop_for<Op, uint8_t>(), loop_for<Op, uint16_t>(), loop_for<Op, uint32_t>(),
             loop_for<Op, uint64_t>(), loop_for<Op, int8_t>(), loop_for<Op, int16_t>(),
             loop_for<Op, int32_t>(), loop_for<Op, int64_t>(), nullptr, loop_for<Op, float>(),
             loop_for<Op, double>(), loop_for<Op, bool>()},
            loop_for<Op, uint64_t, int64_t>(),
            loop_for<Op, int64_t, uint64_t>(),
            0};
  if constexpr (requires { Op::kValue; }) code.fill = Op::kValue;
  return code;
}

template <class... Op>
constexpr std::array<Code, sizeof...(Op)> codes_of(TypeList<Op...>) {
  return {code_of<Op>()...};
}
constexpr auto kCodes = codes_of(ElementwiseOps{});

Loop loop_of(const Code& code, const ElementwiseParams& params) {
  const DType left = params.type[0], right = params.type[1];
  if (params.operands == 2 && left != right)
    return left == DType::Uint64 ? code.unsigned_left : code.unsigned_right;
  return code.of_type[static_cast<size_t>(left)];
}

/// Repeats the first `size` bytes until `bytes` are full.
void repeat(std::byte* to, int64_t size, int64_t bytes) {
  for (int64_t done = size; done < bytes;) {
    const int64_t more = std::min(done, bytes - done);
    std::memcpy(to + done, to, static_cast<size_t>(more));
    done += more;
  }
}

/// Hands out one operand, tile after tile, in the order of the output's elements.
class Operand {
 public:
  Operand(const ElementwiseParams& params, int i, const TensorRef& ref, int64_t period,
          Arena& arena)
      : params_(params),
        stride_(params.stride[i]),
        data_(ref.data),
        from_(ref.desc.dtype),
        to_(params.type[i]),
        from_size_(size_of(from_)),
        to_size_(size_of(to_)) {
    int64_t varying = 1, repeated = 1;  // trailing extents that are walked, leading that are not
    int k = params.groups - 1;
    for (; k >= 0 && stride_[k] == varying; k--) varying *= params.extent[k];
    for (; k >= 0 && stride_[k] == 0; k--) repeated *= params.extent[k];
    if (k < 0 && repeated == 1)
      kind_ = Kind::Contiguous;
    else if (k < 0 && period % varying == 0)
      kind_ = Kind::Periodic;
    else
      kind_ = Kind::Strided;
    if (kind_ != Kind::Contiguous || from_ != to_)
      tile_ = static_cast<std::byte*>(arena.allocate(static_cast<size_t>(period * to_size_), 64));
    if (kind_ == Kind::Strided && from_ != to_)
      raw_ = static_cast<std::byte*>(arena.allocate(static_cast<size_t>(period * from_size_), 64));
    if (kind_ == Kind::Periodic) {
      convert(data_, tile_, varying);
      repeat(tile_, varying * to_size_, period * to_size_);
    }
  }

  /// The `n` elements from output element `start` on; calls go forward without gaps.
  const std::byte* next(int64_t start, int64_t n) {
    if (kind_ == Kind::Periodic) return tile_;
    if (kind_ == Kind::Strided) {
      std::byte* to = raw_ ? raw_ : tile_;
      switch (from_size_) {
        case 1:
          gather<uint8_t>(to, n);
          break;
        case 2:
          gather<uint16_t>(to, n);
          break;
        case 4:
          gather<uint32_t>(to, n);
          break;
        default:
          gather<uint64_t>(to, n);
      }
      if (raw_) convert(raw_, tile_, n);
      return tile_;
    }
    const std::byte* from = data_ + start * from_size_;
    if (from_ == to_) return from;
    convert(from, tile_, n);
    return tile_;
  }

 private:
  enum class Kind { Contiguous, Periodic, Strided };

  void convert(const std::byte* from, std::byte* to, int64_t n) const {
    // Arithmetic wraps: 64 unsigned bits become signed as they are.
    const bool wraps = from_ == DType::Uint64 && to_ == DType::Int64;
    cast_elements(wraps ? to_ : from_, from, to_, to, n);
  }

  template <class Word>
  void gather(std::byte* to, int64_t n) {
    const Word* from = reinterpret_cast<const Word*>(data_);
    Word* out = reinterpret_cast<Word*>(to);
    const int last = params_.groups - 1;
    while (n > 0) {
      const int64_t run = std::min(n, params_.extent[last] - index_[last]), step = stride_[last];
      for (int64_t i = 0; i < run; i++) out[i] = from[offset_ + i * step];
      out += run, n -= run, index_[last] += run, offset_ += run * step;
      for (int k = last; k > 0 && index_[k] == params_.extent[k]; k--) {
        offset_ += stride_[k - 1] - index_[k] * stride_[k];
        index_[k] = 0;
        index_[k - 1]++;
      }
    }
  }

  const ElementwiseParams& params_;
  const std::array<int64_t, ElementwiseParams::kMaxGroups>& stride_;
  const std::byte* data_;
  DType from_, to_;
  int64_t from_size_, to_size_;
  Kind kind_;
  std::byte *tile_ = nullptr, *raw_ = nullptr;
  std::array<int64_t, ElementwiseParams::kMaxGroups> index_{};
  int64_t offset_ = 0;
};

/// Elements of a tile: a multiple of the innermost extent where that is small, so that an operand
/// that is repeated along the outer axes is one tile, filled once.
int64_t tile_of(const ElementwiseParams& params) {
  const int64_t inner = params.groups > 0 ? params.extent[params.groups - 1] : 1;
  return inner < kTile ? kTile / inner * inner : kTile;
}

}  // namespace

Status run_elementwise(const OpDef& op, const Work& work) {
  const auto& params = work.param<ElementwiseParams>();
  const Code& code = kCodes[op.opcode];
  const TensorRef& out = work.out[0];
  const int64_t n = out.desc.shape.elements(), size = size_of(out.desc.dtype);
  if (params.operands == 0) {
    if (out.desc.bytes() == 0) return {};
    store_number(code.fill, out.desc.dtype, out.data);
    repeat(out.data, size, out.desc.bytes());
    return {};
  }
  if (n == 0) return {};
  const Loop run = loop_of(code, params);
  const TensorRef* in = work.in.data() + params.first;
  if (!run && in[0].desc.shape.elements() == n) {
    cast_elements(in[0].desc.dtype, in[0].data, out.desc.dtype, out.data, n);
    return {};
  }
  const int64_t tile = std::min(tile_of(params), n);
  std::array<std::optional<Operand>, ElementwiseParams::kMaxOperands> operands;
  for (int i = 0; i < params.operands; i++)
    operands[i].emplace(params, i, in[i], tile, work.scratch);
  for (int64_t start = 0; start < n; start += tile) {
    const int64_t m = std::min(tile, n - start);
    std::array<const std::byte*, ElementwiseParams::kMaxOperands> from{};
    for (int i = 0; i < params.operands; i++) from[i] = operands[i]->next(start, m);
    std::byte* to = out.data + start * size;
    if (!run)
      std::memcpy(to, from[0], static_cast<size_t>(m * size));
    else if (!run(from[0], from[1], from[2], to, m))
      return fail(ErrorKind::Value, "[{}] Integer division by zero", op.schema.name());
  }
  return {};
}

}  // namespace vg::cpu
