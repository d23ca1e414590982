// The reduce family as tasks, in the order of ops/reduce.h: a thread for each lane of each block of
// elements, then one for each output.
#pragma once

#include "cuda/tasks/walk.h"
#include "ops/lists/reduce.h"

namespace vg::cuda {

/// What totals are made of.
struct Reduction {
  int opcode;
  DType type;
  const std::byte* in;
  Walk kept, reduced;  ///< offset of an output's elements, and of each of them
  uint32_t outputs, count, blocks;
  const std::byte* mean;  ///< for deviations: of `mean_type`, one or one for each output
  DType mean_type;
  bool one_mean;
  std::byte* totals;  ///< of the blocks; [block][output], in the accumulator's type
};

/// Calls `f.template operator()<Op, T, A>()`: the reduction, the element type, the accumulator.
template <class F>
VG_FN void with_reduction(int opcode, DType type, F&& f) {
  with_op(ReduceOps{}, opcode, [&]<class Op>() {
    if constexpr (!std::is_same_v<Op, Normalize>)
      with_type(type, [&]<class T>(std::type_identity<T>) {
        if constexpr (!std::is_same_v<T, bool>)
          f.template operator()<Op, T, decltype(Op::value(read_number(T{}), 0.0))>();
      });
  });
}

VG_FN double number_at(DType dtype, const std::byte* data, uint32_t i) {
  double x = 0;
  with_type(dtype, [&]<class T>(std::type_identity<T>) {
    x = cast_to<double>(static_cast<T>(reinterpret_cast<const Stored<T>*>(data)[i]));
  });
  return x;
}

/// Totals of the blocks: an element of the task is a lane.
struct BlockTotals {
  static constexpr int kTile = 256, kLargest = 16;
  struct Shared {
    int64_t first;  ///< lane of the task
    alignas(kLargest) std::byte total[kTile][kLargest];
  };
  Reduction work;

  VG_FN int64_t elements() const { return int64_t{kReduceLanes} * work.outputs * work.blocks; }
  VG_FN void prepare(Shared&, const std::byte*, Threads) const {}

  VG_FN void run(Shared& shared, const std::byte*, int64_t i) const {
    const auto all = static_cast<uint32_t>(i), slot = all % kTile;
    if (slot == 0) shared.first = i;
    const uint32_t total = all / kReduceLanes, lane = all % kReduceLanes;
    const uint32_t block = total / work.outputs, output = total - block * work.outputs;
    const auto start = static_cast<uint32_t>(block * kReduceBlock);
    const uint32_t rest = work.count - start;
    const uint32_t end = start + (rest < kReduceBlock ? rest : uint32_t{kReduceBlock});
    const double mean =
        work.mean ? number_at(work.mean_type, work.mean, work.one_mean ? 0 : output) : 0.0;
    with_reduction(work.opcode, work.type, [&]<class Op, class T, class A>() {
      const T* from = reinterpret_cast<const T*>(work.in) + work.kept.at(output);
      A sum = Op::template start<A>();
      for (uint32_t k = start + lane; k < end; k += kReduceLanes)
        sum = Op::combine(sum, Op::value(read_number(from[work.reduced.at(k)]), mean));
      *reinterpret_cast<A*>(shared.total[slot]) = sum;
    });
  }

  VG_FN void finish(Shared& shared, const std::byte*, Threads t) const {
    const int64_t rest = elements() - shared.first;
    const int blocks = static_cast<int>((rest < kTile ? rest : kTile) / kReduceLanes);
    with_reduction(work.opcode, work.type, [&]<class Op, class T, class A>() {
      A* to = reinterpret_cast<A*>(work.totals) + shared.first / kReduceLanes;
      for (int b = t.index; b < blocks; b += t.count) {
        A lane[kReduceLanes];
        for (int k = 0; k < kReduceLanes; k++)
          lane[k] = *reinterpret_cast<const A*>(shared.total[b * kReduceLanes + k]);
        for (int half = kReduceLanes / 2; half > 0; half /= 2)
          for (int k = 0; k < half; k++) lane[k] = Op::combine(lane[k], lane[k + half]);
        to[b] = lane[0];
      }
    });
  }
};

/// The blocks of an output, combined in order. Several are read before they are used, since memory
/// is far.
template <class Op, class A>
VG_FN A total_of(const Reduction& work, uint32_t output) {
  constexpr uint32_t kAhead = 16;
  const A* from = reinterpret_cast<const A*>(work.totals) + output;
  A total = Op::template start<A>();
  uint32_t block = 0;
  for (; block + kAhead <= work.blocks; block += kAhead) {
    A part[kAhead];
    for (uint32_t k = 0; k < kAhead; k++) part[k] = from[(block + k) * work.outputs];
    for (uint32_t k = 0; k < kAhead; k++) total = Op::combine(total, part[k]);
  }
  for (; block < work.blocks; block++) total = Op::combine(total, from[block * work.outputs]);
  return total;
}

/// A result on its way to the output, whose type is another dispatch.
struct Result {
  enum class Kind { Stored, Real, Signed, Unsigned, Wide } kind = Kind::Stored;
  double real = 0;
  uint64_t bits = 0;

  VG_FN Result() {}
  VG_FN Result(double x) : kind(Kind::Real), real(x) {}
  VG_FN Result(int64_t x) : kind(Kind::Signed), bits(static_cast<uint64_t>(x)) {}
  VG_FN Result(uint64_t x) : kind(Kind::Unsigned), bits(x) {}
  VG_FN Result(Int128 x)
      : kind(Kind::Wide), real(static_cast<double>(x)), bits(static_cast<uint64_t>(x)) {}

  template <class To>
  VG_FN To as() const {
    constexpr bool fraction = std::is_same_v<To, Half> || std::is_floating_point_v<To>;
    if (kind == Kind::Real || (kind == Kind::Wide && fraction)) return cast_to<To>(real);
    // Sums of 64 bits wrap around.
    if (kind == Kind::Signed || (kind == Kind::Wide && std::is_signed_v<To>))
      return cast_to<To>(static_cast<int64_t>(bits));
    return cast_to<To>(bits);
  }
};

/// Results: an element of the task is an output.
struct Results : SimpleTask {
  static constexpr int kTile = 256;
  Reduction work;
  ReduceParams params;
  DType type;
  std::byte* out;

  VG_FN int64_t elements() const { return work.outputs; }
  VG_FN void run(Shared&, const std::byte*, int64_t i) const {
    Result result;
    with_reduction(work.opcode, work.type, [&]<class Op, class T, class A>() {
      const A total = total_of<Op, A>(work, static_cast<uint32_t>(i));
      if constexpr (std::is_base_of_v<reductions::Extremum, Op>)
        reinterpret_cast<T*>(out)[i] = cast_to<T>(total);  // of the type of the input
      else
        result = Result(Op::finish(total, params));
    });
    if (result.kind != Result::Kind::Stored)
      with_type(type, [&]<class To>(std::type_identity<To>) {
        reinterpret_cast<Stored<To>*>(out)[i] = result.as<To>();
      });
  }
};

}  // namespace vg::cuda
