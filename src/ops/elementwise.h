// The elementwise family: one value of each operand -> a value, operands broadcast as in NumPy.
//
// An operator is an empty struct with
//   static Schema schema();
//   static Outcome<ElementwiseParams> plan(Plan& p);   // usually: return arithmetic_plan(p, ...)
//   template <class T> R operator()(T a, T b, ...) const;
// The driver converts operands to one type first, so the function is written for equal types, and
// only for those that it accepts. Without a function the operator is a conversion of its operand.
// `static constexpr bool kRefusesZero = true` makes a zero as second integer operand an error;
// `kHostOnlyFloats` says that floats are computed by a library of the host.
#pragma once

#include <concepts>

#include "core/cast.h"
#include "core/lane.h"
#include "graph/op_def.h"

namespace vg {

template <class T>
concept Integer = std::integral<T> && !std::same_as<T, bool>;
template <class T>
concept Number = Integer<T> || std::floating_point<T>;

/// What a driver needs. The output's axes are merged into groups, outermost first.
struct ElementwiseParams {
  static constexpr int kMaxOperands = 3, kMaxGroups = 6;
  int first = 0;  ///< input that is the first operand
  int operands = 0;
  int groups = 0;
  std::array<DType, kMaxOperands> type{};  ///< operands are converted to these before anything else
  std::array<int64_t, kMaxGroups> extent{};
  /// Of each operand in its elements; 0 along axes that are broadcast.
  std::array<std::array<int64_t, kMaxGroups>, kMaxOperands> stride{};
};

/// Which types an operator takes.
enum class Domain {
  Any,        ///< numbers and bools
  Numbers,    ///< numbers
  Integral,   ///< integers and bools
  Fractions,  ///< numbers, integers as float32
};

/// The type in which two operands meet: bool below unsigned integers; signed and unsigned meet in
/// the signed type that holds both (at most 64 bits); a float with an integer is that float.
DType promote(DType a, DType b);

/// Broadcasts all inputs, promotes their types and describes the output.
Outcome<ElementwiseParams> arithmetic_plan(Plan& p, Domain domain);
/// The same for operators that give a Bool. 64-bit operands of different sign keep their types.
Outcome<ElementwiseParams> comparison_plan(Plan& p);
/// A conversion of input `from` to the type of the output, its shape broadcast to the output's.
Outcome<ElementwiseParams> conversion_plan(Plan& p, int from, const TensorDesc& out);

}  // namespace vg
