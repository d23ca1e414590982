// Making packed files from Python.
#pragma once

#include <nanobind/nanobind.h>

namespace vg::python {

void bind_pack(nanobind::module_& m);

}  // namespace vg::python
