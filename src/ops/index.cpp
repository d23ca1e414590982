// Planning of indexing.
#include "ops/index.h"

#include <algorithm>

namespace vg {
namespace {

/// The numbers of an item, from the lists or from inputs.
struct Items {
  Plan& p;
  int next_input = 1;
  Outcome<int64_t> number(ArgName list, size_t i, bool from_input) {
    if (!from_input) {
      const std::span<const double> numbers = p.numbers(list);
      return i < numbers.size() ? static_cast<int64_t>(numbers[i]) : int64_t{0};
    }
    if (next_input >= p.inputs()) return p.bad("kind", "asks for more inputs than there are");
    const TensorRef& t = p.input(next_input++);
    if (t.desc.shape.elements() != 1 || t.desc.shape.ndim() > 1 || is_float(t.desc.dtype))
      return p.bad("", "the index must be a scalar integer; it is {} of shape {}",
                   name_of(t.desc.dtype), t.desc.shape.text());
    return static_cast<int64_t>(element(t, 0));
  }
};

void narrow(ViewAxis& axis, std::optional<int64_t> start, std::optional<int64_t> stop,
            int64_t step) {
  const int64_t n = axis.size, low = step > 0 ? 0 : -1, high = step > 0 ? n : n - 1;
  const auto bound = [&](std::optional<int64_t> given, int64_t otherwise) {
    if (!given) return otherwise;
    return std::clamp(*given < 0 ? *given + n : *given, low, high);
  };
  const int64_t from = bound(start, step > 0 ? low : high), to = bound(stop, step > 0 ? high : low);
  const int64_t distance = step > 0 ? to - from : from - to, stride = step > 0 ? step : -step;
  axis.start = from;
  axis.step = step;
  axis.extent = distance > 0 ? (distance - 1) / stride + 1 : 0;
  if (axis.extent == 0) axis.start = 0;
}

}  // namespace

Outcome<ViewParams> Index::plan(Plan& p) {
  const TensorDesc in = p.in();
  const View whole = view_of(in);
  View view;
  std::string letters;
  bool cleared = in.layout.empty();
  const std::string names = p.get<std::string>("names");
  size_t new_axes = 0;
  int axis = 0;
  Items items{p};
  const std::span<const double> kinds = p.numbers("kind");
  const auto add = [&](const ViewAxis& a, char letter) {
    if (view.ndim < Shape::kMaxDims) view.axes[view.ndim] = a;
    view.ndim++;
    letters += letter;
  };
  for (size_t i = 0; i < kinds.size(); i++) {
    const int flags = static_cast<int>(kinds[i]), kind = flags & kKindMask;
    if (kind == NewAxis) {
      const char name = new_axes < names.size() ? names[new_axes] : ' ';
      new_axes++;
      cleared |= name == ' ';
      add({}, name);
      continue;
    }
    if (axis >= whole.ndim)
      return p.bad("", "too many indices for a tensor of {} dimensions", whole.ndim);
    ViewAxis a = whole.axes[axis];
    const char letter = in.layout.empty() ? ' ' : in.layout[axis];
    VG_ASSIGN(const int64_t start, items.number("start", i, flags & StartInput));
    if (kind == At) {
      if (start < -a.size || start >= a.size)
        return p.bad("", "index {} is out of range for axis {} of extent {}", start, axis, a.size);
      view.origin += (start < 0 ? start + a.size : start) * a.stride;
    } else {
      VG_ASSIGN(const int64_t stop, items.number("stop", i, flags & StopInput));
      VG_ASSIGN(int64_t step, items.number("step", i, flags & StepInput));
      if (!(flags & (HasStep | StepInput))) step = 1;
      if (step == 0) return p.bad("", "the step of a range must not be 0 (axis {})", axis);
      narrow(a, flags & (HasStart | StartInput) ? std::optional(start) : std::nullopt,
             flags & (HasStop | StopInput) ? std::optional(stop) : std::nullopt, step);
      add(a, letter);
    }
    axis++;
  }
  for (; axis < whole.ndim; axis++)
    add(whole.axes[axis], in.layout.empty() ? ' ' : in.layout[axis]);
  if (view.ndim > Shape::kMaxDims)
    return p.bad("", "makes {} dimensions; {} is the most", view.ndim, Shape::kMaxDims);
  return plan_view(p, view, in.dtype, cleared ? Layout() : Layout(letters));
}

}  // namespace vg
