// Between Python objects and the library's values.
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "graph/schema.h"
#include "variegate/batch.h"
#include "variegate/value.h"

namespace nb = nanobind;

namespace vg::python {

/// Any Python object that an argument may be: None, numbers, text, lists of them, arrays, Values.
ArgValue to_argument(nb::handle object);
/// A copy of an array (NumPy, or anything with DLPack on the CPU).
Tensor to_tensor(nb::handle array, const std::string& layout);
/// A NumPy array that shares the tensor's memory and keeps it alive; a copy of what is on a GPU.
nb::object to_numpy(const Tensor& tensor);
/// A plain Python value of an argument's fallback.
nb::object to_python(const ArgValue& value);

DType dtype_of(nb::dlpack::dtype type);
nb::dlpack::dtype dlpack_of(DType type);
/// A copy in host memory of a tensor on a GPU.
Tensor to_host(const Tensor& tensor);

void bind_graph(nb::module_& m);
void bind_pipeline(nb::module_& m);
void bind_device(nb::module_& m, nb::class_<Tensor>& tensor, nb::class_<TensorList>& list);
void bind_sources(nb::module_& m);
void bind_auto_aug(nb::module_& m);

}  // namespace vg::python
