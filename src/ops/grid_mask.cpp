// The grid's axes from its angle.
#include "ops/grid_mask.h"

#include "core/math.h"

namespace vg {

Outcome<GridMask> GridMask::plan(Plan& p) {
  const auto tile = p.get<double>("tile"), angle = p.get<double>("angle");
  VG_TRY(p.status());
  if (!(tile >= 1)) return p.bad("tile", "= {} is not positive", tile);
  VG_TRY(image_dims(p));
  const double c = math::cos(angle) / tile, s = math::sin(angle) / tile;
  GridMask op{};
  op.xx = op.yy = static_cast<float>(c);
  op.yx = static_cast<float>(s);
  op.xy = -op.yx;
  op.shift_x = static_cast<float>(p.get<double>("shift_x") / tile);
  op.shift_y = static_cast<float>(p.get<double>("shift_y") / tile);
  op.ratio = p.get<float>("ratio");
  return scatter_plan(p, op);
}

}  // namespace vg
