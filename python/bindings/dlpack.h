// Tensors on a GPU as DLPack gives them to other libraries.
#pragma once

#include <nanobind/ndarray.h>

#include "convert.h"

namespace vg::python {

/// What a capsule holds: the tensor lives until the consumer calls the deleter, which needs no GIL.
/// `M` is the structure of one of the two versions of DLPack.
template <class M>
class Exported {
 public:
  static nb::object capsule(const Tensor& t) {
    auto* e = new Exported(t);
    PyObject* made = PyCapsule_New(&e->managed_, M::kName, [](PyObject* capsule) {
      // A consumer renames what it takes over.
      if (!PyCapsule_IsValid(capsule, M::kName)) return;
      auto* m = static_cast<M*>(PyCapsule_GetPointer(capsule, M::kName));
      m->deleter(m);
    });
    if (!made) {
      delete e;
      throw nb::python_error();
    }
    return nb::steal(made);
  }

 private:
  explicit Exported(const Tensor& t) : tensor_(t) {
    int64_t stride = 1;
    for (int i = t.shape.ndim() - 1; i >= 0; i--) {
      shape_[static_cast<size_t>(i)] = t.shape[i];
      strides_[static_cast<size_t>(i)] = stride;
      stride *= t.shape[i];
    }
    managed_.tensor = {t.data.get(),
                       {nb::device::cuda::value, t.device->device()},
                       t.shape.ndim(),
                       dlpack_of(t.dtype),
                       shape_.data(),
                       strides_.data(),
                       0};
    managed_.context = this;
    managed_.deleter = [](M* m) { delete static_cast<Exported*>(m->context); };
  }

  M managed_;
  Tensor tensor_;
  std::array<int64_t, Shape::kMaxDims> shape_{}, strides_{};
};

struct DlpackLegacy {
  static constexpr const char* kName = "dltensor";
  nb::dlpack::dltensor tensor;
  void* context;
  void (*deleter)(DlpackLegacy*);
};

struct DlpackVersioned {
  static constexpr const char* kName = "dltensor_versioned";
  uint32_t major = 1, minor = 0;
  void* context;
  void (*deleter)(DlpackVersioned*);
  uint64_t flags = 0;
  nb::dlpack::dltensor tensor;
};

}  // namespace vg::python
