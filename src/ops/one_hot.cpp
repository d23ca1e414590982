// One-hot encoding of labels.
#include "ops/one_hot.h"

#include <algorithm>
#include <cmath>

#include "core/cast.h"

namespace vg {

Schema OneHot::schema() {
  return Schema(
             "one_hot",
             "A new axis of extent num_classes that holds on_value at the label and off_value "
             "elsewhere; labels outside [0, num_classes) are off everywhere. Without `axis` and "
             "if all tensors of a batch have one element, they count as scalars: labels (1,) give "
             "(num_classes,).")
      .input("data", "labels; fractions are cut off")
      .arg("num_classes", ArgType::Int, int64_t{0}, "extent of the new axis, at least 1")
      .arg("axis", ArgType::Int, int64_t{-1}, "place of the new axis; -1: the last")
      .arg("dtype", ArgType::DType, static_cast<int64_t>(DType::Float),
           "element type of the output")
      .arg("on_value", ArgType::Float, 1.0, "value at the label")
      .arg("off_value", ArgType::Float, 0.0, "value elsewhere")
      .arg("axis_name", ArgType::String,
           "letter of the new axis in the layout; without it the layout is cleared");
}

bool OneHot::needs_batch(const Node& node) {
  const auto& axis = node.args[static_cast<size_t>(node.schema().index_of("axis"))];
  const auto* given = std::get_if<int64_t>(&axis);
  // Labels of a reader have one element each: a barrier for them would only cost replay.
  const bool reader = node.inputs[0].node()->schema().name().starts_with("readers.");
  return !(given && *given >= 0) && !reader;
}

Status OneHot::run_batch(BatchWork& work) {
  const std::span<BatchItem> items = work.items();
  const bool single = std::all_of(items.begin(), items.end(), [](const BatchItem& item) {
    return item.in[0].desc.shape.elements() == 1;
  });
  for (size_t i = 0; i < items.size(); i++) {
    VG_TRY(work.run(i, [&](Plan& p) -> Status {
      VG_ASSIGN(const OneHot op, plan_as(p, single));
      p.set_params(op);
      return p.status();
    }));
  }
  return {};
}

Outcome<OneHot> OneHot::plan(Plan& p) { return plan_as(p, true); }

Outcome<OneHot> OneHot::plan_as(Plan& p, bool single) {
  TensorDesc in = p.in();
  int axis = p.get<int>("axis");
  const auto classes = p.get<int64_t>("num_classes");
  if (classes < 1 || classes > (int64_t{1} << 31))
    return p.bad("num_classes", "= {} is not in [1, 2^31]", classes);
  if (axis < 0 && single && in.shape.elements() == 1) in = {in.dtype, {}, {}};
  const int ndim = in.shape.ndim();
  if (axis < 0) axis = ndim;
  if (axis > ndim && in.shape.elements() == 1) axis = ndim;
  if (axis > ndim || ndim >= Shape::kMaxDims)
    return p.bad("axis", "= {} is not a place in {} dimensions", axis, ndim + 1);
  const std::string name = p.get<std::string>("axis_name");
  if (!name.empty() && (name.size() > 1 || (in.layout.empty() && ndim > 0)))
    return p.bad("axis_name", "= \"{}\" must be one letter, and the input needs a layout", name);
  OneHot op{1, classes, 1, p.get<double>("on_value"), p.get<double>("off_value")};
  TensorDesc& out = p.out();
  out.dtype = p.get<DType>("dtype");
  out.shape = {};
  for (int d = 0; d <= ndim; d++) {
    if (d == axis) out.shape.push_back(classes);
    if (d < ndim) out.shape.push_back(in.shape[d]);
    if (d < ndim) (d < axis ? op.outer : op.inner) *= in.shape[d];
  }
  std::string letters(in.layout.text());
  if (!name.empty()) letters.insert(static_cast<size_t>(axis), name);
  out.layout = Layout(name.empty() ? std::string_view() : letters);
  return op;
}

Status OneHot::run(const Work& work) {
  const auto& op = work.param<OneHot>();
  const TensorRef& out = work.out[0];
  const int64_t size = size_of(out.desc.dtype);
  const auto value = [&](double x) { return is_float(out.desc.dtype) ? x : std::trunc(x); };
  for (int64_t i = 0; i < op.outer * op.classes * op.inner; i++)
    store_number(value(op.off), out.desc.dtype, out.data + i * size);
  for (int64_t i = 0; i < op.outer * op.inner; i++) {
    const double label = std::trunc(element(work.in[0], i));
    if (!(label >= 0 && label < static_cast<double>(op.classes))) continue;
    const int64_t at =
        (i / op.inner * op.classes + static_cast<int64_t>(label)) * op.inner + i % op.inner;
    store_number(value(op.on), out.desc.dtype, out.data + at * size);
  }
  return {};
}

}  // namespace vg
