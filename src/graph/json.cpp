// Nodes in order of creation, values as (node, output), arguments with their kind.
#include "graph/json.h"

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>
#include <unordered_map>

namespace vg {
namespace {

using Json = nlohmann::json;
using Numbers = std::unordered_map<const Node*, size_t>;

// The kinds of an argument, in the order of ArgValue's alternatives.
constexpr std::string_view kKinds[] = {"none", "bool",   "int",   "float",  "text",
                                       "ints", "floats", "texts", "tensor", "value"};

Json value_json(const Value& v, const Numbers& numbers) {
  return {numbers.at(v.node().get()), v.output()};
}

std::string hex(const Tensor& t) {
  std::string text;
  for (int64_t i = 0; i < t.bytes(); i++)
    text += fmt::format("{:02x}", std::to_integer<int>(t.data.get()[i]));
  return text;
}

Json argument_json(const ArgValue& a, const Numbers& numbers) {
  Json j{{"kind", kKinds[a.index()]}};
  std::visit(
      [&](const auto& v) {
        using T = std::decay_t<decltype(v)>;
        if constexpr (std::is_same_v<T, Value>) {
          j["is"] = value_json(v, numbers);
        } else if constexpr (std::is_same_v<T, Tensor>) {
          j["dtype"] = static_cast<int>(v.dtype);
          j["shape"] = std::vector<int64_t>(v.shape.begin(), v.shape.end());
          j["layout"] = std::string(v.layout.text());
          j["is"] = hex(v);
        } else if constexpr (!std::is_same_v<T, std::monostate>) {
          j["is"] = v;
        }
      },
      a);
  return j;
}

Tensor tensor_from(const Json& j) {
  Tensor t;
  t.dtype = static_cast<DType>(j.at("dtype").get<int>());
  t.shape = Shape(std::span<const int64_t>(j.at("shape").get<std::vector<int64_t>>()));
  t.layout = Layout(j.at("layout").get<std::string>());
  const std::string text = j.at("is");
  const auto bytes = static_cast<size_t>(t.bytes());
  if (text.size() != 2 * bytes) throw Json::other_error::create(501, "a tensor is cut short", &j);
  t = Tensor::allocate(t);
  for (size_t i = 0; i < bytes; i++)
    t.data.get()[i] = static_cast<std::byte>(std::stoi(text.substr(2 * i, 2), nullptr, 16));
  return t;
}

Value value_from(const Json& j, const std::vector<std::vector<Value>>& made) {
  return made.at(j.at(0).get<size_t>()).at(j.at(1).get<size_t>());
}

ArgValue argument_from(const Json& j, const std::vector<std::vector<Value>>& made) {
  const std::string kind = j.at("kind");
  if (kind == "bool") return j.at("is").get<bool>();
  if (kind == "int") return j.at("is").get<int64_t>();
  if (kind == "float") return j.at("is").get<double>();
  if (kind == "text") return j.at("is").get<std::string>();
  if (kind == "ints") return j.at("is").get<std::vector<int64_t>>();
  if (kind == "floats") return j.at("is").get<std::vector<double>>();
  if (kind == "texts") return j.at("is").get<std::vector<std::string>>();
  if (kind == "tensor") return tensor_from(j);
  if (kind == "value") return value_from(j.at("is"), made);
  return std::monostate();
}

}  // namespace

Outcome<std::string> graph_to_json(const Roots& roots) {
  const auto nodes = collect(roots);
  Numbers numbers;
  Json all = Json::array();
  for (const auto& node : nodes) {
    const Schema& schema = node->schema();
    if (node->attachment)
      return fail("[{}] runs a function of the program; such a graph cannot be serialized",
                  schema.name());
    numbers.emplace(node.get(), numbers.size());
    const CallOptions& o = node->options;
    Json j{{"op", schema.name()},        {"device", o.device}, {"name", o.name},
           {"preserve", o.preserve},     {"seed", o.seed},     {"ordinal", o.ordinal},
           {"draw_group", o.draw_group}, {"where", o.where},   {"inputs", Json::array()},
           {"args", Json::object()}};
    for (const Value& v : node->inputs) j["inputs"].push_back(value_json(v, numbers));
    for (size_t i = 0; i < node->args.size(); i++)
      if (!std::holds_alternative<std::monostate>(node->args[i]))
        j["args"][schema.args()[i].name] = argument_json(node->args[i], numbers);
    if (!node->label.empty()) j["label"] = node->label;
    if (node->shown && numbers.contains(node->shown.node().get()))
      j["shown"] = value_json(node->shown, numbers);
    if (node->guard) j["guard"] = value_json(node->guard, numbers);
    all.push_back(std::move(j));
  }
  Json graph{{"nodes", std::move(all)}, {"outputs", Json::array()}, {"sinks", Json::array()}};
  for (const Value& v : roots.outputs) graph["outputs"].push_back(value_json(v, numbers));
  for (const Value& v : roots.sinks) graph["sinks"].push_back(value_json(v, numbers));
  return graph.dump();
}

Outcome<Roots> graph_from_json(std::string_view text) {
  try {
    const Json graph = Json::parse(text);
    std::vector<std::vector<Value>> made;
    for (const Json& j : graph.at("nodes")) {
      std::vector<Value> inputs;
      for (const Json& v : j.at("inputs")) inputs.push_back(value_from(v, made));
      ArgMap args;
      for (const auto& [name, a] : j.at("args").items()) args[name] = argument_from(a, made);
      const CallOptions options{j.at("device"),  j.at("name"),  j.at("preserve"),  j.at("seed"),
                                j.at("ordinal"), j.at("where"), j.at("draw_group")};
      made.push_back(call(j.at("op").get<std::string>(), inputs, args, options));
      made.back().at(0).node()->label = j.value("label", "");
      if (j.contains("shown")) made.back().at(0).node()->shown = value_from(j["shown"], made);
      if (j.contains("guard")) made.back().at(0).node()->guard = value_from(j["guard"], made);
    }
    Roots roots;
    for (const Json& v : graph.at("outputs")) roots.outputs.push_back(value_from(v, made));
    for (const Json& v : graph.at("sinks")) roots.sinks.push_back(value_from(v, made));
    return roots;
  } catch (const Error& e) {
    return Failure{e.kind(), e.what(), {}, {}};
  } catch (const std::exception& e) {
    return fail(ErrorKind::Value, "this is no serialized graph: {}", e.what());
  }
}

}  // namespace vg
