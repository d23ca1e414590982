// The functions of `math`: elementary functions (integers as float32), minimum, maximum, clamp.
// They are evaluated in double and rounded once, so that a float32 result hardly depends on the C
// library; exp, log and the basic trigonometry are our own and equal everywhere.
#pragma once

#include "core/math.h"
#include "ops/arithmetic.h"

namespace vg::elementary {

/// Text as a template argument.
template <size_t N>
struct Text {
  char letters[N];
  constexpr Text(const char (&text)[N]) { std::copy_n(text, N, letters); }
};

template <Text name, Text doc, double (*function)(double)>
struct Function {
  static constexpr bool kHostOnlyFloats = true;
  static Schema schema() { return arithmetic::unary_schema(name.letters, doc.letters); }
  static Outcome<ElementwiseParams> plan(Plan& p) { return arithmetic_plan(p, Domain::Fractions); }
  template <std::floating_point T>
  VG_FN T operator()(T x) const {
    return static_cast<T>(function(static_cast<double>(x)));
  }
};

template <Text name, Text doc, double (*function)(double, double)>
struct BinaryFunction {
  static constexpr bool kHostOnlyFloats = true;
  static Schema schema() { return arithmetic::binary_schema(name.letters, doc.letters); }
  static Outcome<ElementwiseParams> plan(Plan& p) { return arithmetic_plan(p, Domain::Fractions); }
  template <std::floating_point T>
  VG_FN T operator()(T a, T b) const {
    return static_cast<T>(function(static_cast<double>(a), static_cast<double>(b)));
  }
};

/// A function that IEEE defines to the last bit, or that is made of such ones: the same on every
/// target.
template <Text name, Text doc, class F>
struct ExactFunction {
  static Schema schema() { return arithmetic::unary_schema(name.letters, doc.letters); }
  static Outcome<ElementwiseParams> plan(Plan& p) { return arithmetic_plan(p, Domain::Fractions); }
  template <std::floating_point T>
  VG_FN T operator()(T x) const {
    return static_cast<T>(F()(static_cast<double>(x)));
  }
};

struct SquareRoot {
  VG_FN double operator()(double x) const { return std::sqrt(x); }
};
/// Not a number at 0, where the limits from the two sides differ.
struct InverseRoot {
  VG_FN double operator()(double x) const {
    return x == 0 ? std::numeric_limits<double>::quiet_NaN() : 1 / std::sqrt(x);
  }
};
struct Magnitude {
  VG_FN double operator()(double x) const { return std::fabs(x); }
};
struct RoundDown {
  VG_FN double operator()(double x) const { return std::floor(x); }
};
struct RoundUp {
  VG_FN double operator()(double x) const { return std::ceil(x); }
};

/// Exact at powers of two.
inline double log2(double x) {
  if (!(x > 0) || std::isinf(x)) return math::log(x);
  int exponent;
  const double fraction = std::frexp(x, &exponent);  // [0.5, 1)
  return (exponent - 1) + math::log(2 * fraction) * 1.4426950408889634;
}

using Sqrt = ExactFunction<"math.sqrt", "square root", SquareRoot>;
using Rsqrt = ExactFunction<"math.rsqrt", "1 / sqrt(x)", InverseRoot>;
using Cbrt = Function<"math.cbrt", "cube root", std::cbrt>;
using Exp = Function<"math.exp", "e to the power of x", math::exp>;
using Log = Function<"math.log", "natural logarithm", math::log>;
using Log2 = Function<"math.log2", "logarithm to base 2", log2>;
using Log10 = Function<"math.log10", "logarithm to base 10", std::log10>;
using Fabs = ExactFunction<"math.fabs", "absolute value as a float", Magnitude>;
using Floor = ExactFunction<"math.floor", "largest whole number not above x", RoundDown>;
using Ceil = ExactFunction<"math.ceil", "smallest whole number not below x", RoundUp>;
using Sin = Function<"math.sin", "sine of x in radians", math::sin>;
using Cos = Function<"math.cos", "cosine of x in radians", math::cos>;
using Tan = Function<"math.tan", "tangent of x in radians", math::tan>;
using Asin = Function<"math.asin", "angle in radians whose sine is x", std::asin>;
using Acos = Function<"math.acos", "angle in radians whose cosine is x", std::acos>;
using Atan = Function<"math.atan", "angle in radians whose tangent is x", std::atan>;
using Sinh = Function<"math.sinh", "hyperbolic sine", std::sinh>;
using Cosh = Function<"math.cosh", "hyperbolic cosine", std::cosh>;
using Tanh = Function<"math.tanh", "hyperbolic tangent", std::tanh>;
using Asinh = Function<"math.asinh", "inverse hyperbolic sine", std::asinh>;
using Acosh = Function<"math.acosh", "inverse hyperbolic cosine", std::acosh>;
using Atanh = Function<"math.atanh", "inverse hyperbolic tangent", std::atanh>;
using Atan2 = BinaryFunction<"math.atan2", "angle of the point (b, a) in radians", std::atan2>;
using Fpow = BinaryFunction<"math.fpow", "a to the power of b, as floats", std::pow>;

struct Min {
  static Schema schema() { return arithmetic::binary_schema("math.min", "the smaller of a and b"); }
  static Outcome<ElementwiseParams> plan(Plan& p) { return arithmetic_plan(p, Domain::Numbers); }
  template <Number T>
  VG_FN T operator()(T a, T b) const {
    return b < a ? b : a;
  }
};

struct Max {
  static Schema schema() { return arithmetic::binary_schema("math.max", "the larger of a and b"); }
  static Outcome<ElementwiseParams> plan(Plan& p) { return arithmetic_plan(p, Domain::Numbers); }
  template <Number T>
  VG_FN T operator()(T a, T b) const {
    return a < b ? b : a;
  }
};

struct Clamp {
  static Schema schema() {
    return Schema("math.clamp",
                  "value, but not below lo and not above hi; the type is the promoted one")
        .input("value", "operand")
        .input("lo", "lower bound")
        .input("hi", "upper bound")
        .hidden();
  }
  static Outcome<ElementwiseParams> plan(Plan& p) { return arithmetic_plan(p, Domain::Numbers); }
  template <Number T>
  VG_FN T operator()(T value, T lo, T hi) const {
    return value < lo ? lo : hi < value ? hi : value;
  }
};

}  // namespace vg::elementary
