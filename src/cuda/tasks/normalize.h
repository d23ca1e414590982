// Normalizing as tasks: statistics from the totals of reductions, then one pass over the elements.
#pragma once

#include "cuda/tasks/reduce.h"

namespace vg::cuda {

/// Total of an output's elements as a double; the reduction is known.
template <class Op>
VG_FN double real_total(const Reduction& work, uint32_t output) {
  double total = 0;
  with_type(work.type, [&]<class T>(std::type_identity<T>) {
    if constexpr (!std::is_same_v<T, bool>)
      total = static_cast<double>(
          total_of<Op, decltype(Op::value(read_number(T{}), 0.0))>(work, output));
  });
  return total;
}

/// Means: given or measured.
struct Means {
  Table<double> given;
  Reduction sums;
  int64_t count;
  VG_FN double at(const std::byte* blob, uint32_t output) const {
    if (given.size > 0) return given.in(blob)[given.size == 1 ? 0 : output];
    return real_total<reductions::Sum>(sums, output) / static_cast<double>(count);
  }
};

/// Means into memory, where the deviations from them are measured next.
struct StoreMeans : SimpleTask {
  static constexpr int kTile = 256;
  Means means;
  uint32_t outputs;
  double* to;
  VG_FN int64_t elements() const { return outputs; }
  VG_FN void run(Shared&, const std::byte* blob, int64_t i) const {
    to[i] = means.at(blob, static_cast<uint32_t>(i));
  }
};

/// What is subtracted from the elements of an output, and what they are multiplied by.
struct Scaling {
  float centre, scale;
};

struct Scalings : SimpleTask {
  static constexpr int kTile = 256;
  enum class Spread { Given, FromSquares, FromDistances };
  Means means;
  Spread spread;
  Table<double> stddev;
  Reduction squares;  ///< or distances
  uint32_t outputs;
  int64_t count;
  double ddof, epsilon;
  float factor;
  Scaling* to;

  VG_FN int64_t elements() const { return outputs; }
  VG_FN void run(Shared&, const std::byte* blob, int64_t i) const {
    const auto o = static_cast<uint32_t>(i);
    const double deviation =
        spread == Spread::Given
            ? stddev.in(blob)[stddev.size == 1 ? 0 : o]
            : std::sqrt(square_distances(o) / (static_cast<double>(count) - ddof) + epsilon);
    to[o] = {static_cast<float>(means.at(blob, o)),
             static_cast<float>(deviation != 0 ? factor / deviation : 0)};
  }

 private:
  VG_FN double square_distances(uint32_t o) const {
    if (spread == Spread::FromDistances) return real_total<reductions::Variance>(squares, o);
    return exact_square_distance(count, real_total<reductions::Sum>(means.sums, o),
                                 real_total<reductions::MeanSquare>(squares, o));
  }
};

/// The pass over the elements.
struct Rescale : SimpleTask {
  DType from, type;
  const std::byte* in;
  std::byte* out;
  Walk statistic;  ///< of an element
  const Scaling* scalings;
  float shift;
  uint32_t count;

  VG_FN int64_t elements() const { return (count + kRun - 1) / kRun; }
  VG_FN void run(Shared&, const std::byte*, int64_t i) const {
    const uint32_t first = static_cast<uint32_t>(i) * kRun,
                   n = count - first < kRun ? count - first : kRun;
    Walk dense;
    dense.stride[0] = 1;
    float value[kRun];
    load_run(from, in, dense, first, n, value);
    for (uint32_t j = 0; j < kRun; j++) {
      const Scaling s = scalings[statistic.at(j < n ? first + j : first)];
      value[j] = (value[j] - s.centre) * s.scale + shift;
    }
    with_type(type, [&]<class To>(std::type_identity<To>) {
      auto* to = reinterpret_cast<Stored<To>*>(out) + first;
      for (uint32_t j = 0; j < kRun; j++)
        if (j < n) to[j] = cast_to<To>(value[j]);
    });
  }
};

}  // namespace vg::cuda
