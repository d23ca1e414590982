// The reduce family: all elements along some axes -> one.
//
// A reduction is an empty struct with
//   static Schema schema();  static Status check(const Node&);
//   static Outcome<ReduceParams> plan(Plan& p);
//   static auto value(T x, double mean);      // what is combined of an element; gives type A
//   template <class A> static A start();      // the neutral element
//   static A combine(A a, A b);
//   static auto finish(A total, const ReduceParams& params);
// The order is part of the definition, so that float results are equal everywhere: elements in C
// order, in blocks of 256; in a block element i belongs to lane i mod 8; lanes are combined
// pairwise (0 with 4, ...; 0 with 2, ...; 0 with 1), blocks in order.
#pragma once

#include <cmath>

#include "core/cast.h"
#include "graph/op_def.h"

namespace vg {

/// The blocks and lanes of that order.
constexpr int64_t kReduceBlock = 256;
constexpr int kReduceLanes = 8;

struct ReduceParams {
  static constexpr int kMaxGroups = Shape::kMaxDims;
  int groups = 0;  ///< the input's axes, neighbours of one kind merged, outermost first
  std::array<int64_t, kMaxGroups> extent{};
  std::array<bool, kMaxGroups> reduced{};
  int64_t outputs = 1;  ///< elements of the result
  int64_t count = 1;    ///< elements that each of them is made from
  double ddof = 0;
};

__extension__ using Int128 = __int128;

/// Exact sums of integers, double for floats.
template <class T>
using Total = std::conditional_t<
    std::is_floating_point_v<T>, double,
    std::conditional_t<(sizeof(T) > 4), Int128,
                       std::conditional_t<std::is_signed_v<T>, int64_t, uint64_t>>>;

/// Half is read as float, all else as it is.
template <class T>
constexpr auto read_number(T x) {
  if constexpr (std::is_same_v<T, Half>)
    return half_to_float(x);
  else
    return x;
}

/// Arguments `axes`, `axis_names`, `keep_dims`.
Schema reduction_schema(std::string name, std::string doc);
/// `axes` and `axis_names` exclude each other.
Status check_axes(const Node& node);
/// The axes that the arguments name as a mask; all if none is given.
Outcome<uint32_t> axes_argument(Plan& p);
/// Extents of the input as groups.
ReduceParams group_axes(const Shape& shape, uint32_t reduced);
/// Groups of the input; describes the output.
Outcome<ReduceParams> reduce_plan(Plan& p, DType out);

}  // namespace vg
