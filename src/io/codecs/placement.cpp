// EXIF orientations as steps through the result.
#include "io/codecs/placement.h"

namespace vg {

Placement place(const ImageInfo& info, int orientation, const Region& region) {
  const bool swap = orientation >= 5;
  const bool flip_rows =
      orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
  const bool flip_cols =
      orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
  Region s = swap ? Region{region.x, region.y, region.width, region.height} : region;
  if (flip_rows) s.y = info.height - s.y - s.height;
  if (flip_cols) s.x = info.width - s.x - s.width;
  Placement p{s};
  p.row_step = swap ? 1 : region.width;
  p.col_step = swap ? region.width : 1;
  if (flip_rows) {
    p.origin += (s.height - 1) * p.row_step;
    p.row_step = -p.row_step;
  }
  if (flip_cols) {
    p.origin += (s.width - 1) * p.col_step;
    p.col_step = -p.col_step;
  }
  return p;
}

Placement place(const ImageInfo& info, const DecodeOptions& options) {
  const int orientation = options.adjust_orientation ? info.orientation : 1;
  const Region whole = orientation >= 5 ? Region{0, 0, info.width, info.height}
                                        : Region{0, 0, info.height, info.width};
  const Region region = options.region.value_or(whole);
  Placement p = place(info, orientation, region);
  if (!options.needed) return p;
  const Region& part = *options.needed;
  const Region stored = p.stored;
  p.stored =
      place(info, orientation, {region.y + part.y, region.x + part.x, part.height, part.width})
          .stored;
  p.origin += (p.stored.y - stored.y) * p.row_step + (p.stored.x - stored.x) * p.col_step;
  return p;
}

}  // namespace vg
