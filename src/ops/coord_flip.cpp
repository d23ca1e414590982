// Which component is which axis in `coord_flip`, and the loop over its points.
#include "ops/coord_flip.h"

namespace vg {

Outcome<CoordFlip> CoordFlip::plan(Plan& p) {
  const Shape& shape = p.in().shape;
  if (p.in().dtype != DType::Float)
    return p.bad("", "takes float32; the input's type is {}", name_of(p.in().dtype));
  const int64_t n = shape.ndim() > 0 ? shape[shape.ndim() - 1] : 0;
  if (n < 1 || n > 3)
    return p.bad("", "needs 1 to 3 components along the last axis; the shape is {}", shape.text());
  std::string layout = p.get<std::string>("layout");
  if (layout.empty()) layout = std::string("xyz").substr(0, static_cast<size_t>(n));
  if (static_cast<int64_t>(layout.size()) != n ||
      layout.find_first_not_of("xyz") != std::string::npos)
    return p.bad("layout", "= \"{}\" does not name {} of the axes x, y, z", layout, n);
  CoordFlip f{static_cast<int>(n), {}, {}};
  for (int i = 0; i < n; i++) {
    const std::string axis(1, layout[static_cast<size_t>(i)]);
    f.flip[i] = p.get<int64_t>(ArgName("flip_" + axis)) != 0;
    f.twice_center[i] = 2 * p.get<float>(ArgName("center_" + axis));
  }
  p.out() = p.in();
  return f;
}

Status CoordFlip::run(const Work& work) {
  const auto& f = work.param<CoordFlip>();
  const float* in = work.in[0].as<float>();
  float* out = work.out[0].as<float>();
  const int64_t n = work.in[0].desc.shape.elements();
  for (int64_t i = 0; i < n; i++) {
    const int64_t axis = i % f.axes;
    out[i] = f.flip[axis] ? f.twice_center[axis] - in[i] : in[i];
  }
  return {};
}

}  // namespace vg
