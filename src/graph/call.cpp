// The rules of an operator call: every check that a schema allows before any sample is seen.
#include <algorithm>

#include "graph/op_def.h"

namespace vg {
namespace {

std::string prefix(const Schema& schema) { return "[" + schema.name() + "] "; }

std::string suffix(const CallOptions& options) {
  return options.where.empty() ? "" : " (" + options.where + ")";
}

bool is_gpu(const Value& v) { return v.node()->is_gpu(); }

Outcome<std::string> device_of(const Schema& schema, const std::vector<Value>& inputs,
                               const CallOptions& options) {
  const std::string& d = options.device;
  if (d.empty())
    return std::string(std::any_of(inputs.begin(), inputs.end(), is_gpu) ? "gpu" : "cpu");
  if (d != "cpu" && d != "gpu" && d != "mixed")
    return fail(ErrorKind::Value, "{}device = \"{}\" is not one of \"cpu\", \"gpu\", \"mixed\"{}",
                prefix(schema), d, suffix(options));
  if (d == "mixed" && !schema.traits().mixed)
    return fail(ErrorKind::Value, "{}device = \"mixed\" is for decoders only{}", prefix(schema),
                suffix(options));
  return d;
}

bool is_integral(ArgType t) {
  return t == ArgType::Int || t == ArgType::DType || t == ArgType::ImageType ||
         t == ArgType::InterpType || t == ArgType::Ints;
}

/// A number as what `type` holds; lists element by element.
Outcome<ArgValue> coerce(const ArgSpec& spec, const ArgValue& value) {
  const bool whole = is_integral(spec.type);
  const auto wrong = [&] {
    return fail(ErrorKind::Type, "{} must be {}", spec.name, name_of(spec.type));
  };
  switch (spec.type) {
    case ArgType::Any:
      return value;
    case ArgType::Bool:
      if (auto* i = std::get_if<int64_t>(&value)) return ArgValue(*i != 0);
      if (std::holds_alternative<bool>(value)) return value;
      return wrong();
    case ArgType::String:
      if (std::holds_alternative<std::string>(value)) return value;
      return wrong();
    case ArgType::Strings:
      if (auto* s = std::get_if<std::string>(&value)) return ArgValue(std::vector<std::string>{*s});
      if (std::holds_alternative<std::vector<std::string>>(value)) return value;
      if (auto* v = std::get_if<std::vector<int64_t>>(&value); v && v->empty())
        return ArgValue(std::vector<std::string>{});
      return wrong();
    default:
      break;
  }
  const bool list = spec.type == ArgType::Ints || spec.type == ArgType::Floats;
  if (auto* b = std::get_if<bool>(&value)) return coerce(spec, ArgValue(int64_t{*b}));
  if (auto* i = std::get_if<int64_t>(&value)) {
    if (spec.type == ArgType::Ints) return ArgValue(std::vector<int64_t>{*i});
    if (spec.type == ArgType::Floats) return ArgValue(std::vector<double>{double(*i)});
    return whole ? value : ArgValue(static_cast<double>(*i));
  }
  if (auto* d = std::get_if<double>(&value)) {
    if (whole && *d != static_cast<double>(static_cast<int64_t>(*d))) return wrong();
    if (whole) return coerce(spec, ArgValue(static_cast<int64_t>(*d)));
    return list ? ArgValue(std::vector<double>{*d}) : value;
  }
  if (auto* v = std::get_if<std::vector<int64_t>>(&value)) {
    if (!list && v->size() == 1) return coerce(spec, ArgValue(v->front()));
    if (!list) return wrong();
    return whole ? value : ArgValue(std::vector<double>(v->begin(), v->end()));
  }
  if (auto* v = std::get_if<std::vector<double>>(&value)) {
    if (!list && v->size() == 1) return coerce(spec, ArgValue(v->front()));
    if (!list) return wrong();
    if (!whole) return value;
    std::vector<int64_t> ints;
    for (double d : *v) {
      if (d != static_cast<double>(static_cast<int64_t>(d))) return wrong();
      ints.push_back(static_cast<int64_t>(d));
    }
    return ArgValue(std::move(ints));
  }
  if (auto* t = std::get_if<Tensor>(&value)) {
    if (spec.tensor) return value;
    std::vector<double> numbers;
    for (int64_t i = 0; i < t->shape.elements(); i++)
      numbers.push_back(element({*t, t->data.get()}, i));
    return coerce(spec, ArgValue(std::move(numbers)));
  }
  return wrong();
}

Status set_argument(Node& node, std::string_view name, const ArgValue& value) {
  const Schema& schema = node.schema();
  if (std::holds_alternative<std::monostate>(value)) return {};
  const ArgSpec* spec = schema.find(name);
  if (spec && !spec->renamed_to.empty()) {
    spec = schema.find(spec->renamed_to);
    if (!std::holds_alternative<std::monostate>(node.args[schema.index_of(spec->name)]))
      return fail(ErrorKind::Type, "{}both {} and its old spelling {} were given{}", prefix(schema),
                  spec->name, name, suffix(node.options));
  }
  if (!spec)
    return fail(ErrorKind::Key, "{}got an unexpected argument '{}'{}", prefix(schema), name,
                suffix(node.options));
  ArgValue& place = node.args[schema.index_of(spec->name)];
  if (const Value* v = std::get_if<Value>(&value)) {
    if (!spec->tensor)
      return fail(ErrorKind::Type, "{}the argument '{}' cannot be given per sample (a DataNode){}",
                  prefix(schema), name, suffix(node.options));
    if (is_gpu(*v))
      return fail(ErrorKind::Value,
                  "{}Named arguments must be on CPU: the argument '{}' is on \"gpu\"; use .cpu(){}",
                  prefix(schema), name, suffix(node.options));
    place = value;
    return {};
  }
  auto converted = coerce(*spec, value);
  if (!converted.ok())
    return fail(ErrorKind::Type, "{}{}{}", prefix(schema), converted.failure().message,
                suffix(node.options));
  place = std::move(*converted);
  return {};
}

int output_count(const Node& node) {
  const Schema& schema = node.schema();
  if (schema.output_count_argument().empty()) return schema.output_count();
  const ArgValue& v = *node.arguments.find(ArgName(schema.output_count_argument()))->value;
  if (auto* n = std::get_if<int64_t>(&v)) return static_cast<int>(*n);
  if (auto* more = std::get_if<bool>(&v)) return schema.output_count() + *more;
  if (auto* list = std::get_if<std::vector<int64_t>>(&v)) return static_cast<int>(list->size());
  return schema.output_count();
}

Outcome<std::vector<Value>> make(std::string_view name, const std::vector<Value>& inputs,
                                 const ArgMap& args, const CallOptions& options) {
  const OpDef* op = find_op(name);
  if (!op) return fail(ErrorKind::Key, "there is no operator '{}'", name);
  const Schema& schema = op->schema;
  const int n = static_cast<int>(inputs.size());
  if (n < schema.min_inputs() || n > schema.max_inputs())
    return fail(ErrorKind::Value, "{}expects from {} to {} inputs, but received {}{}",
                prefix(schema), schema.min_inputs(), schema.max_inputs(), n, suffix(options));
  auto node = std::make_shared<Node>();
  node->op = op;
  node->inputs = inputs;
  node->args.resize(schema.args().size());
  node->options = options;
  VG_ASSIGN(node->options.device, device_of(schema, inputs, options));
  for (const auto& [key, value] : args) VG_TRY(set_argument(*node, key, value));
  for (size_t i = 0; i < schema.args().size(); i++) {
    if (schema.args()[i].required && std::holds_alternative<std::monostate>(node->args[i]))
      return fail("{}the required argument '{}' was not given{}", prefix(schema),
                  schema.args()[i].name, suffix(options));
  }
  node->arguments = Arguments(schema, node->args);
  if (op->check) VG_TRY(op->check(*node));
  node->batch = op->needs_batch ? op->needs_batch(*node) : schema.traits().batch;
  if (node->batch) node->guard = current_guard();
  node->outputs = output_count(*node);
  infer_types(*node);
  std::vector<Value> outputs;
  for (int i = 0; i < node->outputs; i++) outputs.emplace_back(node, i);
  return outputs;
}

}  // namespace

std::vector<Value> call(std::string_view op, const std::vector<Value>& inputs, const ArgMap& args,
                        const CallOptions& options) {
  return make(op, inputs, args, options).take();
}

Value constant(Tensor tensor) { return call("_constant", {}, {{"value", std::move(tensor)}})[0]; }

namespace {

template <class T>
Tensor scalar(DType dtype, T value) {
  Tensor t = Tensor::allocate({dtype, {}, {}});
  *t.as<T>() = value;
  return t;
}

}  // namespace

Value constant(int32_t value) { return constant(scalar(DType::Int32, value)); }
Value constant(float value) { return constant(scalar(DType::Float, value)); }
Value constant(bool value) { return constant(scalar(DType::Bool, uint8_t{value})); }

Value select(const Value& index, const std::vector<Value>& alternatives) {
  std::vector<Value> inputs{index};
  inputs.insert(inputs.end(), alternatives.begin(), alternatives.end());
  return call("_select", inputs)[0];
}

Value select(const Value& condition, const Value& if_true, const Value& if_false) {
  return select(call("_predicate", {condition})[0], {if_false, if_true});
}

}  // namespace vg
