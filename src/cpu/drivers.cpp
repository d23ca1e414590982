// Which driver serves which family.
#include "cpu/drivers.h"

namespace vg::cpu {

Driver driver_of(Family family) {
  switch (family) {
    case Family::Point:
      return &run_point;
    case Family::Elementwise:
      return &run_elementwise;
    case Family::Measured:
      return &run_measured;
    case Family::Scatter:
      return &run_scatter;
    case Family::Reduce:
      return &run_reduce;
    case Family::Resample:
      return &run_resample;
    case Family::Stencil:
      return &run_stencil;
    case Family::Warp:
      return &run_warp;
    case Family::View:
      return &run_view;
    default:
      return nullptr;
  }
}

}  // namespace vg::cpu
