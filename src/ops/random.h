// What random operators share: the shape of the output and the numbers of each element.
#pragma once

#include <cmath>

#include "core/cast.h"
#include "core/distributions.h"
#include "core/math.h"
#include "graph/op_def.h"

namespace vg::random {

/// The uniform numbers of one element. They depend on its position alone, not on how many numbers
/// its neighbours took: block r of element i is philox(hash64(key, r), i), block 0 philox(key, i).
class ElementDraws {
 public:
  ElementDraws(DrawKey key, const SampleKey& sample, uint32_t element)
      : key_(key), sample_(sample), element_(element) {}
  uint32_t next() {
    if (used_ == 4) {
      block_ = DrawKey{round_ ? hash64(key_.key, round_) : key_.key}.block(element_, sample_);
      round_++;
      used_ = 0;
    }
    return block_[used_++];
  }
  /// [0, 1) with 53 random bits.
  double operator()() {
    const uint32_t high = next();
    return uniform01(high, next());
  }
  /// (0, 1]: safe under a logarithm.
  double positive() { return 1 - (*this)(); }
  /// A number of the standard normal distribution.
  double normal() { return normal_from(next()); }

 private:
  DrawKey key_;
  SampleKey sample_;
  uint32_t element_;
  uint64_t round_ = 0;
  uint32_t used_ = 4;
  PhiloxBlock block_{};
};

/// Input `shape_like`, arguments `shape` and `dtype`.
Schema random_schema(std::string name, std::string doc, DType dtype);
/// Describes the output: `shape_like` (input number `like`, if it is there), else `shape`, else a
/// scalar; `tail` follows.
Status describe_output(Plan& p, int like, DType dtype, std::span<const int64_t> tail = {});

/// The type that `dtype` names; a scalar where nothing says otherwise.
inline void infer_drawn(const Node& node, std::vector<StaticType>& types) {
  types[0].dtype = dtype_argument(node);
  if (node.inputs.empty() && !node.has("shape")) types[0] = {types[0].dtype, 0, Layout()};
}

/// Which numbers a run takes.
struct Draw {
  DrawKey key;
  SampleKey sample;
};
inline Draw draw_of(const Plan& p) { return {p.draw_key(), p.sample().key}; }

/// Fills the output: `value(draws)` for each element, rounded and clamped to its type.
template <class F>
Status fill(const Work& work, const Draw& draw, F&& value) {
  const TensorRef& out = work.out[0];
  const int64_t n = out.desc.shape.elements(), size = size_of(out.desc.dtype);
  for (int64_t i = 0; i < n; i++) {
    ElementDraws draws(draw.key, draw.sample, static_cast<uint32_t>(i));
    store_number(value(draws), out.desc.dtype, out.data + i * size);
  }
  return {};
}

}  // namespace vg::random
