// What stands outside of an image: the index that a neighbourhood reads instead.
#pragma once

#include <cstdint>

#include "core/lane.h"

namespace vg {

enum class Border : int32_t {
  Reflect101,   ///< mirrored at the outermost element: c b | a b c
  Reflect1001,  ///< mirrored at the edge: b a | a b c
  Wrap,         ///< b c | a b c
  Clamp,        ///< a a | a b c
  Constant,     ///< a value of its own
};

/// Index in [0, n) for any `i`, -1 for the constant. n is at least 1.
template <class Index>
VG_FN Index border_index(Border border, Index i, Index n) {
  if (i >= 0 && i < n) return i;
  if (border == Border::Constant) return -1;
  if (border == Border::Clamp) return i < 0 ? 0 : n - 1;
  const Index period = border == Border::Wrap          ? n
                       : border == Border::Reflect1001 ? 2 * n
                       : n > 1                         ? 2 * n - 2
                                                       : 1;
  const Index rest = i % period, at = rest < 0 ? rest + period : rest;
  if (at < n) return at;
  return border == Border::Reflect1001 ? period - 1 - at : period - at;
}

}  // namespace vg
