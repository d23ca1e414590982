// Numbers as elements of any type.
#include "ops/scatter.h"

#include "core/round.h"

namespace vg {
namespace {

template <class T>
Element as(double value) {
  const T x = round_to<T>(value);
  Element e{};
  std::memcpy(e.bytes, &x, sizeof(T));
  return e;
}

}  // namespace

Element element_of(DType dtype, double value) {
  switch (dtype) {
    case DType::Uint8: return as<uint8_t>(value);
    case DType::Uint16: return as<uint16_t>(value);
    case DType::Uint32: return as<uint32_t>(value);
    case DType::Uint64: return as<uint64_t>(value);
    case DType::Int8: return as<int8_t>(value);
    case DType::Int16: return as<int16_t>(value);
    case DType::Int32: return as<int32_t>(value);
    case DType::Int64: return as<int64_t>(value);
    case DType::Float16: return as<Half>(value);
    case DType::Float: return as<float>(value);
    case DType::Float64: return as<double>(value);
    case DType::Bool: return as<bool>(value);
    case DType::None: break;
  }
  return {};
}

}  // namespace vg
