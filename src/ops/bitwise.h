// Bitwise operators and shifts, of integers and bools.
#pragma once

#include "ops/arithmetic.h"

namespace vg::arithmetic {

struct And {
  static Schema schema() { return binary_schema("_and", "a & b"); }
  static Outcome<ElementwiseParams> plan(Plan& p) { return arithmetic_plan(p, Domain::Integral); }
  template <std::integral T>
  VG_FN T operator()(T a, T b) const {
    return static_cast<T>(a & b);
  }
};

struct Or {
  static Schema schema() { return binary_schema("_or", "a | b"); }
  static Outcome<ElementwiseParams> plan(Plan& p) { return arithmetic_plan(p, Domain::Integral); }
  template <std::integral T>
  VG_FN T operator()(T a, T b) const {
    return static_cast<T>(a | b);
  }
};

struct Xor {
  static Schema schema() { return binary_schema("_xor", "a ^ b"); }
  static Outcome<ElementwiseParams> plan(Plan& p) { return arithmetic_plan(p, Domain::Integral); }
  template <std::integral T>
  VG_FN T operator()(T a, T b) const {
    return static_cast<T>(a ^ b);
  }
};

struct Shl {
  static Schema schema() {
    return binary_schema("_shl", "a << b; 0 if b is not a bit of the type");
  }
  static Outcome<ElementwiseParams> plan(Plan& p) { return arithmetic_plan(p, Domain::Integral); }
  template <Integer T>
  VG_FN T operator()(T a, T b) const {
    const auto n = static_cast<uint64_t>(b);
    return n < 8 * sizeof(T) ? static_cast<T>(static_cast<Wrap<T>>(a) << n) : T{0};
  }
  template <std::same_as<bool> T>
  VG_FN T operator()(T a, T) const {
    return a;
  }
};

struct Shr {
  static Schema schema() {
    return binary_schema(
        "_shr", "a >> b, keeping the sign; only the sign is left if b is not a bit of the type");
  }
  static Outcome<ElementwiseParams> plan(Plan& p) { return arithmetic_plan(p, Domain::Integral); }
  template <Integer T>
  VG_FN T operator()(T a, T b) const {
    const auto n = static_cast<uint64_t>(b);
    return n < 8 * sizeof(T) ? static_cast<T>(a >> n) : static_cast<T>(a < 0 ? -1 : 0);
  }
  template <std::same_as<bool> T>
  VG_FN T operator()(T a, T b) const {
    return a && !b;
  }
};

struct BitwiseNot {
  static Schema schema() { return unary_schema("_bitwise_not", "~x: all bits; of a bool: not x"); }
  static Outcome<ElementwiseParams> plan(Plan& p) { return arithmetic_plan(p, Domain::Integral); }
  template <Integer T>
  VG_FN T operator()(T x) const {
    return static_cast<T>(~x);
  }
  template <std::same_as<bool> T>
  VG_FN T operator()(T x) const {
    return !x;
  }
};

}  // namespace vg::arithmetic
