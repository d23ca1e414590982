// Memory of other libraries on a GPU as tensors.
#pragma once

#include "convert.h"

namespace vg::python {

/// A tensor that shares what a DLPack capsule describes (dense, on a GPU). TypeError if it cannot.
Tensor from_dlpack(nb::object capsule, const std::string& layout);
/// A tensor over memory that lives as long as `owner`.
Tensor from_address(nb::object owner, uintptr_t address, int dtype,
                    const std::vector<int64_t>& shape, int device, const std::string& layout);
/// Whether another library owns the memory.
bool is_foreign(const Tensor& tensor);

}  // namespace vg::python
