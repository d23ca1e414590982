// Which form serves which family.
#include "cuda/batch.h"
#include "cuda/encoder.h"

namespace vg::cuda {

Form form_of(Family family) {
  switch (family) {
    case Family::Point:
      return {&runs_point, &encode_point};
    case Family::Measured:
      return {&runs_measured, &encode_measured};
    case Family::Warp:
      return {&runs_warp, &encode_warp};
    case Family::Stencil:
      return {&runs_stencil, &encode_stencil};
    case Family::Resample:
      return {&runs_resample, &encode_resample};
    case Family::Scatter:
      return {&runs_scatter, &encode_scatter};
    case Family::View:
      return {&runs_view, &encode_view};
    case Family::Elementwise:
      return {&runs_elementwise, &encode_elementwise};
    case Family::Reduce:
      return {&runs_reduce, &encode_reduce};
    case Family::Decode:
      return {&runs_decode, nullptr};  // images are decoded together: cuda/decode.h
    default:
      return {nullptr, nullptr};
  }
}

}  // namespace vg::cuda
