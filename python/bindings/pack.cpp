// The command `variegate pack` without its words.
#include "pack.h"

#include <nanobind/stl/optional.h>

#include "convert.h"
#include "io/pack/writer.h"

namespace vg::python {
namespace {

/// Gives the number of files and the size of the packed file. `progress(done, all, bytes)` may
/// raise.
nb::tuple pack(const std::string& path, std::optional<std::string> file_root,
               std::optional<std::string> file_list, const nb::callable& progress) {
  FileListOptions options;
  options.file_root = std::move(file_root);
  options.file_list = std::move(file_list);
  const auto files = list_files(options).take();
  const uint64_t size = write_pack(path, files, [&](size_t done, uint64_t bytes) {
                          progress(done, files.size(), bytes);
                          return PyErr_CheckSignals() == 0 ? true : throw nb::python_error();
                        }).take();
  return nb::make_tuple(files.size(), size);
}

}  // namespace

void bind_pack(nb::module_& m) {
  m.def("pack", &pack, nb::arg("path"), nb::arg("file_root").none(), nb::arg("file_list").none(),
        nb::arg("progress"));
}

}  // namespace vg::python
