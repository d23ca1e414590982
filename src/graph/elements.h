// Elements of small tensors as numbers, and small whole numbers as tensors.
#pragma once

#include "variegate/tensor.h"

namespace vg {

/// Element `i` of data of any type, as a double.
double element(DType dtype, const std::byte* data, int64_t i);

/// A number of [0, 256) as an element of a type that can hold it. It never moves or changes: values
/// of which there are few are known by where they are.
std::byte* whole_number(DType dtype, int64_t number);
constexpr bool has_whole_number(int64_t number) { return number >= 0 && number < 256; }
bool is_whole_number(const std::byte* data);

}  // namespace vg
