// The Python module: errors become the package's exceptions, then everything else is bound.
#include "convert.h"
#include "cpu/target.h"
#include "exec/state.h"
#include "io/codecs/codec.h"
#include "pack.h"

namespace vg::python {
namespace {

void translate(const std::exception_ptr& pointer, void*) {
  try {
    std::rethrow_exception(pointer);
  } catch (const CallbackError& e) {
    nb::object cause = *std::static_pointer_cast<nb::object>(e.cause());
    PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(cause.ptr())), cause.ptr());
  } catch (const Error& e) {
    if (e.kind() == ErrorKind::StopIteration) {
      PyErr_SetString(PyExc_StopIteration, e.what());
      return;
    }
    nb::object kinds = nb::module_::import_("variegate.errors").attr("BY_KIND");
    nb::object type = kinds[static_cast<int>(e.kind())];
    PyErr_SetString(type.ptr(), e.what());
  }
}

}  // namespace
}  // namespace vg::python

NB_MODULE(_core, m) {
  using namespace vg;
  using namespace vg::python;
  // Graphs hold callbacks and callbacks hold graphs: what is left at exit is no leak to report.
  nb::set_leak_warnings(false);
  nb::register_exception_translator(translate);
  bind_graph(m);
  bind_pipeline(m);
  bind_sources(m);
  bind_pack(m);
  bind_auto_aug(m);
  m.attr("__version__") = VG_VERSION;
  m.def("codecs", [] {
    nb::list all;
    for (const CodecVersion& c : codec_versions())
      all.append(nb::make_tuple(c.format, c.library, c.version));
    return all;
  });
  m.def("build", [] {
    nb::dict facts;
    facts["type"] = VG_BUILD_TYPE;
    facts["compiler"] = VG_COMPILER;
    facts["simd"] = std::string(cpu::name_of(cpu::target()));
    return facts;
  });
}
