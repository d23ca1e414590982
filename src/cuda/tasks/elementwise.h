// The elementwise family as tasks: a thread makes a few neighbouring elements of the output.
#pragma once

#include "cuda/tasks/walk.h"
#include "ops/lists/elementwise.h"

namespace vg::cuda {

struct Operand {
  const std::byte* data;
  DType type;
  Walk walk;
};

template <class Op, class T>
constexpr bool takes() {
  return !std::is_same_v<T, Half> && (std::is_invocable_v<Op, T> || std::is_invocable_v<Op, T, T> ||
                                      std::is_invocable_v<Op, T, T, T>);
}

/// Whether operands of type T are computed on a device. An integer divided by zero is an error,
/// which only the host tells.
template <class Op, class T>
constexpr bool has_form() {
  constexpr bool refuses = requires { Op::kRefusesZero; }
  &&Integer<T>;
  constexpr bool host_only = requires { Op::kHostOnlyFloats; }
  &&std::is_floating_point_v<T>;
  return takes<Op, T>() && !refuses && !host_only;
}

/// What the elementwise tasks share: `count` elements in runs.
struct RunsOfElements : SimpleTask {
  uint32_t count;
  std::byte* out;
  VG_FN int64_t elements() const { return (count + kRun - 1) / kRun; }

 protected:
  VG_FN uint32_t length(uint32_t first) const {
    return count - first < kRun ? count - first : kRun;
  }
  template <class T>
  VG_FN void store(uint32_t first, uint32_t n, const T* values) const {
    auto* to = reinterpret_cast<Stored<T>*>(out) + first;
    for (uint32_t j = 0; j < kRun; j++)
      if (j < n) to[j] = values[j];
  }
};

/// An operator on operands that meet in T: a kernel for each type, so that none grows large.
template <class T>
struct Elementwise : RunsOfElements {
  int opcode, operands;
  Operand in[ElementwiseParams::kMaxOperands];

  VG_FN void run(Shared&, const std::byte*, int64_t i) const {
    const uint32_t first = static_cast<uint32_t>(i) * kRun, n = length(first);
    T value[ElementwiseParams::kMaxOperands][kRun] = {};
    for (int k = 0; k < ElementwiseParams::kMaxOperands; k++)
      if (k < operands) load_run(in[k].type, in[k].data, in[k].walk, first, n, value[k]);
    with_op(ElementwiseOps{}, opcode, [&]<class Op>() {
      if constexpr (has_form<Op, T>()) apply(Op{}, first, n, value);
    });
  }

 private:
  template <class Op>
  VG_FN void apply(const Op& op, uint32_t first, uint32_t n, const T (*value)[kRun]) const {
    const auto at = [&](uint32_t j) {
      if constexpr (std::is_invocable_v<Op, T, T, T>)
        return op(value[0][j], value[1][j], value[2][j]);
      else if constexpr (std::is_invocable_v<Op, T, T>)
        return op(value[0][j], value[1][j]);
      else
        return op(value[0][j]);
    };
    decltype(at(0)) result[kRun];
    for (uint32_t j = 0; j < kRun; j++) result[j] = at(j);
    store(first, n, result);
  }
};

/// A conversion, or a broadcast copy.
struct Convert : RunsOfElements {
  Operand in;
  DType type;

  VG_FN void run(Shared&, const std::byte*, int64_t i) const {
    const uint32_t first = static_cast<uint32_t>(i) * kRun, n = length(first);
    with_type(type, [&]<class To>(std::type_identity<To>) {
      To value[kRun];
      load_run(in.type, in.data, in.walk, first, n, value);
      store(first, n, value);
    });
  }
};

/// One value everywhere.
struct Fill : RunsOfElements {
  uint64_t word;
  int size;  ///< of an element

  VG_FN void run(Shared&, const std::byte*, int64_t i) const {
    switch (size) {
      case 1:
        return fill(static_cast<uint32_t>(i), static_cast<uint8_t>(word));
      case 2:
        return fill(static_cast<uint32_t>(i), static_cast<uint16_t>(word));
      case 4:
        return fill(static_cast<uint32_t>(i), static_cast<uint32_t>(word));
      default:
        return fill(static_cast<uint32_t>(i), word);
    }
  }

 private:
  template <class Word>
  VG_FN void fill(uint32_t i, Word value) const {
    const Word values[kRun] = {value, value, value, value};
    store(i * kRun, length(i * kRun), values);
  }
};

}  // namespace vg::cuda
