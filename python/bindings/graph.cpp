// Values, calls and the registry's schemas.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>

#include <unordered_set>

#include "convert.h"
#include "graph/json.h"
#include "graph/node.h"
#include "graph/op_def.h"

namespace vg::python {
namespace {

const StaticType& type_of(const Value& v) {
  return v.node()->types[static_cast<size_t>(v.output())];
}

nb::dict describe(const OpDef& op) {
  const Schema& s = op.schema;
  nb::dict d;
  d["name"] = s.name();
  d["doc"] = s.doc();
  d["family"] = std::string(name_of(op.family));
  d["aliases"] = nb::cast(s.aliases());
  nb::list inputs;
  for (const InputSpec& in : s.input_specs()) {
    nb::dict i;
    i["name"] = in.name;
    i["doc"] = in.doc;
    i["layouts"] = in.layouts;
    i["optional"] = in.optional;
    inputs.append(i);
  }
  d["inputs"] = inputs;
  d["min_inputs"] = s.min_inputs();
  d["max_inputs"] = s.max_inputs();
  d["outputs"] = s.output_count();
  d["outputs_from"] = s.output_count_argument();
  nb::list args;
  for (const ArgSpec& a : s.args()) {
    nb::dict x;
    x["name"] = a.name;
    x["type"] = std::string(name_of(a.type));
    x["default"] = to_python(a.fallback);
    x["has_default"] = !std::holds_alternative<std::monostate>(a.fallback);
    x["doc"] = a.doc;
    x["tensor"] = a.tensor;
    x["required"] = a.required;
    x["renamed_to"] = a.renamed_to;
    args.append(x);
  }
  d["args"] = args;
  const Traits& t = s.traits();
  d["random"] = t.random;
  d["batch"] = t.batch || op.needs_batch != nullptr;
  d["source"] = t.source;
  d["hidden"] = t.hidden;
  d["mixed"] = t.mixed;
  return d;
}

/// Whether anything that the values are made from is asked for on a GPU.
bool asks_for_gpu(const std::vector<Value>& values) {
  std::unordered_set<const Node*> seen;
  std::vector<Value> todo = values;
  while (!todo.empty()) {
    const Value v = todo.back();
    todo.pop_back();
    if (!seen.insert(v.node().get()).second) continue;
    if (v.node()->is_gpu()) return true;
    v.node()->each_dependency([&](Value& from) { todo.push_back(from); });
  }
  return false;
}

std::vector<Value> call_op(const std::string& op, const std::vector<Value>& inputs, nb::dict args,
                           const std::string& device, const std::string& name, bool preserve,
                           int64_t seed, int64_t ordinal, const std::string& where,
                           uint64_t draw_group) {
  ArgMap map;
  for (auto [key, value] : args) {
    const std::string argument = nb::cast<std::string>(key);
    try {
      map.emplace(argument, to_argument(value));
    } catch (const nb::builtin_exception& e) {
      throw nb::type_error(("[" + op + "] " + argument + ": " + e.what()).c_str());
    }
  }
  return call(op, inputs, map,
              CallOptions{device, name, preserve, seed, ordinal, where, draw_group});
}

}  // namespace

void bind_graph(nb::module_& m) {
  nb::class_<Value>(m, "Value", "One output of an operator in a graph.")
      .def_prop_ro("op", [](const Value& v) { return v.node()->schema().name(); })
      .def_prop_ro("output", &Value::output)
      .def_prop_ro("order", [](const Value& v) { return v.node()->order; })
      .def_prop_ro("name", [](const Value& v) { return v.node()->options.name; })
      .def_prop_ro("where", [](const Value& v) { return v.node()->options.where; })
      .def_prop_ro("outputs", [](const Value& v) { return v.node()->outputs; })
      .def_prop_ro("device", [](const Value& v) { return v.node()->is_gpu() ? "gpu" : "cpu"; })
      .def_prop_ro("dtype",
                   [](const Value& v) -> std::optional<int> {
                     const auto& known = type_of(v).dtype;
                     return known ? std::optional(static_cast<int>(*known)) : std::nullopt;
                   })
      .def_prop_ro("ndim", [](const Value& v) { return type_of(v).ndim; })
      .def_prop_ro("layout",
                   [](const Value& v) -> std::optional<std::string> {
                     const auto& known = type_of(v).layout;
                     return known ? std::optional(std::string(known->text())) : std::nullopt;
                   })
      .def_prop_ro("inputs", [](const Value& v) { return v.node()->inputs; })
      .def("set_device", [](const Value& v, const std::string& d) { v.node()->options.device = d; })
      .def("__eq__", [](const Value& a, const Value& b) { return a == b; })
      .def("__hash__", [](const Value& v) {
        return static_cast<int64_t>(hash64(v.node()->order, uint64_t(v.output())) >> 1);
      });
  m.def("schemas", [] {
    nb::list all;
    for (const OpDef& op : registry()) all.append(describe(op));
    return all;
  });
  m.def("call", &call_op, nb::arg("op"), nb::arg("inputs"), nb::arg("args"), nb::arg("device") = "",
        nb::arg("name") = "", nb::arg("preserve") = false, nb::arg("seed") = -1,
        nb::arg("ordinal") = 0, nb::arg("where") = "", nb::arg("draw_group") = 0);
  m.def(
      "constant",
      [](nb::handle array, const std::string& layout, const std::string& device) {
        return call("_constant", {}, {{"value", to_tensor(array, layout)}},
                    CallOptions{device, "", false, -1, 0, "", 0})[0];
      },
      nb::arg("array"), nb::arg("layout") = "", nb::arg("device") = "");
  m.def(
      "select",
      [](const Value& index, const std::vector<Value>& alternatives, const std::string& where) {
        std::vector<Value> inputs{index};
        inputs.insert(inputs.end(), alternatives.begin(), alternatives.end());
        return call("_select", inputs, {}, CallOptions{"", "", false, -1, 0, where, 0})[0];
      },
      nb::arg("index"), nb::arg("alternatives"), nb::arg("where") = "");
  m.def("graph_to_json", [](const std::vector<Value>& outputs, const std::vector<Value>& sinks) {
    return graph_to_json(Roots{outputs, sinks}).take();
  });
  m.def("graph_from_json", [](const std::string& text) {
    Roots roots = graph_from_json(text).take();
    return std::pair(roots.outputs, roots.sinks);
  });
  m.def("asks_for_gpu", &asks_for_gpu);
  m.def("push_guard", &push_guard);
  m.def("pop_guard", &pop_guard);
  m.def("current_guard",
        []() -> nb::object { return current_guard() ? nb::cast(current_guard()) : nb::none(); });
}

}  // namespace vg::python
