// Planning of the operators that only rename what their input holds.
#include "ops/reshape.h"

#include <cmath>
#include <set>

namespace vg {
namespace {

Outcome<ViewParams> renamed(Plan& p, DType dtype, const Shape& shape, Layout layout) {
  p.out() = {dtype, shape, layout};
  p.alias(0, 0);
  return ViewParams{};
}

Schema shape_args() {
  return Schema()
      .tensor_arg("shape", ArgType::Ints,
                  "extents of the output; one may be negative: what is left")
      .tensor_arg("rel_shape", ArgType::Floats,
                  "extents as multiples of the input's; one may be negative: what is left")
      .arg("layout", ArgType::String,
           "layout of the output; \"\" clears it; default: kept if the number of dimensions is")
      .arg("src_dims", ArgType::Ints,
           "input dimensions that the extents are taken from, in order; -1: a new one of extent 1");
}

std::vector<int64_t> ints(const Node& node, std::string_view argument) {
  const int i = node.schema().index_of(argument);
  const auto* list = i < 0 ? nullptr : std::get_if<std::vector<int64_t>>(&node.args[i]);
  return list ? *list : std::vector<int64_t>();
}

Status check_shape(const Node& node) {
  if (node.has("shape") && node.has("rel_shape"))
    return node.problem(ErrorKind::Runtime, "shape", "and rel_shape exclude each other");
  if (node.inputs.size() > 1 && (node.has("shape") || node.has("rel_shape")))
    return node.problem(ErrorKind::Runtime, "shape", "is given as an input and as an argument");
  int wildcards = 0;
  for (int64_t extent : ints(node, "shape")) wildcards += extent < 0;
  if (wildcards > 1)
    return node.problem(ErrorKind::Runtime, "shape",
                        fmt::format("has {} negative extents; one is allowed", wildcards));
  return {};
}

/// The extents that the arguments ask for; a negative one is still open.
Outcome<std::vector<double>> wanted(Plan& p) {
  const Shape& in = p.in().shape;
  std::vector<double> source(in.begin(), in.end());
  if (p.has("src_dims")) {
    source.clear();
    for (double d : p.numbers("src_dims")) {
      if (d >= in.ndim()) return p.bad("src_dims", "= {} is not a dimension of {}", d, in.text());
      source.push_back(d < 0 ? 1.0 : static_cast<double>(in[static_cast<int>(d)]));
    }
  }
  std::vector<double> extents = source;
  if (p.inputs() > 1) {
    const TensorRef& shape = p.input(1);
    extents.clear();
    for (int64_t i = 0; i < shape.desc.shape.elements(); i++) extents.push_back(element(shape, i));
  } else if (p.has("shape")) {
    const auto shape = p.numbers("shape");
    extents.assign(shape.begin(), shape.end());
  } else if (p.has("rel_shape")) {
    const auto rel = p.numbers("rel_shape");
    extents.assign(rel.begin(), rel.end());
    if (p.has("src_dims") && rel.size() != source.size())
      return p.bad("rel_shape", "has {} elements and src_dims {}", rel.size(), source.size());
    for (size_t i = 0; i < extents.size(); i++) {
      if (extents[i] < 0) continue;
      if (i >= source.size())
        return p.bad("rel_shape", "has {} elements for {} dimensions", rel.size(), source.size());
      extents[i] = std::round(extents[i] * source[i]);
    }
  }
  return extents;
}

/// The shape that holds `elements` elements.
Outcome<Shape> resolve(Plan& p, std::span<const double> extents, int64_t elements) {
  if (static_cast<int>(extents.size()) > Shape::kMaxDims)
    return p.bad("shape", "has {} dimensions; {} is the most", extents.size(), Shape::kMaxDims);
  Shape shape;
  int wildcard = -1;
  double known = 1;
  for (size_t i = 0; i < extents.size(); i++) {
    const double e = extents[i];
    if (!(e < kMaxElements)) return p.bad("shape", "= {} is not an extent", e);
    if (e < 0 && wildcard >= 0) return p.bad("shape", "has more than one negative extent");
    if (e < 0) wildcard = static_cast<int>(i);
    if (e == 0 && elements > 0) return p.bad("shape", "has an extent of 0");
    if (e >= 0) known *= e;
    shape.push_back(e < 0 ? 1 : static_cast<int64_t>(e));
  }
  if (wildcard >= 0 && known > 0)
    shape[wildcard] = static_cast<int64_t>(static_cast<double>(elements) / known);
  if (known > kMaxElements || shape.elements() != elements)
    return p.bad("shape", "= {} does not hold the {} elements of the input, {}", shape.text(),
                 elements, p.in().shape.text());
  return shape;
}

Outcome<Layout> layout_for(Plan& p, const Shape& shape) {
  if (!p.has("layout")) return shape.ndim() == p.in().layout.size() ? p.in().layout : Layout();
  const Layout layout(p.get<std::string>("layout"));
  if (!layout.empty() && layout.size() != shape.ndim())
    return p.bad("layout", "= \"{}\" does not name the {} dimensions of {}", layout.text(),
                 shape.ndim(), shape.text());
  return layout;
}

}  // namespace

Schema Reshape::schema() {
  return Schema("reshape", "The same elements under another shape or layout.")
      .input("data", "tensor")
      .optional_input("shape_input", "extents of the output, as the argument `shape`")
      .needs_data(1)
      .include(shape_args());
}

Status Reshape::check(const Node& node) {
  if (node.inputs.size() < 2 && !node.has("shape") && !node.has("rel_shape") &&
      !node.has("layout") && !node.has("src_dims"))
    return node.problem(ErrorKind::Runtime, "",
                        "needs shape, rel_shape, layout, src_dims or a second input");
  return check_shape(node);
}

Outcome<ViewParams> Reshape::plan(Plan& p) {
  VG_ASSIGN(const std::vector<double> extents, wanted(p));
  VG_ASSIGN(const Shape shape, resolve(p, extents, p.in().shape.elements()));
  VG_ASSIGN(const Layout layout, layout_for(p, shape));
  return renamed(p, p.in().dtype, shape, layout);
}

Schema Reinterpret::schema() {
  return Schema("reinterpret",
                "The same bytes as elements of another type. Without a shape the last "
                "extent changes with the size of an element.")
      .input("data", "tensor")
      .optional_input("shape_input", "extents of the output, as the argument `shape`")
      .needs_data(1)
      .arg("dtype", ArgType::DType, "element type of the output; default: that of the input")
      .include(shape_args());
}

Status Reinterpret::check(const Node& node) { return check_shape(node); }

Outcome<ViewParams> Reinterpret::plan(Plan& p) {
  const DType dtype = p.dtype(p.in().dtype);
  const int64_t size = size_of(dtype), bytes = p.in().bytes();
  VG_ASSIGN(std::vector<double> extents, wanted(p));
  const bool given = p.inputs() > 1 || p.has("shape") || p.has("rel_shape") || p.has("src_dims");
  if (!given && size != size_of(p.in().dtype)) {
    const double last = extents.empty() ? 1 : extents.back();
    const double resized =
        last * static_cast<double>(size_of(p.in().dtype)) / static_cast<double>(size);
    if (extents.empty() || resized != std::floor(resized))
      return p.bad("dtype", "= {}: {} bytes of the last dimension are not whole elements",
                   name_of(dtype), last * static_cast<double>(size_of(p.in().dtype)));
    extents.back() = resized;
  }
  if (bytes % size != 0)
    return p.bad("dtype", "= {}: {} bytes are not whole elements", name_of(dtype), bytes);
  VG_ASSIGN(const Shape shape, resolve(p, extents, bytes / size));
  VG_ASSIGN(const Layout layout, layout_for(p, shape));
  return renamed(p, dtype, shape, layout);
}

Schema Squeeze::schema() {
  return Schema("squeeze", "Removes dimensions of extent 1.")
      .input("data", "tensor")
      .arg("axes", ArgType::Ints, "dimensions to remove; negative ones are ignored")
      .arg("axis_names", ArgType::String, "the same by letters of the layout");
}

Status Squeeze::check(const Node& node) {
  if (node.has("axes") == node.has("axis_names"))
    return node.problem(ErrorKind::Runtime, "", "needs either axes or axis_names");
  return {};
}

Outcome<ViewParams> Squeeze::plan(Plan& p) {
  const TensorDesc& in = p.in();
  std::set<int> axes;
  for (double a : p.numbers("axes")) {
    if (a >= in.shape.ndim())
      return p.bad("axes", "= {} is out of range for {} dimensions", a, in.shape.ndim());
    if (a >= 0) axes.insert(static_cast<int>(a));
  }
  for (char name : p.get<std::string>("axis_names")) {
    if (in.layout.find(name) < 0)
      return p.bad("axis_names", "has '{}', which is not in the layout \"{}\"", name,
                   in.layout.text());
    axes.insert(in.layout.find(name));
  }
  Shape shape;
  std::string letters;
  for (int i = 0; i < in.shape.ndim(); i++) {
    if (axes.contains(i)) {
      if (in.shape[i] != 1)
        return p.bad("axes", "= {}: only an extent of 1 can be removed, it is {}", i, in.shape[i]);
      continue;
    }
    shape.push_back(in.shape[i]);
    if (!in.layout.empty()) letters += in.layout[i];
  }
  return renamed(p, in.dtype, shape, Layout(letters));
}

Schema ExpandDims::schema() {
  return Schema("expand_dims", "Adds dimensions of extent 1.")
      .input("data", "tensor")
      .required("axes", ArgType::Ints, "places of the new dimensions in the output, none negative")
      .arg("new_axis_names", ArgType::String,
           "their letters in the layout, in order; without them the layout is cleared");
}

Status ExpandDims::check(const Node& node) {
  const std::vector<int64_t> axes = ints(node, "axes");
  const std::set<int64_t> distinct(axes.begin(), axes.end());
  if (distinct.size() != axes.size())
    return node.problem(ErrorKind::Runtime, "axes", "are not distinct: Duplicate axis");
  if (!axes.empty() && *distinct.begin() < 0)
    return node.problem(ErrorKind::Runtime, "axes",
                        fmt::format("= {} is negative", *distinct.begin()));
  if (node.has("new_axis_names") && node.text("new_axis_names").size() != axes.size())
    return node.problem(ErrorKind::Runtime, "new_axis_names",
                        fmt::format("must have {} letters, one per axis", axes.size()));
  return {};
}

Outcome<ViewParams> ExpandDims::plan(Plan& p) {
  const TensorDesc& in = p.in();
  const std::span<const double> axes = p.numbers("axes");
  const std::string names = p.get<std::string>("new_axis_names");
  const bool named = !names.empty() && (!in.layout.empty() || in.shape.ndim() == 0);
  const int ndim = in.shape.ndim() + static_cast<int>(axes.size());
  if (ndim > Shape::kMaxDims)
    return p.bad("axes", "make {} dimensions; {} is the most", ndim, Shape::kMaxDims);
  Shape shape;
  std::string letters;
  int from = 0;
  size_t added = 0;
  for (int i = 0; i < ndim; i++) {
    size_t at = 0;
    while (at < axes.size() && axes[at] != i) at++;
    if (at < axes.size()) {
      shape.push_back(1);
      if (named) letters += names[at];
      added++;
    } else if (from < in.shape.ndim()) {
      shape.push_back(in.shape[from]);
      if (named) letters += in.layout[from];
      from++;
    }
  }
  if (added < axes.size())
    return p.bad("axes", "name a place outside of the {} dimensions of the output", ndim);
  return renamed(p, in.dtype, shape, Layout(letters));
}

}  // namespace vg
