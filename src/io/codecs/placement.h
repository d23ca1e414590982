// Where the pixels of a stored image lie in the one that is shown.
#pragma once

#include "io/codecs/codec.h"

namespace vg {

/// Where a window of stored pixels goes in the oriented image.
struct Placement {
  Region stored;         ///< the window, in stored coordinates
  int64_t origin = 0;    ///< pixel index in the result of the window's first pixel
  int64_t row_step = 0;  ///< pixels of the result from one stored row to the next
  int64_t col_step = 0;  ///< and from one stored column to the next
};

/// `region` is in oriented coordinates; `info` gives the stored size.
Placement place(const ImageInfo& info, int orientation, const Region& region);

/// What `options` ask for of an image.
Placement place(const ImageInfo& info, const DecodeOptions& options);

}  // namespace vg
