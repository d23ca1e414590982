// Memory of other libraries: who owns it is let go with the last tensor, whichever thread has that.
#include "foreign.h"

#include <algorithm>
#include <mutex>

#include "exec/device.h"

namespace vg::python {
namespace {

/// Objects whose last owner had no GIL: a worker must not wait for it while it holds a lock that
/// the owner of the GIL waits for. They go with the next call that has it.
class Graveyard {
 public:
  void bury(PyObject* object) {
    if (!Py_IsInitialized()) return;  // the interpreter is gone, and its objects with it
    if (PyGILState_Check()) {
      Py_DECREF(object);
      return;
    }
    {
      std::lock_guard lock(mutex_);
      dead_.push_back(object);
    }
    Py_AddPendingCall(
        [](void* self) {
          static_cast<Graveyard*>(self)->clear();
          return 0;
        },
        this);  // fails if many are pending: one of those does it
  }
  void clear() {
    std::vector<PyObject*> dead;
    {
      std::lock_guard lock(mutex_);
      dead.swap(dead_);
    }
    for (PyObject* object : dead) Py_DECREF(object);
  }

 private:
  std::mutex mutex_;
  std::vector<PyObject*> dead_;
};

Graveyard& graveyard() {
  static auto& all = *new Graveyard;
  return all;
}

/// Its owner has waited for the data. All that copies goes through a handle of our own.
class ForeignMemory : public DeviceMemory {
 public:
  ForeignMemory(int device, nb::object owner) : device_(device), owner_(owner.release().ptr()) {}
  ~ForeignMemory() override {
    try {
      for (uintptr_t stream : streams_) ours()->wait_for(stream);
    } catch (const Error&) {  // the device failed: nobody reads the memory any more
    }
    graveyard().bury(owner_);
  }
  int device() const override { return device_; }
  uintptr_t stream() const override { return 1; }
  void wait() override {}
  void wait_on(uintptr_t) override {}
  void used_on(uintptr_t stream) override {
    std::lock_guard lock(mutex_);
    if (std::find(streams_.begin(), streams_.end(), stream) == streams_.end())
      streams_.push_back(stream);
  }
  void wait_for(uintptr_t stream) override { ours()->wait_for(stream); }
  void copy_to_host(const std::byte* from, std::byte* to, int64_t bytes) override {
    ours()->copy_to_host(from, to, bytes);
  }
  void copy(const std::byte* from, std::byte* to, int64_t bytes, uintptr_t stream,
            bool wait) override {
    if (!wait) used_on(stream);
    ours()->copy(from, to, bytes, stream, wait);
  }
  std::pair<std::shared_ptr<std::byte>, std::shared_ptr<DeviceMemory>> gather(
      const std::vector<const std::byte*>& pieces, int64_t bytes) override {
    auto made = ours()->gather(pieces, bytes);
    made.second->wait();  // what is copied may go before the copy is made
    return made;
  }

 private:
  std::shared_ptr<DeviceMemory> ours() const { return device_handle(device_); }
  const int device_;
  PyObject* owner_;
  std::mutex mutex_;
  std::vector<uintptr_t> streams_;
};

Tensor shared(int device, nb::object owner, void* data, TensorDesc desc) {
  graveyard().clear();
  Tensor t{std::move(desc), {}, {}, {}};
  t.device = std::make_shared<ForeignMemory>(device, std::move(owner));
  t.data = {t.device, static_cast<std::byte*>(data)};
  return t;
}

}  // namespace

Tensor from_dlpack(nb::object capsule, const std::string& layout) {
  using Array = nb::ndarray<nb::ro>;
  Array array;
  if (!nb::try_cast(capsule, array)) throw nb::type_error("this is no DLPack capsule");
  const int kind = array.device_type();
  if (kind != nb::device::cuda::value && kind != nb::device::cuda_managed::value)
    throw Error(ErrorKind::Type, "the array is not on a GPU");
  TensorDesc desc{dtype_of(array.dtype()), {}, Layout(layout)};
  if (desc.dtype == DType::None || array.dtype().lanes != 1)
    throw nb::type_error("this element type is not supported");
  if (array.ndim() > Shape::kMaxDims) throw nb::type_error("an array may have 8 axes");
  for (size_t i = 0; i < array.ndim(); i++)
    desc.shape.push_back(static_cast<int64_t>(array.shape(i)));
  int64_t stride = 1;
  for (size_t i = array.ndim(); i-- > 0;) {
    if (array.shape(i) != 1 && array.stride(i) != stride && array.size() > 0)
      throw Error(ErrorKind::Value, "the array is not dense in C order");
    stride *= static_cast<int64_t>(array.shape(i));
  }
  void* data = const_cast<void*>(static_cast<const void*>(array.data()));
  nb::capsule owner(new Array(array), [](void* p) noexcept { delete static_cast<Array*>(p); });
  return shared(array.device_id(), owner, data, std::move(desc));
}

Tensor from_address(nb::object owner, uintptr_t address, int dtype,
                    const std::vector<int64_t>& shape, int device, const std::string& layout) {
  TensorDesc desc{static_cast<DType>(dtype), Shape(std::span<const int64_t>(shape)),
                  Layout(layout)};
  return shared(device, std::move(owner), reinterpret_cast<void*>(address), std::move(desc));
}

bool is_foreign(const Tensor& t) {
  return dynamic_cast<const ForeignMemory*>(t.device.get()) != nullptr;
}

}  // namespace vg::python
