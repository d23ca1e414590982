// Facts of the element types, and shapes as text.
#include "variegate/tensor.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace vg {
namespace {

constexpr std::array<std::string_view, 12> kNames{"uint8",   "uint16",  "uint32",  "uint64",
                                                  "int8",    "int16",   "int32",   "int64",
                                                  "float16", "float32", "float64", "bool"};

}  // namespace

std::string_view name_of(DType dtype) {
  return dtype == DType::None ? "none" : kNames[static_cast<size_t>(dtype)];
}

std::string Shape::text() const {
  return fmt::format("({}{})", fmt::join(begin(), end(), ", "), ndim() == 1 ? "," : "");
}

Tensor Tensor::allocate(const TensorDesc& desc) {
  auto* bytes = new std::byte[static_cast<size_t>(desc.bytes()) + 1];
  return {desc, std::shared_ptr<std::byte>(bytes, std::default_delete<std::byte[]>()), {}, {}};
}

}  // namespace vg
