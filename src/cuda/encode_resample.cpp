// From a resize to its passes. The device makes the weights first; what lies between the passes
// holds the rows or columns that the second one reads.
#include <algorithm>
#include <limits>
#include <optional>

#include "cuda/encoder.h"
#include "ops/resample.h"

namespace vg::cuda {
namespace {

template <class T>
constexpr bool kHasPasses = std::is_same_v<T, uint8_t> || std::is_same_v<T, uint16_t> ||
                            std::is_same_v<T, int16_t> || std::is_same_v<T, float>;

/// Floats share one arithmetic, whatever is loaded and stored.
template <class A>
struct PassArithmetic {
  using type = A;
};
template <class T, class O>
struct PassArithmetic<FloatArithmetic<T, O>> {
  using type = FloatArithmetic<float, float>;
};

/// The steps of a resize.
constexpr int kWeights = 0, kFirstPass = 1, kSecondPass = 2;

template <class T>
T* table(Encoder& encoder, int64_t elements) {
  return reinterpret_cast<T*>(encoder.temporary(elements * static_cast<int64_t>(sizeof(T))));
}

template <class Weight>
struct Axis {
  AxisTables<Weight> tables;
  int64_t outputs;
  int64_t begin, end;  ///< what of the input is read: no less than these
  Axis(const ResampleAxis& axis, Encoder& encoder) : outputs(axis.count) {
    WeightsTask<Weight> task{};
    task.rule = tap_rule<Weight>(axis);
    const int64_t stride = (task.rule.most_taps() + 3) & ~int64_t{3};
    tables = {table<int32_t>(encoder, axis.count), table<int32_t>(encoder, axis.count),
              table<Weight>(encoder, axis.count * stride), static_cast<int32_t>(stride)};
    task.tables = tables;
    encoder.add(kWeights, task);
    // Taps go one way with the outputs: the first and the last one reach farthest.
    const Taps one = taps_of(task.rule, axis.begin);
    const Taps other = taps_of(task.rule, axis.begin + axis.count - 1);
    begin = std::min(one.first, other.first);
    end = std::max(one.first + one.count, other.first + other.count);
  }
};

/// Rows of values with a pitch.
template <class T>
struct Rows {
  T* data;
  int64_t pitch;
};

template <class A>
class Passes {
 public:
  Passes(const ResampleUnits& job, Encoder& encoder)
      : y_(job.params.y), x_(job.params.x), channels_(job.channels), encoder_(encoder) {}

  void encode(const Work& work, const ResampleUnits& job) {
    const int64_t in_unit = y_.in * x_.in * channels_, out_unit = y_.count * x_.count * channels_;
    std::optional<Axis<Weight>> wy, wx;
    if (!y_.identity()) wy.emplace(y_, encoder_);
    if (!x_.identity() || !wy) wx.emplace(x_, encoder_);
    for (int64_t unit = 0; unit < job.units; unit++) {
      const Rows<const In> in{work.in[0].as<In>() + unit * in_unit, x_.in * channels_};
      const Rows<Out> out{work.out[0].as<Out>() + unit * out_unit, x_.count * channels_};
      if (!wy)
        horizontal(kFirstPass, in, out, y_.count, 0, *wx);
      else if (!wx)
        vertical(kFirstPass, in, out, x_.count * channels_, 0, *wy);
      else if (vertical_first(job.params))
        vertical_then_horizontal(in, out, *wy, *wx);
      else
        horizontal_then_vertical(in, out, *wy, *wx);
    }
  }

 private:
  using In = typename A::In;
  using Mid = typename A::Mid;
  using Out = typename A::Out;
  using Weight = typename A::Weight;

  /// Rows that begin on places from which four values can be loaded at once.
  Rows<Mid> middle(int64_t rows, int64_t values) {
    const int64_t pitch = (values + 3) & ~int64_t{3};
    const auto bytes = rows * pitch * static_cast<int64_t>(sizeof(Mid));
    return {reinterpret_cast<Mid*>(encoder_.temporary(bytes)), pitch};
  }

  template <class From, class To>
  void add(int step, const Rows<const From>& in, const Rows<To>& out, bool along_x, int64_t outer,
           int64_t inner, int64_t begin, const Axis<Weight>& axis) {
    ResamplePass<typename PassArithmetic<A>::type, From, To> pass{};
    pass.in = in.data;
    pass.out = out.data;
    pass.in_places = along_x ? PassPlaces{in.pitch, inner} : PassPlaces{0, in.pitch};
    pass.out_places = along_x ? PassPlaces{out.pitch, inner} : PassPlaces{0, out.pitch};
    pass.outer = outer;
    pass.inner = static_cast<int32_t>(inner);
    pass.count = static_cast<int32_t>(axis.outputs);
    pass.begin = static_cast<int32_t>(begin);
    pass.axis = axis.tables;
    encoder_.add(step, pass);
  }
  /// `in` begins with column `begin`.
  template <class From, class To>
  void horizontal(int step, Rows<const From> in, Rows<To> out, int64_t rows, int64_t begin,
                  const Axis<Weight>& wx) {
    add(step, in, out, true, rows, channels_, begin, wx);
  }
  /// `in` begins with row `begin`.
  template <class From, class To>
  void vertical(int step, Rows<const From> in, Rows<To> out, int64_t values, int64_t begin,
                const Axis<Weight>& wy) {
    add(step, in, out, false, 1, values, begin, wy);
  }

  void horizontal_then_vertical(Rows<const In> in, Rows<Out> out, const Axis<Weight>& wy,
                                const Axis<Weight>& wx) {
    const int64_t values = x_.count * channels_, rows = wy.end - wy.begin;
    const Rows<Mid> mid = middle(rows, values);
    in.data += wy.begin * in.pitch;
    horizontal(kFirstPass, in, mid, rows, 0, wx);
    vertical(kSecondPass, Rows<const Mid>{mid.data, mid.pitch}, out, values, wy.begin, wy);
  }
  void vertical_then_horizontal(Rows<const In> in, Rows<Out> out, const Axis<Weight>& wy,
                                const Axis<Weight>& wx) {
    const int64_t values = (wx.end - wx.begin) * channels_;
    const Rows<Mid> mid = middle(y_.count, values);
    in.data += wx.begin * channels_;
    vertical(kFirstPass, in, mid, values, 0, wy);
    horizontal(kSecondPass, Rows<const Mid>{mid.data, mid.pitch}, out, y_.count, wx.begin, wx);
  }

  const ResampleAxis &y_, &x_;
  int64_t channels_;
  Encoder& encoder_;
};

void encode_gather(const Work& work, const ResampleUnits& job, Encoder& encoder) {
  const auto inputs_of = [&](const ResampleAxis& axis) {
    NearestTask task{};
    task.axis = axis;
    task.index = table<int32_t>(encoder, axis.count);
    encoder.add(kWeights, task);
    return task.index;
  };
  GatherTask task{};
  task.pixel = static_cast<int32_t>(size_of(work.in[0].desc.dtype) * job.channels);
  task.in_row = job.params.x.in * task.pixel;
  task.ys = inputs_of(job.params.y);
  task.xs = inputs_of(job.params.x);
  task.height = static_cast<int32_t>(job.params.y.count);
  task.width = static_cast<int32_t>(job.params.x.count);
  for (int64_t unit = 0; unit < job.units; unit++) {
    task.in = work.in[0].data + unit * job.params.y.in * task.in_row;
    task.out = work.out[0].data + unit * task.elements() * task.pixel;
    encoder.add(kFirstPass, task);
  }
}

}  // namespace

bool runs_resample(const Work& work) {
  const auto& job = work.param<ResampleUnits>();
  const ResampleAxis &y = job.params.y, &x = job.params.x;
  const DType in = work.in[0].desc.dtype, out = work.out[0].desc.dtype;
  const int64_t height = std::max(y.in, y.count), width = std::max(x.in, x.count);
  // Indices are of 32 bits; the middle is at most this large.
  if (height * width * job.channels > std::numeric_limits<int32_t>::max()) return false;
  if (is_gather(job.params, in, out)) return true;
  bool has = false;
  with_arithmetic(in, out, job.params, [&]<class A>(A) { has = kHasPasses<typename A::In>; });
  return has;
}

void encode_resample(const Work& work, Encoder& encoder) {
  const auto& job = work.param<ResampleUnits>();
  const ResampleAxis &y = job.params.y, &x = job.params.x;
  if (work.out.size() > 1) {
    ExtentsTask task{};
    task.out = work.out[1].as<int32_t>();
    task.height = static_cast<int32_t>(y.in);
    task.width = static_cast<int32_t>(x.in);
    encoder.add(0, task);
  }
  const DType in = work.in[0].desc.dtype, out = work.out[0].desc.dtype;
  if (work.out[0].desc.shape.elements() == 0) return;
  if (is_gather(job.params, in, out)) return encode_gather(work, job, encoder);
  with_arithmetic(in, out, job.params, [&]<class A>(A) {
    if constexpr (kHasPasses<typename A::In>) Passes<A>(job, encoder).encode(work, job);
  });
}

}  // namespace vg::cuda
