// Arithmetic: + - * / // % **, signs and absolute value. Integers wrap around.
#pragma once

#include <cmath>

#include "ops/elementwise.h"

namespace vg::arithmetic {

/// Unsigned type in which integers of type T wrap without undefined behaviour.
template <class T>
using Wrap = std::conditional_t<sizeof(T) <= 4, uint32_t, uint64_t>;

inline Schema binary_schema(std::string name, std::string doc) {
  return Schema(std::move(name), std::move(doc))
      .input("a", "left operand")
      .input("b", "right operand")
      .hidden();
}

struct Add {
  static Schema schema() { return binary_schema("_add", "a + b"); }
  static Outcome<ElementwiseParams> plan(Plan& p) { return arithmetic_plan(p, Domain::Numbers); }
  template <Integer T>
  VG_FN T operator()(T a, T b) const {
    return static_cast<T>(static_cast<Wrap<T>>(a) + static_cast<Wrap<T>>(b));
  }
  template <std::floating_point T>
  VG_FN T operator()(T a, T b) const {
    return a + b;
  }
};

struct Sub {
  static Schema schema() { return binary_schema("_sub", "a - b"); }
  static Outcome<ElementwiseParams> plan(Plan& p) { return arithmetic_plan(p, Domain::Numbers); }
  template <Integer T>
  VG_FN T operator()(T a, T b) const {
    return static_cast<T>(static_cast<Wrap<T>>(a) - static_cast<Wrap<T>>(b));
  }
  template <std::floating_point T>
  VG_FN T operator()(T a, T b) const {
    return a - b;
  }
};

struct Mul {
  static Schema schema() { return binary_schema("_mul", "a * b; of bools: both"); }
  static Outcome<ElementwiseParams> plan(Plan& p) { return arithmetic_plan(p, Domain::Any); }
  template <Integer T>
  VG_FN T operator()(T a, T b) const {
    return static_cast<T>(static_cast<Wrap<T>>(a) * static_cast<Wrap<T>>(b));
  }
  template <std::floating_point T>
  VG_FN T operator()(T a, T b) const {
    return a * b;
  }
  template <std::same_as<bool> T>
  VG_FN T operator()(T a, T b) const {
    return a && b;
  }
};

struct Div {
  static Schema schema() { return binary_schema("_div", "a / b; of integers: as float32"); }
  static Outcome<ElementwiseParams> plan(Plan& p) { return arithmetic_plan(p, Domain::Fractions); }
  template <std::floating_point T>
  VG_FN T operator()(T a, T b) const {
    return a / b;
  }
};

struct FloorDiv {
  static constexpr bool kRefusesZero = true;
  static Schema schema() {
    return binary_schema("_floordiv", "a // b; of integers: toward zero, of floats: as /");
  }
  static Outcome<ElementwiseParams> plan(Plan& p) { return arithmetic_plan(p, Domain::Numbers); }
  template <Integer T>
  VG_FN T operator()(T a, T b) const {
    if constexpr (std::is_signed_v<T>)
      if (b == -1) return static_cast<T>(Wrap<T>{0} - static_cast<Wrap<T>>(a));  // min / -1 traps
    return static_cast<T>(a / b);
  }
  template <std::floating_point T>
  VG_FN T operator()(T a, T b) const {
    return a / b;
  }
};

struct Mod {
  static constexpr bool kRefusesZero = true;
  static Schema schema() { return binary_schema("_mod", "remainder of a / b with the sign of a"); }
  static Outcome<ElementwiseParams> plan(Plan& p) { return arithmetic_plan(p, Domain::Numbers); }
  template <Integer T>
  VG_FN T operator()(T a, T b) const {
    if constexpr (std::is_signed_v<T>)
      if (b == -1) return 0;
    return static_cast<T>(a % b);
  }
  template <std::floating_point T>
  VG_FN T operator()(T a, T b) const {
    return std::fmod(a, b);
  }
};

struct Pow {
  static constexpr bool kHostOnlyFloats = true;
  static Schema schema() {
    return binary_schema("math.pow",
                         "a ** b in the promoted type; integers to a negative power are 0")
        .alias("_pow");
  }
  static Outcome<ElementwiseParams> plan(Plan& p) { return arithmetic_plan(p, Domain::Numbers); }
  template <Integer T>
  VG_FN T operator()(T a, T b) const {
    if constexpr (std::is_signed_v<T>)
      if (b < 0) return 0;
    uint64_t power = 1, square = static_cast<uint64_t>(a);
    for (auto n = static_cast<uint64_t>(b); n != 0; n >>= 1) {
      if (n & 1) power *= square;
      square *= square;
    }
    return static_cast<T>(power);
  }
  template <std::floating_point T>
  VG_FN T operator()(T a, T b) const {
    return static_cast<T>(std::pow(static_cast<double>(a), static_cast<double>(b)));
  }
};

inline Schema unary_schema(std::string name, std::string doc) {
  return Schema(std::move(name), std::move(doc)).input("x", "operand").hidden();
}

struct Neg {
  static Schema schema() { return unary_schema("_neg", "-x; unsigned integers wrap around"); }
  static Outcome<ElementwiseParams> plan(Plan& p) { return arithmetic_plan(p, Domain::Numbers); }
  template <Integer T>
  VG_FN T operator()(T x) const {
    return static_cast<T>(Wrap<T>{0} - static_cast<Wrap<T>>(x));
  }
  template <std::floating_point T>
  VG_FN T operator()(T x) const {
    return -x;
  }
};

struct Pos {
  static Schema schema() { return unary_schema("_pos", "+x: x itself"); }
  static Outcome<ElementwiseParams> plan(Plan& p) {
    p.alias(0, 0);
    return conversion_plan(p, 0, p.in());
  }
};

struct Abs {
  static Schema schema() {
    return unary_schema("math.abs", "absolute value; the lowest integer is its own").alias("_abs");
  }
  static Outcome<ElementwiseParams> plan(Plan& p) { return arithmetic_plan(p, Domain::Numbers); }
  template <Integer T>
  VG_FN T operator()(T x) const {
    return x < 0 ? Neg()(x) : x;
  }
  template <std::floating_point T>
  VG_FN T operator()(T x) const {
    return std::fabs(x);
  }
};

}  // namespace vg::arithmetic
