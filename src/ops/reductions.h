// Sums, means, extrema and deviations along axes.
#pragma once

#include <algorithm>

#include "core/lane.h"
#include "ops/reduce.h"

namespace vg::reductions {

/// What all that sum up share.
struct Summing {
  static Status check(const Node& node) { return check_axes(node); }
  template <class A>
  VG_FN static A start() {
    return A{};
  }
  template <class A>
  VG_FN static A combine(A a, A b) {
    return a + b;
  }
};

inline Schema mean_schema(std::string name, std::string doc) {
  return reduction_schema(std::move(name), std::move(doc))
      .arg("dtype", ArgType::DType, static_cast<int64_t>(DType::Float),
           "element type of the output");
}

inline Outcome<ReduceParams> mean_plan(Plan& p) { return reduce_plan(p, p.get<DType>("dtype")); }

struct Sum : Summing {
  static Schema schema() {
    return reduction_schema("reductions.sum", "Sums along axes; integers exactly (modulo 2^64).")
        .arg("dtype", ArgType::DType, "default: UINT64 or INT64 of integers, FLOAT of floats");
  }
  static Outcome<ReduceParams> plan(Plan& p) {
    const DType in = p.in().dtype;
    return reduce_plan(p, p.dtype(is_float(in)    ? DType::Float
                                  : is_signed(in) ? DType::Int64
                                                  : DType::Uint64));
  }
  template <class T>
  VG_FN static Total<T> value(T x, double) {
    return x;
  }
  template <class A>
  VG_FN static A finish(A total, const ReduceParams&) {
    return total;
  }
};

struct Mean : Summing {
  static Schema schema() { return mean_schema("reductions.mean", "Means along axes."); }
  static Outcome<ReduceParams> plan(Plan& p) { return mean_plan(p); }
  template <class T>
  VG_FN static Total<T> value(T x, double) {
    return x;
  }
  template <class A>
  VG_FN static double finish(A total, const ReduceParams& params) {
    return static_cast<double>(total) / static_cast<double>(params.count);
  }
};

struct MeanSquare : Summing {
  static Schema schema() {
    return mean_schema("reductions.mean_square", "Means of squares along axes.");
  }
  static Outcome<ReduceParams> plan(Plan& p) { return mean_plan(p); }
  /// Squares of 8 and 16 bits are summed exactly; others as doubles.
  template <class T>
  VG_FN static auto value(T x, double) {
    if constexpr (std::is_integral_v<T> && sizeof(T) <= 2)
      return static_cast<uint64_t>(int64_t{x} * int64_t{x});
    else
      return static_cast<double>(x) * static_cast<double>(x);
  }
  template <class A>
  VG_FN static double finish(A total, const ReduceParams& params) {
    return static_cast<double>(total) / static_cast<double>(params.count);
  }
};

struct Rms : MeanSquare {
  static Schema schema() {
    return mean_schema("reductions.rms", "Square roots of means of squares along axes.");
  }
  template <class A>
  VG_FN static double finish(A total, const ReduceParams& params) {
    return std::sqrt(MeanSquare::finish(total, params));
  }
};

struct Variance : Summing {
  static Schema deviation_schema(std::string name, std::string doc) {
    Schema s = mean_schema(std::move(name), std::move(doc));
    return s.input("mean", "a number, or the means along the same axes")
        .arg("ddof", ArgType::Int, int64_t{0},
             "the sum is divided by the number of elements - ddof");
  }
  static Schema schema() {
    return deviation_schema("reductions.variance", "Means of squared distances from a given mean.");
  }
  static Outcome<ReduceParams> plan(Plan& p) {
    VG_ASSIGN(ReduceParams params, mean_plan(p));
    const int64_t means = p.in(1).shape.elements();
    if (means != 1 && means != params.outputs)
      return p.bad("mean", "has shape {}; one number for each of {} results is expected",
                   p.in(1).shape.text(), params.outputs);
    params.ddof = p.get<double>("ddof");
    return params;
  }
  template <class T>
  VG_FN static double value(T x, double mean) {
    const double distance = static_cast<double>(x) - mean;
    return distance * distance;
  }
  VG_FN static double finish(double total, const ReduceParams& params) {
    return total / (static_cast<double>(params.count) - params.ddof);
  }
};

struct StdDev : Variance {
  static Schema schema() {
    return deviation_schema("reductions.std_dev", "Standard deviations about a given mean.");
  }
  VG_FN static double finish(double total, const ReduceParams& params) {
    return std::sqrt(Variance::finish(total, params));
  }
};

/// What the extrema share; they have the type of the input.
struct Extremum {
  static Status check(const Node& node) { return check_axes(node); }
  static Outcome<ReduceParams> plan(Plan& p) {
    VG_ASSIGN(const ReduceParams params, reduce_plan(p, p.in().dtype));
    if (params.count == 0) return p.bad("", "got no elements (shape {})", p.in().shape.text());
    return params;
  }
  template <class T>
  VG_FN static T value(T x, double) {
    return x;
  }
  template <class T>
  VG_FN static T finish(T total, const ReduceParams&) {
    return total;
  }
};

struct Min : Extremum {
  static Schema schema() { return reduction_schema("reductions.min", "Minima along axes."); }
  template <class T>
  VG_FN static T start() {
    if constexpr (std::is_floating_point_v<T>) return std::numeric_limits<T>::infinity();
    return std::numeric_limits<T>::max();
  }
  template <class T>
  VG_FN static T combine(T a, T b) {
    return std::min(a, b);
  }
};

struct Max : Extremum {
  static Schema schema() { return reduction_schema("reductions.max", "Maxima along axes."); }
  template <class T>
  VG_FN static T start() {
    if constexpr (std::is_floating_point_v<T>) return -std::numeric_limits<T>::infinity();
    return std::numeric_limits<T>::lowest();
  }
  template <class T>
  VG_FN static T combine(T a, T b) {
    return std::max(a, b);
  }
};

}  // namespace vg::reductions
