// Between Python objects and the library's values.
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "graph/schema.h"
#include "variegate/value.h"

namespace nb = nanobind;

namespace vg::python {

/// Any Python object that an argument may be: None, numbers, text, lists of them, arrays, Values.
ArgValue to_argument(nb::handle object);
/// A copy of an array (NumPy, or anything with DLPack on the CPU).
Tensor to_tensor(nb::handle array, const std::string& layout);
/// A NumPy array that shares the tensor's memory and keeps it alive.
nb::object to_numpy(const Tensor& tensor);
/// A plain Python value of an argument's fallback.
nb::object to_python(const ArgValue& value);

DType dtype_of(nb::dlpack::dtype type);
nb::dlpack::dtype dlpack_of(DType type);
/// Whether an array of another library lies on a GPU, and the tensor that shares it.
bool is_on_gpu(nb::handle object);
Tensor from_gpu(nb::handle object, const std::string& layout);

void bind_graph(nb::module_& m);
void bind_pipeline(nb::module_& m);
void bind_device(nb::module_& m, nb::class_<Tensor>& tensor);
void bind_sources(nb::module_& m);
void bind_auto_aug(nb::module_& m);

}  // namespace vg::python
