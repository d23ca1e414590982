// io.file.read: the bytes of a file whose path is data.
#pragma once

#include "graph/op_def.h"
#include "io/file.h"

namespace vg {

struct FileRead {
  std::span<const char> path;

  static Schema schema() {
    return Schema("io.file.read", "Reads a whole file.")
        .input("filepath", "path as a 1-d tensor of bytes (UINT8 or INT8)")
        .arg("dont_use_mmap", ArgType::Bool, false, "accepted; files are always read")
        .arg("use_o_direct", ArgType::Bool, false, "accepted and ignored")
        .eager()
        .cpu_only();
  }

  static Outcome<FileRead> plan(Plan& p) {
    const TensorDesc& in = p.in();
    if (in.shape.ndim() != 1 || (in.dtype != DType::Uint8 && in.dtype != DType::Int8))
      return p.bad("filepath", "is {} of shape {}; a 1-d tensor of bytes is expected",
                   name_of(in.dtype), in.shape.text());
    const std::span<const char> path(p.input(0).as<const char>(), static_cast<size_t>(in.shape[0]));
    VG_ASSIGN(const File file, File::open({path.data(), path.size()}));
    p.out() = TensorDesc{DType::Uint8, Shape{static_cast<int64_t>(file.size())}, {}};
    return FileRead{path};
  }

  static Status run(const Work& work) {
    const std::span<const char> path = work.param<FileRead>().path;
    VG_ASSIGN(const File file, File::open({path.data(), path.size()}));
    return file.read({work.out[0].data, static_cast<size_t>(work.out[0].desc.bytes())});
  }
};

}  // namespace vg
