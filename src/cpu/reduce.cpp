// The reduce driver of the host: gathers the elements of up to 16 neighbouring outputs at a time
// into tiles, block after block, so that memory is read in long runs whatever axes are reduced.
#include "cpu/reduce.h"

#include "cpu/drivers.h"
#include "ops/lists/reduce.h"

namespace vg::cpu {
namespace {

constexpr int kStrip = 16;  // outputs that share a pass

template <class T>
using Read = decltype(read_number(T{}));

template <class Op, class T>
auto total_of_block(const T* x, int64_t n, double mean) {
  using A = decltype(Op::value(Read<T>{}, 0.0));
  std::array<A, kReduceLanes> lane;
  lane.fill(Op::template start<A>());
  int64_t i = 0;
  for (; i + kReduceLanes <= n; i += kReduceLanes)
    for (int k = 0; k < kReduceLanes; k++)
      lane[k] = Op::combine(lane[k], Op::value(read_number(x[i + k]), mean));
  for (int k = 0; i < n; i++, k++)
    lane[k] = Op::combine(lane[k], Op::value(read_number(x[i]), mean));
  for (int half = kReduceLanes / 2; half > 0; half /= 2)
    for (int k = 0; k < half; k++) lane[k] = Op::combine(lane[k], lane[k + half]);
  return lane[0];
}

/// Calls `store(output, total)` for each output; `mean_of(output)` is what its elements are
/// compared with.
template <class Op, class T, class MeanOf, class Store>
void reduce(const ReduceParams& params, const T* in, MeanOf&& mean_of, Store&& store) {
  using A = decltype(Op::value(Read<T>{}, 0.0));
  const bool kept_inside = params.groups > 0 && !params.reduced[params.groups - 1];
  const int64_t inner = kept_inside ? params.extent[params.groups - 1] : 1;
  std::array<std::array<T, kReduceBlock>, kStrip> tile;
  GroupWalk kept(params, false);
  for (int64_t o = 0; o < params.outputs;) {
    const int64_t strip = std::min<int64_t>(kStrip, inner - o % inner);
    const T* base = in + kept.offset();
    std::array<A, kStrip> total;
    total.fill(Op::template start<A>());
    GroupWalk walk(params, true);
    const bool direct = strip == 1 && walk.groups() <= 1 && walk.inner_stride() <= 1;
    for (int64_t done = 0; done < params.count; done += kReduceBlock) {
      const int64_t n = std::min(kReduceBlock, params.count - done);
      if (walk.groups() == 1 && !direct) {
        const T* from = base + done * walk.inner_stride();
        for (int64_t i = 0; i < n; i++, from += walk.inner_stride())
          for (int64_t s = 0; s < strip; s++) tile[s][i] = from[s];
      } else if (!direct) {
        for (int64_t i = 0; i < n; i++, walk.next())
          for (int64_t s = 0; s < strip; s++) tile[s][i] = base[walk.offset() + s];
      }
      for (int64_t s = 0; s < strip; s++)
        total[s] = Op::combine(
            total[s], total_of_block<Op>(direct ? base + done : tile[s].data(), n, mean_of(o + s)));
    }
    for (int64_t s = 0; s < strip; s++, kept.next()) store(o + s, total[s]);
    o += strip;
  }
}

template <class V>
void store_result(V value, DType dtype, std::byte* to) {
  if constexpr (std::is_same_v<V, Int128>) {
    const auto low = static_cast<uint64_t>(value);  // sums of 64 bits wrap around
    if (is_float(dtype)) return store_number(static_cast<double>(value), dtype, to);
    const DType own = is_signed(dtype) ? DType::Int64 : DType::Uint64;
    cast_elements(own, reinterpret_cast<const std::byte*>(&low), dtype, to, 1);
  } else {
    with_type(dtype, [&]<class To>(std::type_identity<To>) {
      *reinterpret_cast<Stored<To>*>(to) = cast_to<To>(value);
    });
  }
}

template <class Op>
Status run_reduction(const Work& work) {
  const auto& params = work.param<ReduceParams>();
  const TensorRef &in = work.in[0], &out = work.out[0];
  const int64_t size = size_of(out.desc.dtype);
  const bool means = work.in.size() > 1, one_mean = means && work.in[1].desc.shape.elements() == 1;
  const auto mean_of = [&](int64_t o) {
    return means ? element(work.in[1], one_mean ? 0 : o) : 0.0;
  };
  with_type(in.desc.dtype, [&]<class T>(std::type_identity<T>) {
    if constexpr (!std::is_same_v<T, bool>)
      reduce<Op>(params, in.as<T>(), mean_of, [&](int64_t o, auto total) {
        store_result(Op::finish(total, params), out.desc.dtype, out.data + o * size);
      });
  });
  return {};
}

template <class Op, class MeanOf>
void totals(const ReduceParams& params, const TensorRef& in, MeanOf&& mean_of, double* to) {
  with_type(in.desc.dtype, [&]<class T>(std::type_identity<T>) {
    if constexpr (!std::is_same_v<T, bool>)
      reduce<Op>(params, in.as<T>(), mean_of,
                 [&](int64_t o, auto total) { to[o] = static_cast<double>(total); });
  });
}

using Run = Status (*)(const Work&);

template <class Op>
constexpr Run run_of() {
  if constexpr (std::is_same_v<decltype(&Op::plan), Outcome<NormalizeParams> (*)(Plan&)>)
    return &run_normalize;
  else
    return &run_reduction<Op>;
}

template <class... Op>
constexpr std::array<Run, sizeof...(Op)> runs_of(TypeList<Op...>) {
  return {run_of<Op>()...};
}
constexpr auto kRuns = runs_of(ReduceOps{});

}  // namespace

GroupWalk::GroupWalk(const ReduceParams& params, bool reduced) {
  int64_t stride = 1;
  std::array<int64_t, ReduceParams::kMaxGroups> strides;
  for (int k = params.groups - 1; k >= 0; k--) {
    strides[k] = stride;
    stride *= params.extent[k];
  }
  for (int k = 0; k < params.groups; k++) {
    if (params.reduced[k] != reduced) continue;
    extent_[count_] = params.extent[k];
    stride_[count_++] = strides[k];
  }
}

void GroupWalk::next() {
  for (int k = count_ - 1; k >= 0; k--) {
    offset_ += stride_[k];
    if (++index_[k] < extent_[k]) return;
    offset_ -= index_[k] * stride_[k];
    index_[k] = 0;
  }
}

void sum_elements(const ReduceParams& params, const TensorRef& in, double* to) {
  totals<reductions::Sum>(
      params, in, [](int64_t) { return 0.0; }, to);
}

void sum_squares(const ReduceParams& params, const TensorRef& in, double* to) {
  totals<reductions::MeanSquare>(
      params, in, [](int64_t) { return 0.0; }, to);
}

void sum_square_distances(const ReduceParams& params, const TensorRef& in, const double* mean,
                          double* to) {
  totals<reductions::Variance>(
      params, in, [&](int64_t o) { return mean[o]; }, to);
}

Status run_reduce(const OpDef& op, const Work& work) { return kRuns[op.opcode](work); }

}  // namespace vg::cpu
