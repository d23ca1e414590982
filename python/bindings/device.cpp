// Tensors on a GPU: how Python and other libraries reach them, and how theirs come in.
#include <utility>

#include "convert.h"
#include "variegate/batch.h"
#include "variegate/error.h"

namespace vg::python {
namespace {

/// Memory of another library: its owner has waited for it, and it lives as long as the tensor.
class ForeignMemory : public DeviceMemory {
 public:
  ForeignMemory(int device, nb::object owner) : device_(device), owner_(std::move(owner)) {}
  ~ForeignMemory() override {
    if (!Py_IsInitialized()) {
      (void)owner_.release();  // the interpreter is gone, and so is the memory
      return;
    }
    nb::gil_scoped_acquire gil;
    owner_ = nb::object();
  }
  int device() const override { return device_; }
  uintptr_t stream() const override { return 1; }
  void wait() override {}
  void wait_on(uintptr_t) override {}
  void used_on(uintptr_t) override {}
  void copy_to_host(const std::byte*, std::byte*, int64_t) override { refuse(); }
  void copy(const std::byte*, std::byte*, int64_t, uintptr_t, bool) override { refuse(); }
  std::pair<std::shared_ptr<std::byte>, std::shared_ptr<DeviceMemory>> gather(
      const std::vector<const std::byte*>&, int64_t) override {
    refuse();
  }

 private:
  [[noreturn]] static void refuse() {
    throw Error(ErrorKind::Runtime, "this memory belongs to another library: ask it for the copy");
  }
  int device_;
  nb::object owner_;
};

nb::object to_dlpack(const Tensor& t) {
  std::vector<size_t> shape(t.shape.begin(), t.shape.end());
  auto* held = new Tensor(t);
  nb::capsule owner(held, [](void* p) noexcept { delete static_cast<Tensor*>(p); });
  nb::ndarray<> array(t.data.get(), shape.size(), shape.data(), owner, nullptr, dlpack_of(t.dtype),
                      nb::device::cuda::value, t.device->device());
  return nb::cast(array);  // without a framework: a capsule
}

Tensor to_host(const Tensor& t) {
  Tensor host = Tensor::allocate(t);
  host.source = t.source;
  nb::gil_scoped_release release;
  t.device->copy_to_host(t.data.get(), host.data.get(), t.bytes());
  return host;
}

}  // namespace

bool is_on_gpu(nb::handle object) {
  if (!nb::hasattr(object, "__dlpack_device__")) return false;
  nb::object device = object.attr("__dlpack_device__")();
  return nb::cast<int>(device[0]) == nb::device::cuda::value;
}

Tensor from_gpu(nb::handle object, const std::string& layout) {
  nb::module_::import_("variegate.tensors_gpu").attr("wait_for")(object);
  const auto array = nb::cast<nb::ndarray<nb::device::cuda, nb::c_contig>>(object);
  const DType dtype = dtype_of(array.dtype());
  if (dtype == DType::None) throw nb::type_error("this element type is not supported");
  Tensor t{{dtype, {}, Layout(layout)}, {}, {}, {}};
  for (size_t i = 0; i < array.ndim(); i++) t.shape.push_back(static_cast<int64_t>(array.shape(i)));
  t.device = std::make_shared<ForeignMemory>(array.device_id(), nb::cast(array));
  // The owner of the elements is the memory's handle.
  t.data = std::shared_ptr<std::byte>(t.device, static_cast<std::byte*>(array.data()));
  return t;
}

void bind_device(nb::module_& m, nb::class_<Tensor>& tensor) {
  m.def("gpu_devices", &gpu_devices, "Names of the GPUs that can be used, by number.");
  m.def("gpu_problem", &gpu_problem, "Why there is none; empty if there is one.");
  tensor.def_prop_ro("_device", [](const Tensor& t) { return t.device ? t.device->device() : -1; })
      .def_prop_ro(
          "_shape",
          [](const Tensor& t) { return std::vector<int64_t>(t.shape.begin(), t.shape.end()); })
      .def_prop_ro("_stream", [](const Tensor& t) { return t.device->stream(); })
      .def("_wait",
           [](const Tensor& t) {
             nb::gil_scoped_release release;
             t.device->wait();
           })
      .def("_hand_to",
           [](const Tensor& t, uintptr_t stream) {
             t.device->wait_on(stream);
             t.device->used_on(stream);
           })
      .def("_to_host", &to_host)
      .def_prop_ro("_bytes", [](const Tensor& t) { return t.bytes(); })
      .def("_copy",
           [](const Tensor& t, uintptr_t to, uintptr_t stream, bool wait) {
             nb::gil_scoped_release release;
             t.device->copy(t.data.get(), reinterpret_cast<std::byte*>(to), t.bytes(), stream,
                            wait);
           })
      .def("_dlpack", &to_dlpack);
}

}  // namespace vg::python
