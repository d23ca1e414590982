// Comparisons: numbers as numbers, whatever their types; the result is a Bool.
#pragma once

#include "ops/arithmetic.h"

namespace vg::arithmetic {

/// a < b of equal types, or of 64-bit integers of different sign.
template <class T, class U>
VG_FN bool less(T a, U b) {
  if constexpr (std::is_same_v<T, U>)
    return a < b;
  else if constexpr (std::is_signed_v<T>)
    return a < 0 || static_cast<U>(a) < b;
  else
    return b >= 0 && a < static_cast<T>(b);
}

template <class T, class U>
VG_FN bool equal(T a, U b) {
  if constexpr (std::is_same_v<T, U>)
    return a == b;
  else
    return !less(a, b) && !less(b, a);
}

struct Eq {
  static Schema schema() { return binary_schema("_eq", "a == b"); }
  static Outcome<ElementwiseParams> plan(Plan& p) { return comparison_plan(p); }
  template <class T, class U>
  VG_FN bool operator()(T a, U b) const {
    return equal(a, b);
  }
};

struct Ne {
  static Schema schema() { return binary_schema("_ne", "a != b"); }
  static Outcome<ElementwiseParams> plan(Plan& p) { return comparison_plan(p); }
  template <class T, class U>
  VG_FN bool operator()(T a, U b) const {
    return !equal(a, b);
  }
};

struct Lt {
  static Schema schema() { return binary_schema("_lt", "a < b"); }
  static Outcome<ElementwiseParams> plan(Plan& p) { return comparison_plan(p); }
  template <class T, class U>
  VG_FN bool operator()(T a, U b) const {
    return less(a, b);
  }
};

struct Gt {
  static Schema schema() { return binary_schema("_gt", "a > b"); }
  static Outcome<ElementwiseParams> plan(Plan& p) { return comparison_plan(p); }
  template <class T, class U>
  VG_FN bool operator()(T a, U b) const {
    return less(b, a);
  }
};

struct Le {
  static Schema schema() { return binary_schema("_le", "a <= b"); }
  static Outcome<ElementwiseParams> plan(Plan& p) { return comparison_plan(p); }
  template <class T, class U>
  VG_FN bool operator()(T a, U b) const {
    return less(a, b) || equal(a, b);  // not "not greater": NaN
  }
};

struct Ge {
  static Schema schema() { return binary_schema("_ge", "a >= b"); }
  static Outcome<ElementwiseParams> plan(Plan& p) { return comparison_plan(p); }
  template <class T, class U>
  VG_FN bool operator()(T a, U b) const {
    return less(b, a) || equal(a, b);
  }
};

}  // namespace vg::arithmetic
