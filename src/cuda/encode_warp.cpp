// From a warp to its task.
#include <limits>

#include "cuda/encoder.h"

namespace vg::cuda {
namespace {

template <class In>
void encode_type(const Work& work, Encoder& encoder) {
  const WarpParams& p = work.param<WarpParams>();
  const In* in = work.in[0].as<In>();
  if constexpr (!std::is_same_v<In, float>)
    if (work.out[0].desc.dtype == DType::Float)
      return encoder.add(0, WarpTask<In, float>(p, in, work.out[0].as<float>()));
  encoder.add(0, WarpTask<In, In>(p, in, work.out[0].as<In>()));
}

}  // namespace

bool runs_warp(const Work& work) {
  constexpr int64_t kMost = std::numeric_limits<int32_t>::max();
  return work.in[0].desc.shape.elements() <= kMost && work.out[0].desc.shape.elements() <= kMost;
}

void encode_warp(const Work& work, Encoder& encoder) {
  switch (work.in[0].desc.dtype) {
    case DType::Uint8:
      return encode_type<uint8_t>(work, encoder);
    case DType::Int16:
      return encode_type<int16_t>(work, encoder);
    case DType::Int32:
      return encode_type<int32_t>(work, encoder);
    default:
      return encode_type<float>(work, encoder);
  }
}

}  // namespace vg::cuda
