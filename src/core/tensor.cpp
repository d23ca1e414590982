// Facts of the element types, and shapes as text.
#include "variegate/tensor.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace vg {
namespace {

struct DTypeFacts {
  std::string_view name;
  int64_t size;
};

constexpr std::array<DTypeFacts, 12> kFacts{{{"uint8", 1},
                                             {"uint16", 2},
                                             {"uint32", 4},
                                             {"uint64", 8},
                                             {"int8", 1},
                                             {"int16", 2},
                                             {"int32", 4},
                                             {"int64", 8},
                                             {"float16", 2},
                                             {"float32", 4},
                                             {"float64", 8},
                                             {"bool", 1}}};

}  // namespace

int64_t size_of(DType dtype) {
  return dtype == DType::None ? 0 : kFacts[static_cast<size_t>(dtype)].size;
}

std::string_view name_of(DType dtype) {
  return dtype == DType::None ? "none" : kFacts[static_cast<size_t>(dtype)].name;
}

bool is_float(DType dtype) { return dtype >= DType::Float16 && dtype <= DType::Float64; }

bool is_signed(DType dtype) { return dtype >= DType::Int8 && dtype <= DType::Float64; }

bool is_integer(DType dtype) { return dtype >= DType::Uint8 && dtype <= DType::Int64; }

std::string Shape::text() const {
  return fmt::format("({}{})", fmt::join(begin(), end(), ", "), ndim() == 1 ? "," : "");
}

Tensor Tensor::allocate(const TensorDesc& desc) {
  auto* bytes = new std::byte[static_cast<size_t>(desc.bytes()) + 1];
  return {desc, std::shared_ptr<std::byte>(bytes, std::default_delete<std::byte[]>()), {}, {}};
}

}  // namespace vg
