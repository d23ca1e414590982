// Promotion, broadcasting and refusals of arithmetic.
#include "ops/elementwise.h"

namespace vg {
namespace {

DType unsigned_of(int64_t bytes) {
  return bytes == 1   ? DType::Uint8
         : bytes == 2 ? DType::Uint16
         : bytes == 4 ? DType::Uint32
                      : DType::Uint64;
}

DType signed_of(int64_t bytes) {
  return bytes == 1   ? DType::Int8
         : bytes == 2 ? DType::Int16
         : bytes == 4 ? DType::Int32
                      : DType::Int64;
}

int64_t extent_of(const TensorDesc& desc, int axis, int ndim) {
  const int own = axis - (ndim - desc.shape.ndim());
  return own < 0 ? 1 : desc.shape[own];
}

Outcome<Shape> broadcast_shape(Plan& p) {
  int ndim = 0;
  for (int i = 0; i < p.inputs(); i++) ndim = std::max(ndim, p.in(i).shape.ndim());
  Shape shape;
  for (int axis = 0; axis < ndim; axis++) {
    int64_t extent = 1;
    for (int i = 0; i < p.inputs(); i++) {
      const int64_t e = extent_of(p.in(i), axis, ndim);
      if (extent != 1 && e != 1 && e != extent) {
        std::string shapes;
        for (int k = 0; k < p.inputs(); k++) shapes += (k ? " and " : "") + p.in(k).shape.text();
        return p.problem(ErrorKind::Runtime, "",
                         "operands of shapes " + shapes + " cannot be broadcast together");
      }
      if (e != 1) extent = e;
    }
    shape.push_back(extent);
  }
  return shape;
}

bool is_suffix(std::string_view of, std::string_view text) {
  return of.size() >= text.size() && of.substr(of.size() - text.size()) == text;
}

Outcome<Layout> common_layout(Plan& p, int ndim) {
  Layout longest;
  for (int i = 0; i < p.inputs(); i++) {
    const Layout& own = p.in(i).layout;
    if (is_suffix(own.text(), longest.text())) {
      longest = own;
    } else if (!is_suffix(longest.text(), own.text())) {
      return p.problem(
          ErrorKind::Runtime, "",
          fmt::format("the layouts \"{}\" and \"{}\" do not fit: they must be equal, or "
                      "one the end of the other",
                      longest.text(), own.text()));
    }
  }
  return longest.size() == ndim ? longest : Layout();
}

/// Merges neighbouring axes along which every operand steps evenly.
Status set_groups(Plan& p, const Shape& shape, std::span<const TensorRef> operands,
                  ElementwiseParams& params) {
  const int ndim = shape.ndim(), n = static_cast<int>(operands.size());
  params.operands = n;
  std::array<int64_t, ElementwiseParams::kMaxOperands> step{}, next{};
  step.fill(1);
  struct Group {
    int64_t extent;
    std::array<int64_t, ElementwiseParams::kMaxOperands> stride;
  };
  std::array<Group, Shape::kMaxDims> groups;  // innermost first
  int count = 0;
  for (int axis = ndim - 1; axis >= 0; axis--) {
    if (shape[axis] == 1) continue;
    Group g{shape[axis], {}};
    bool merges = count > 0;
    for (int i = 0; i < n; i++) {
      const int64_t own = extent_of(operands[i].desc, axis, ndim);
      g.stride[i] = own == 1 ? 0 : step[i];
      step[i] *= own;
      merges = merges && g.stride[i] == next[i];
    }
    if (merges)
      groups[count - 1].extent *= g.extent;
    else
      groups[count++] = g;
    for (int i = 0; i < n; i++) next[i] = groups[count - 1].stride[i] * groups[count - 1].extent;
  }
  if (count > ElementwiseParams::kMaxGroups)
    return p.bad("", "broadcast shapes must collapse to at most {} groups of axes; these need {}",
                 ElementwiseParams::kMaxGroups, count);
  params.groups = count;
  for (int k = 0; k < params.groups; k++) {
    const Group& g = groups[count - 1 - k];
    params.extent[k] = g.extent;
    for (int i = 0; i < n; i++) params.stride[i][k] = g.stride[i];
  }
  return {};
}

Outcome<ElementwiseParams> broadcast_plan(Plan& p, DType in, DType out) {
  ElementwiseParams params;
  params.type.fill(in);
  VG_ASSIGN(const Shape shape, broadcast_shape(p));
  VG_ASSIGN(const Layout layout, common_layout(p, shape.ndim()));
  std::array<TensorRef, ElementwiseParams::kMaxOperands> operands;
  for (int i = 0; i < p.inputs(); i++) operands[i] = p.input(i);
  VG_TRY(set_groups(p, shape, {operands.data(), static_cast<size_t>(p.inputs())}, params));
  p.out() = TensorDesc{out, shape, layout};
  return params;
}

Outcome<DType> common_type(Plan& p) {
  DType common = p.in(0).dtype;
  for (int i = 0; i < p.inputs(); i++) {
    if (p.in(i).dtype == DType::Float16)
      return p.bad("", "does not take float16 operands: cast them to float first");
    common = promote(common, p.in(i).dtype);
  }
  return common;
}

}  // namespace

DType promote(DType a, DType b) {
  if (a == b) return a;
  if (is_float(a) || is_float(b)) {
    if (!is_float(a) || !is_float(b)) return is_float(a) ? a : b;
    return std::max(a, b);  // listed by width
  }
  if (a == DType::Bool || b == DType::Bool) return a == DType::Bool ? b : a;
  const int64_t bytes_a = size_of(a), bytes_b = size_of(b);
  if (is_signed(a) == is_signed(b)) {
    const int64_t bytes = std::max(bytes_a, bytes_b);
    return is_signed(a) ? signed_of(bytes) : unsigned_of(bytes);
  }
  const int64_t bytes_signed = is_signed(a) ? bytes_a : bytes_b;
  const int64_t bytes_unsigned = is_signed(a) ? bytes_b : bytes_a;
  return signed_of(bytes_signed > bytes_unsigned ? bytes_signed : 2 * bytes_unsigned);
}

Outcome<ElementwiseParams> arithmetic_plan(Plan& p, Domain domain) {
  VG_ASSIGN(DType common, common_type(p));
  if (domain == Domain::Integral && is_float(common))
    return p.bad("", "takes integral operands (integers and bool) only, got {}", name_of(common));
  if (common == DType::Bool && (domain == Domain::Numbers || domain == Domain::Fractions))
    return p.bad("", "does not take bool operands: use the bitwise operators & | ^ or cast them");
  if (domain == Domain::Fractions && !is_float(common)) common = DType::Float;
  return broadcast_plan(p, common, common);
}

Outcome<ElementwiseParams> comparison_plan(Plan& p) {
  VG_ASSIGN(const DType common, common_type(p));
  VG_ASSIGN(ElementwiseParams params, broadcast_plan(p, common, DType::Bool));
  if (common == DType::Int64)  // a number above 2^63 would turn negative
    for (int i = 0; i < p.inputs(); i++)
      if (p.in(i).dtype == DType::Uint64) params.type[i] = DType::Uint64;
  return params;
}

Outcome<ElementwiseParams> conversion_plan(Plan& p, int from, const TensorDesc& out) {
  VG_TRY(p.status());
  ElementwiseParams params;
  params.first = from;
  params.type.fill(out.dtype);
  const Shape& own = p.in(from).shape;
  const int ndim = out.shape.ndim();
  bool fits = own.ndim() <= ndim;
  for (int axis = 0; axis < ndim && fits; axis++) {
    const int64_t e = extent_of(p.in(from), axis, ndim);
    fits = e == 1 || e == out.shape[axis];
  }
  if (!fits)
    return p.bad("", "cannot broadcast data of shape {} to shape {}", own.text(), out.shape.text());
  VG_TRY(set_groups(p, out.shape, {&p.input(from), 1}, params));
  p.out() = out;
  return params;
}

}  // namespace vg
