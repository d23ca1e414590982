// Element extraction: frames of a sequence as outputs of their own.
#pragma once

#include "ops/view.h"

namespace vg {

struct ElementExtract {
  static Schema schema() {
    return Schema("element_extract",
                  "Gives elements of the outermost axis, one output per entry of element_map.")
        .input("data", "sequence; its layout, if any, begins with F")
        .required("element_map", ArgType::Ints, "indices along the outermost axis, none negative")
        .outputs_from("element_map");
  }

  static Outcome<ViewParams> plan(Plan& p) {
    const TensorDesc in = p.in();
    const int ndim = in.shape.ndim();
    if (ndim < 1) return p.bad("", "needs a sequence; got a scalar");
    if (!in.layout.empty() && in.layout[0] != 'F')
      return p.problem(
          ErrorKind::Value, "",
          fmt::format("needs a layout that begins with F; got \"{}\"", in.layout.text()));
    const std::span<const double> map = p.numbers("element_map");
    std::vector<View> views;
    for (int i = 0; i < p.outputs(); i++) {
      const auto element = static_cast<int64_t>(map[i]);
      if (element < 0 || element >= in.shape[0])
        return p.bad("element_map", "= {} is out of range for a sequence of {}", element,
                     in.shape[0]);
      TensorDesc& out = p.out(i);
      out.dtype = in.dtype;
      out.shape = Shape(std::span(in.shape.begin() + 1, in.shape.end()));
      out.layout = Layout(in.layout.empty() ? "" : in.layout.text().substr(1));
      View view = view_of(out);
      view.output = i;
      view.origin = element * out.shape.elements();
      place(view, out.shape);
      views.push_back(view);
    }
    return plan_views(p, views);
  }
};

}  // namespace vg
