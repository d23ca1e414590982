// Sources and callbacks that run Python.
#include "convert.h"
#include "exec/source.h"
#include "graph/node.h"
#include "ops/callback.h"

namespace vg::python {
namespace {

/// Releases a Python object wherever the last owner is.
std::shared_ptr<nb::object> shared(nb::object object) {
  return {new nb::object(std::move(object)), [](nb::object* p) {
            if (!Py_IsInitialized()) return;  // the interpreter is gone, and its objects with it
            nb::gil_scoped_acquire gil;
            delete p;
          }};
}

/// The Python exception in flight as a failure that raises it again at the API.
Failure python_failure(nb::python_error& e) {
  Failure f;
  f.kind = e.matches(PyExc_StopIteration) ? ErrorKind::StopIteration : ErrorKind::Runtime;
  f.message = e.what();
  f.cause = std::static_pointer_cast<void>(shared(nb::borrow(e.value())));
  if (f.kind == ErrorKind::StopIteration) f.cause = nullptr;
  return f;
}

Tensor tensor_with_layout(nb::handle item) {
  // A Tensor of this library travels as it is, with its layout.
  if (nb::isinstance<Tensor>(item)) return nb::cast<Tensor>(item);
  return to_tensor(item, "");
}

/// Asks a Python object for batches: `fetch(max_batch_size, iteration)` gives a list of lists,
/// [output][sample]; `reset()`, `state()` and `seek(text)`.
class PythonSource : public Source {
 public:
  explicit PythonSource(nb::object object) : object_(shared(std::move(object))) {}

  Outcome<int> next_batch(int max_size, uint64_t iteration, SourceBatch& batch) override {
    nb::gil_scoped_acquire gil;
    try {
      nb::object fetched = object_->attr("fetch")(max_size, iteration);
      int n = -1;
      for (nb::handle output : fetched) {
        std::vector<Tensor>& samples = batch.data.emplace_back();
        for (nb::handle item : output) samples.push_back(tensor_with_layout(item));
        if (n >= 0 && n != static_cast<int>(samples.size()))
          return fail("external_source: outputs have {} and {} samples", n, samples.size());
        n = static_cast<int>(samples.size());
      }
      return n < 0 ? 0 : n;
    } catch (nb::python_error& e) {
      return python_failure(e);
    } catch (const std::exception& e) {
      return Failure{ErrorKind::Type, std::string("external_source: ") + e.what(), {}, {}};
    }
  }

  Status load(const SourceBatch* batch, int slot, uint64_t,
              std::span<Tensor> outputs) const override {
    if (!batch || batch->data.empty())
      return fail("external_source: this sample cannot be made again");
    for (size_t o = 0; o < outputs.size(); o++)
      outputs[o] = batch->data[o][static_cast<size_t>(slot)];
    return {};
  }

  void reset() override {
    nb::gil_scoped_acquire gil;
    object_->attr("reset")();
  }
  Status begin(uint64_t) override {
    nb::gil_scoped_acquire gil;
    object_->attr("begin")();
    return {};
  }
  std::string state() const override {
    nb::gil_scoped_acquire gil;
    return nb::cast<std::string>(object_->attr("state")());
  }
  Status seek(const std::string& text) override {
    nb::gil_scoped_acquire gil;
    try {
      object_->attr("seek")(text);
    } catch (nb::python_error& e) {
      return python_failure(e);
    }
    return {};
  }

 private:
  std::shared_ptr<nb::object> object_;
};

/// `function(samples)`: samples is a list of lists of arrays, [sample][input]; it gives a list of
/// lists, [sample][output].
BatchCallback make_callback(nb::object function) {
  auto held = shared(std::move(function));
  return [held](BatchWork& work) -> Status {
    nb::gil_scoped_acquire gil;
    try {
      nb::list samples;
      for (const BatchItem& item : work.items()) {
        nb::list inputs;
        for (const TensorRef& ref : item.in) {
          // The function may keep what it sees: it gets tensors of its own.
          Tensor copy{ref.desc, {}, {}, {}};
          auto made = work.allocate(ref.desc);
          if (!made.ok()) return std::move(made.failure());
          copy.data = made->data;
          std::memcpy(copy.data.get(), ref.data, static_cast<size_t>(ref.desc.bytes()));
          inputs.append(nb::cast(copy));
        }
        samples.append(inputs);
      }
      nb::object results = (*held)(samples);
      size_t i = 0;
      for (nb::handle sample : results) {
        size_t o = 0;
        BatchItem& item = work.items()[i++];
        for (nb::handle value : sample) {
          if (o >= item.out.size()) break;
          item.out[o++] = tensor_with_layout(value);
        }
        if (o != item.out.size())
          return fail("[python_function] the function gave {} outputs; num_outputs is {}", o,
                      item.out.size());
      }
      return {};
    } catch (nb::python_error& e) {
      return python_failure(e);
    } catch (const std::exception& e) {
      return Failure{ErrorKind::Type, std::string("[python_function] ") + e.what(), {}, {}};
    }
  };
}

}  // namespace

void bind_sources(nb::module_& m) {
  m.def(
      "external_source",
      [](nb::object source, int num_outputs, const std::string& name, const std::string& device,
         const std::string& where) {
        auto values = call("_external_source", {}, {{"num_outputs", int64_t{num_outputs}}},
                           CallOptions{device, name, false, -1, 0, where, 0});
        values[0].node()->attachment = std::make_shared<PythonSource>(std::move(source));
        return values;
      },
      nb::arg("source"), nb::arg("num_outputs") = 1, nb::arg("name") = "", nb::arg("device") = "",
      nb::arg("where") = "");
  m.def(
      "callback",
      [](const std::vector<Value>& inputs, nb::object function, int num_outputs,
         const std::string& name, bool preserve, const std::string& where) {
        auto values = call("_callback", inputs, {{"num_outputs", int64_t{num_outputs}}},
                           CallOptions{"", name, preserve, -1, 0, where, 0});
        if (values.empty()) return values;
        values[0].node()->attachment =
            std::make_shared<BatchCallback>(make_callback(std::move(function)));
        return values;
      },
      nb::arg("inputs"), nb::arg("function"), nb::arg("num_outputs") = 1, nb::arg("name") = "",
      nb::arg("preserve") = false, nb::arg("where") = "");
}

}  // namespace vg::python
