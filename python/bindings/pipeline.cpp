// Pipelines, batches and tensors.
#include "variegate/pipeline.h"

#include <nanobind/stl/map.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/unique_ptr.h>

#include "convert.h"

namespace vg::python {
namespace {

/// Waits without the GIL; Ctrl-C ends the wait.
Batch waiting(Pipeline& pipeline, Batch (Pipeline::*get)(const std::function<bool()>&)) {
  bool interrupted = false;
  try {
    nb::gil_scoped_release release;
    return (pipeline.*get)([&] {
      nb::gil_scoped_acquire gil;
      interrupted = PyErr_CheckSignals() != 0;
      return !interrupted;
    });
  } catch (const Error&) {
    if (interrupted) throw nb::python_error();
    throw;
  }
}

std::unique_ptr<Pipeline> make(int batch_size, int num_threads, std::optional<uint64_t> seed,
                               int prefetch, const std::string& on_error, int64_t max_host_bytes,
                               int64_t max_pixels, bool record_programs, int device_id,
                               int64_t max_gpu_bytes, int pin_for) {
  PipelineOptions o;
  o.batch_size = batch_size;
  o.num_threads = num_threads;
  o.seed = seed;
  o.prefetch_queue_depth = prefetch;
  o.max_host_bytes = max_host_bytes;
  o.max_pixels = max_pixels;
  o.record_programs = record_programs;
  o.device_id = device_id;
  o.max_gpu_bytes = max_gpu_bytes;
  o.pin_for = pin_for;
  if (on_error == "raise")
    o.on_error = OnError::Raise;
  else if (on_error == "skip")
    o.on_error = OnError::Skip;
  else if (on_error == "replace")
    o.on_error = OnError::Replace;
  else if (on_error == "blank")
    o.on_error = OnError::Blank;
  else
    throw Error(ErrorKind::Value,
                "on_error = \"" + on_error +
                    "\" is not one of \"raise\", \"skip\", \"replace\", \"blank\"");
  return std::make_unique<Pipeline>(o);
}

nb::dict stats_dict(const Stats& s) {
  nb::dict d;
  d["reading"] = s.reading;
  d["decoding"] = s.decoding;
  d["pixels"] = s.pixels;
  d["planning"] = s.planning;
  d["workers_idle"] = s.workers_idle;
  d["consumer_waited"] = s.consumer_waited;
  d["samples"] = s.samples;
  d["batches"] = s.batches;
  d["host_bytes"] = s.host_bytes;
  d["pinned_bytes"] = s.pinned_bytes;
  d["device_bytes"] = s.device_bytes;
  d["launches"] = s.launches;
  d["lent_bytes"] = s.lent_bytes;
  d["submitting"] = s.submitting;
  d["device_waited"] = s.device_waited;
  nb::dict decoded;
  decoded["host"] = s.decoded_on_host;
  decoded["gpu"] = s.decoded_on_gpu;
  decoded["nvjpeg"] = s.decoded_by_nvjpeg;
  d["decoded"] = decoded;
  d["on_host"] = s.on_host;
  return d;
}

nb::dict readers_dict(const Pipeline& p) {
  nb::dict all;
  for (const auto& [name, m] : p.readers()) {
    nb::dict d;
    d["epoch_size"] = m.epoch_size;
    d["epoch_size_padded"] = m.epoch_size_padded;
    d["number_of_shards"] = m.number_of_shards;
    d["shard_id"] = m.shard_id;
    d["pad_last_batch"] = static_cast<int>(m.pad_last_batch);
    d["stick_to_shard"] = static_cast<int>(m.stick_to_shard);
    all[name.c_str()] = d;
  }
  return all;
}

/// The buffer protocol, by the array that shows the tensor: NumPy knows it for all element types.
int get_buffer(PyObject* self, Py_buffer* view, int flags) {
  view->obj = nullptr;
  if (nb::inst_ptr<Tensor>(self)->device) {
    PyErr_SetString(PyExc_BufferError,
                    "the tensor is on a GPU; as_cpu() makes a copy in host memory");
    return -1;
  }
  PyObject* array = PyObject_GetAttrString(self, "_numpy");
  if (!array) return -1;
  const int result = PyObject_GetBuffer(array, view, flags);
  Py_DECREF(array);  // the view holds it
  return result;
}

PyType_Slot kTensorSlots[] = {{Py_bf_getbuffer, reinterpret_cast<void*>(&get_buffer)},
                              {0, nullptr}};

}  // namespace

void bind_pipeline(nb::module_& m) {
  nb::class_<Tensor> tensor(m, "Tensor", nb::type_slots(kTensorSlots),
                            "Dense elements with a type, a shape and a layout.");
  tensor
      .def(
          "__init__",
          [](Tensor* self, nb::handle array, const std::string& layout) {
            // Another Tensor is shared, anything else is copied.
            if (nb::isinstance<Tensor>(array))
              new (self) Tensor(nb::cast<Tensor>(array));
            else
              new (self) Tensor(to_tensor(array, layout));
          },
          nb::arg("array"), nb::arg("layout") = "")
      .def_prop_ro("_dtype", [](const Tensor& t) { return static_cast<int>(t.dtype); })
      .def_prop_rw(
          "_layout", [](const Tensor& t) { return std::string(t.layout.text()); },
          [](Tensor& t, const std::string& layout) { t.layout = Layout(layout); })
      .def_prop_ro("_source", [](const Tensor& t) { return t.source ? *t.source : std::string(); })
      .def_prop_ro("_address",
                   [](const Tensor& t) { return reinterpret_cast<uintptr_t>(t.data.get()); })
      .def_prop_ro("_numpy", &to_numpy);
  nb::class_<TensorList> list(m, "TensorList", "One output of a batch: a tensor per sample.");
  list.def("__len__", &TensorList::size)
      .def("tensor",
           [](const TensorList& l, int i) { return l.samples.at(static_cast<size_t>(i)); })
      .def_prop_ro("dtype", [](const TensorList& l) { return static_cast<int>(l.dtype); })
      .def_prop_ro("layout", [](const TensorList& l) { return std::string(l.layout.text()); })
      .def_ro("gpu", &TensorList::gpu)
      .def("is_dense", &TensorList::is_dense)
      .def("as_tensor", &TensorList::as_tensor, nb::call_guard<nb::gil_scoped_release>());
  bind_device(m, tensor, list);
  nb::class_<SampleError>(m, "SampleError", "A sample that could not be made.")
      .def_ro("slot", &SampleError::slot)
      .def_ro("sample_id", &SampleError::sample_id)
      .def_ro("epoch", &SampleError::epoch)
      .def_ro("source", &SampleError::source)
      .def_ro("message", &SampleError::message)
      .def_ro("replaced_by", &SampleError::replaced_by)
      .def("__repr__", [](const SampleError& e) {
        return "SampleError(sample_id=" + std::to_string(e.sample_id) + ", source='" + e.source +
               "', message='" + e.message + "')";
      });
  nb::class_<Program>(m, "Program", "The operations that made a sample, in order.")
      .def_prop_ro("operations",
                   [](const Program& p) {
                     nb::list all;
                     for (const Operation& o : p.operations) {
                       nb::dict params;
                       if (!o.route.empty()) params["route"] = o.route;
                       for (const auto& [name, values] : o.params)
                         params[name.c_str()] =
                             values.size() == 1 ? nb::cast(values[0]) : nb::cast(values);
                       all.append(nb::make_tuple(o.name, params));
                     }
                     return all;
                   })
      .def("__len__", [](const Program& p) { return p.operations.size(); })
      .def("__str__", &Program::text)
      .def("__repr__", &Program::text);
  nb::class_<Programs>(m, "Programs")
      .def("__len__", &Programs::size)
      .def("__getitem__", [](const Programs& p, int64_t i) {
        // As of a list; what lies before the first is far beyond the last.
        return p.at(static_cast<size_t>(i < 0 ? i + static_cast<int64_t>(p.size()) : i));
      });
  nb::class_<Batch>(m, "Batch")
      .def_ro("outputs", &Batch::outputs)
      .def_ro("sample_ids", &Batch::sample_ids)
      .def_ro("epochs", &Batch::epochs)
      .def_prop_ro("is_padding",
                   [](const Batch& b) {
                     return std::vector<bool>(b.is_padding.begin(), b.is_padding.end());
                   })
      .def_ro("errors", &Batch::errors)
      .def_prop_ro("programs", [](const Batch& b) { return b.programs; })
      .def("__len__", &Batch::size);
  nb::class_<Pipeline>(m, "Pipeline")
      .def(nb::new_(&make), nb::arg("batch_size"), nb::arg("num_threads"), nb::arg("seed").none(),
           nb::arg("prefetch_queue_depth"), nb::arg("on_error"), nb::arg("max_host_bytes"),
           nb::arg("max_pixels"), nb::arg("record_programs"), nb::arg("device_id"),
           nb::arg("max_gpu_bytes"), nb::arg("pin_for"))
      .def("set_outputs", &Pipeline::set_outputs)
      .def("add_sink", &Pipeline::add_sink)
      .def("build", &Pipeline::build)
      .def("run", [](Pipeline& p) { return waiting(p, &Pipeline::run); })
      .def("schedule_run", &Pipeline::schedule_run)
      .def("take", [](Pipeline& p) { return waiting(p, &Pipeline::take); })
      .def("scheduled", &Pipeline::scheduled)
      .def("reset", &Pipeline::reset)
      .def("begin_epoch", &Pipeline::begin_epoch, nb::call_guard<nb::gil_scoped_release>())
      .def("set_shard", &Pipeline::set_shard, nb::call_guard<nb::gil_scoped_release>())
      .def(
          "epoch_left",
          [](const Pipeline& p, const std::string& reader, std::optional<uint64_t> epoch) {
            const EpochLeft left = p.epoch_left(reader, epoch);
            return std::make_tuple(left.epoch, left.fewest, left.most);
          },
          nb::arg("reader"), nb::arg("epoch").none() = nb::none())
      .def("close", &Pipeline::close, nb::call_guard<nb::gil_scoped_release>())
      .def("plan", &Pipeline::plan)
      .def("replay", &Pipeline::replay, nb::call_guard<nb::gil_scoped_release>())
      .def("state_dict", &Pipeline::state_dict)
      .def("load_state_dict", &Pipeline::load_state_dict, nb::call_guard<nb::gil_scoped_release>())
      .def("stats", [](const Pipeline& p) { return stats_dict(p.stats()); })
      .def("readers", &readers_dict)
      .def("seed", &Pipeline::seed)
      .def("warnings", &Pipeline::warnings)
      .def("operators", &Pipeline::operators);
}

}  // namespace vg::python
