// Tensors on a GPU: how Python and other libraries reach them, and how theirs come in.
#include <tuple>

#include "dlpack.h"
#include "exec/device.h"
#include "foreign.h"

namespace vg::python {
namespace {

std::byte* at_address(uintptr_t address) { return reinterpret_cast<std::byte*>(address); }

/// `first` and what follows it without a gap: the copies of lists are few.
size_t adjacent(const std::vector<Tensor>& all, size_t first, int64_t& bytes) {
  size_t end = first;
  for (bytes = 0; end < all.size() && all[end].data.get() == all[first].data.get() + bytes; end++)
    bytes += all[end].bytes();
  return end;
}

TensorList list_to_host(const TensorList& list) {
  TensorList host;
  host.dtype = list.dtype;
  host.layout = list.layout;
  int64_t total = 0, bytes = 0;
  for (const Tensor& t : list.samples) total += t.bytes();
  const Tensor block = Tensor::allocate({DType::Uint8, {total}, {}});
  std::byte* to = block.data.get();
  for (const Tensor& t : list.samples) {
    Tensor& h = host.samples.emplace_back(t);
    h.device = nullptr;
    h.data = {block.data, to};
    to += t.bytes();
  }
  nb::gil_scoped_release release;
  for (size_t i = 0, end = 0; i < list.samples.size(); i = end) {
    const Tensor& t = list.samples[i];
    end = adjacent(list.samples, i, bytes);
    if (bytes > 0) t.device->copy_to_host(t.data.get(), host.samples[i].data.get(), bytes);
  }
  return host;
}

void copy_list(const TensorList& list, uintptr_t address, uintptr_t stream, bool wait) {
  nb::gil_scoped_release release;
  int64_t bytes = 0;
  for (size_t i = 0, end = 0; i < list.samples.size(); i = end) {
    const Tensor& t = list.samples[i];
    end = adjacent(list.samples, i, bytes);
    if (bytes > 0)
      t.device->copy(t.data.get(), at_address(address), bytes, stream,
                     wait && end == list.samples.size());
    address += static_cast<uintptr_t>(bytes);
  }
}

Tensor copy_on_device(const Tensor& t) {
  Tensor copy = t;
  std::tie(copy.data, copy.device) = t.device->gather({t.data.get()}, t.bytes());
  return copy;
}

/// Tensors of other libraries become copies of ours; those of ours stay what they are.
std::vector<Tensor> own(std::vector<Tensor> tensors) {
  nb::gil_scoped_release release;
  for (size_t i = 0, end = 0; i < tensors.size(); i = end) {
    int64_t bytes = 0;
    end = adjacent(tensors, i, bytes);
    if (!is_foreign(tensors[i])) {
      end = i + 1;
      continue;
    }
    auto [data, device] = tensors[i].device->gather({tensors[i].data.get()}, bytes);
    device->wait();
    std::byte* piece = data.get();
    for (size_t k = i; k < end; k++) {
      tensors[k].data = {data, piece};
      tensors[k].device = device;
      piece += tensors[k].bytes();
    }
  }
  return tensors;
}

std::vector<Tensor> split(const Tensor& t) {
  std::vector<Tensor> parts;
  Tensor part = t;
  part.shape = Shape(std::span(t.shape.begin() + 1, t.shape.end()));
  if (!t.layout.empty()) part.layout = Layout(t.layout.text().substr(1));
  for (int64_t i = 0; i < t.shape[0]; i++) {
    parts.push_back(part);
    part.data = {t.data, part.data.get() + part.bytes()};
  }
  return parts;
}

/// The same elements under another type and shape.
Tensor view(const Tensor& t, int dtype, const std::vector<int64_t>& shape) {
  Tensor v = t;
  v.dtype = static_cast<DType>(dtype);
  v.shape = Shape(std::span<const int64_t>(shape));
  if (v.bytes() != t.bytes())
    throw Error(ErrorKind::Value, "shape " + v.shape.text() + " of " +
                                      std::string(name_of(v.dtype)) + " does not hold the " +
                                      std::to_string(t.bytes()) + " bytes of " + t.shape.text());
  if (v.shape.ndim() != t.shape.ndim()) v.layout = {};
  return v;
}

TensorList list_of(const std::vector<Tensor>& tensors, const std::string& layout) {
  TensorList list{tensors, DType::None, Layout(layout), false};
  if (!tensors.empty()) list.dtype = tensors[0].dtype;
  for (const Tensor& t : tensors)
    if (t.dtype != list.dtype)
      throw Error(ErrorKind::Type, "tensors of a list must have one element type");
  return list;
}

bool on_device(const TensorList& l) { return !l.samples.empty() && l.samples[0].device; }

}  // namespace

Tensor to_host(const Tensor& t) {
  Tensor host = Tensor::allocate(t);
  host.source = t.source;
  nb::gil_scoped_release release;
  if (t.bytes() > 0) t.device->copy_to_host(t.data.get(), host.data.get(), t.bytes());
  return host;
}

void bind_device(nb::module_& m, nb::class_<Tensor>& tensor, nb::class_<TensorList>& list) {
  const nb::call_guard<nb::gil_scoped_release> without_gil;
  m.def("gpu_devices", &gpu_devices, without_gil);
  m.def("gpu_problem", &gpu_problem, without_gil);
  m.def(
      "wait_for", [](int device, uintptr_t stream) { device_handle(device)->wait_for(stream); },
      without_gil);
  m.def("from_dlpack", &from_dlpack, nb::arg("capsule"), nb::arg("layout") = "");
  m.def("from_address", &from_address, nb::arg("owner"), nb::arg("address"), nb::arg("dtype"),
        nb::arg("shape"), nb::arg("device"), nb::arg("layout") = "");
  m.def("own", &own);
  tensor.def_prop_ro("_device", [](const Tensor& t) { return t.device ? t.device->device() : -1; })
      .def_prop_ro(
          "_shape",
          [](const Tensor& t) { return std::vector<int64_t>(t.shape.begin(), t.shape.end()); })
      .def("_become", [](Tensor& t, const Tensor& other) { t = other; })
      .def("_to_host", &to_host)
      .def("_view", &view)
      .def("_split", &split)
      .def_prop_ro("_stream", [](const Tensor& t) { return t.device->stream(); })
      .def(
          "_wait", [](const Tensor& t) { t.device->wait(); }, without_gil)
      .def(
          "_hand_to",
          [](const Tensor& t, uintptr_t stream) {
            t.device->wait_on(stream);
            t.device->used_on(stream);
          },
          without_gil)
      .def("_used_on", [](const Tensor& t, uintptr_t stream) { t.device->used_on(stream); })
      .def("_copy", &copy_on_device, without_gil)
      .def("_dlpack", [](const Tensor& t, bool versioned) {
        return versioned ? Exported<DlpackVersioned>::capsule(t)
                         : Exported<DlpackLegacy>::capsule(t);
      });
  list.def(
          "__init__",
          [](TensorList* self, const std::vector<Tensor>& tensors, const std::string& layout) {
            new (self) TensorList(list_of(tensors, layout));
          },
          nb::arg("tensors"), nb::arg("layout") = "")
      .def_prop_ro("on_device", &on_device)
      .def("to_host", &list_to_host)
      .def("copy_to", &copy_list);
}

}  // namespace vg::python
