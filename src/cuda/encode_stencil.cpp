// From stencils to tasks: one for a kernel in the plane, else a pass for each window that does
// something, through temporary floats.
#include <algorithm>
#include <vector>

#include "cuda/encoder.h"
#include "ops/stencil.h"

namespace vg::cuda {
namespace {

void encode_dense(const StencilParams& s, const Work& work, Encoder& encoder) {
  DenseStencil t;
  t.in = work.in[0].data;
  t.out = work.out[0].data;
  t.from = work.in[0].desc.dtype;
  t.to = work.out[0].desc.dtype;
  t.border = s.border;
  t.halves_to_even = s.halves_to_even;
  t.fill = s.fill;
  t.count = static_cast<uint32_t>(work.out[0].desc.shape.elements());
  t.height = static_cast<int32_t>(s.field.extents[1]);
  t.width = static_cast<int32_t>(s.field.extents[2]);
  t.inner = static_cast<int32_t>(s.field.inner);
  t.rows = static_cast<int32_t>(s.out_extents[0]);
  t.columns = static_cast<int32_t>(s.out_extents[1]);
  std::copy_n(s.kernel_extents.begin(), 2, t.taps);
  std::copy_n(s.origin.begin(), 2, t.origin);
  t.kernel = encoder.table(s.kernel);
  t.whole = encoder.table(s.whole);
  encoder.add(0, t);
}

/// The axes along which a term has work, in the order of the passes. A window of one 1 changes
/// nothing that a sum keeps: at most the sign of a zero, and each sum begins with a positive one.
std::vector<size_t> passes_of(const StencilTerm& term) {
  std::vector<size_t> axes;
  for (size_t a : {size_t{2}, size_t{1}, size_t{0}})
    if (term.windows[a].size() != 1 || term.windows[a][0] != 1) axes.push_back(a);
  if (axes.empty()) axes.push_back(2);
  return axes;
}

class Separable {
 public:
  Separable(const StencilParams& s, const Work& work, Encoder& encoder)
      : s_(s), in_(work.in[0]), out_(work.out[0]), encoder_(encoder) {}

  void encode() {
    std::byte* sums = s_.terms > 1 ? floats() : nullptr;
    int done = -1;  // the step in which the sum of the terms before is made
    for (int i = 0; i < s_.terms; i++) {
      const StencilTerm& term = s_.term[static_cast<size_t>(i)];
      const std::vector<size_t> axes = passes_of(term);
      const std::byte* from = in_.data;
      DType type = in_.desc.dtype;
      int step = 0;
      for (size_t k = 0; k + 1 < axes.size(); k++) {
        StencilPass pass = pass_of(term, axes[k], from, type);
        pass.out = floats();
        pass.to = DType::Float;
        from = pass.out;
        type = DType::Float;
        encoder_.add(step++, pass);
      }
      StencilPass last = pass_of(term, axes.back(), from, type);
      const bool is_result = i + 1 == s_.terms;
      last.out = is_result ? out_.data : sums;
      last.to = is_result ? out_.desc.dtype : DType::Float;
      last.halves_to_even = s_.halves_to_even;
      last.ends_term = true;
      last.before = i > 0 ? reinterpret_cast<const float*>(sums) : nullptr;
      last.scale = term.scale;
      done = std::max(step, done + 1);
      encoder_.add(done, last);
    }
  }

 private:
  int64_t count() const { return in_.desc.shape.elements(); }
  std::byte* floats() { return encoder_.temporary(count() * static_cast<int64_t>(sizeof(float))); }

  StencilPass pass_of(const StencilTerm& term, size_t axis, const std::byte* from, DType type) {
    int64_t stride = s_.field.inner;
    for (size_t a = axis + 1; a < 3; a++) stride *= s_.field.extents[a];
    StencilPass p;
    p.in = from;
    p.from = type;
    p.border = s_.border;
    p.count = static_cast<uint32_t>(count());
    p.extent = static_cast<uint32_t>(s_.field.extents[axis]);
    p.stride = static_cast<uint32_t>(stride);
    p.window = encoder_.table(term.windows[axis]);
    return p;
  }

  const StencilParams& s_;
  const TensorRef &in_, &out_;
  Encoder& encoder_;
};

}  // namespace

bool runs_stencil(const Work& work) {
  const auto& s = work.param<StencilParams>();
  return work.in[0].desc.shape.elements() <= kMost && work.out[0].desc.shape.elements() <= kMost &&
         (s.dense || (s.terms > 0 && s.border != Border::Constant));
}

void encode_stencil(const Work& work, Encoder& encoder) {
  const auto& s = work.param<StencilParams>();
  if (work.out[0].desc.shape.elements() == 0) return;
  if (s.dense)
    encode_dense(s, work, encoder);
  else
    Separable(s, work, encoder).encode();
}

}  // namespace vg::cuda
