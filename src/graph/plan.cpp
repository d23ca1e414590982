// Reading arguments: plain values, fallbacks and tensors look the same to an operator.
#include "graph/plan.h"

#include <array>

#include "core/cast.h"
#include "graph/op_def.h"

namespace vg {
namespace {

/// `schema.index_of(name)`. Names are literals nearly always: an address tells which argument was
/// meant the last time, and one comparison makes sure.
int index_of(const Schema& schema, std::string_view name) {
  struct Entry {
    const Schema* schema = nullptr;
    const char* name = nullptr;
    size_t index = 0;
  };
  thread_local std::array<Entry, 512> last;
  const auto address =
      reinterpret_cast<uintptr_t>(name.data()) * 31 + (reinterpret_cast<uintptr_t>(&schema) >> 4);
  Entry& e = last[(address ^ address >> 9) % last.size()];
  const std::vector<ArgSpec>& args = schema.args();
  if (e.schema == &schema && e.name == name.data() && e.index < args.size() &&
      args[e.index].name == name)
    return static_cast<int>(e.index);
  const int i = schema.index_of(name);
  if (i >= 0) e = {&schema, name.data(), static_cast<size_t>(i)};
  return i;
}

}  // namespace

double element(const TensorRef& t, int64_t i) {
  switch (t.desc.dtype) {
    case DType::Uint8:
      return t.as<uint8_t>()[i];
    case DType::Uint16:
      return t.as<uint16_t>()[i];
    case DType::Uint32:
      return t.as<uint32_t>()[i];
    case DType::Uint64:
      return static_cast<double>(t.as<uint64_t>()[i]);
    case DType::Int8:
      return t.as<int8_t>()[i];
    case DType::Int16:
      return t.as<int16_t>()[i];
    case DType::Int32:
      return t.as<int32_t>()[i];
    case DType::Int64:
      return static_cast<double>(t.as<int64_t>()[i]);
    case DType::Float16:
      return half_to_float(t.as<Half>()[i]);
    case DType::Float:
      return t.as<float>()[i];
    case DType::Float64:
      return t.as<double>()[i];
    case DType::Bool:
      return t.as<uint8_t>()[i] != 0;
    case DType::None:
      break;
  }
  return 0;
}

void set_element(const TensorRef& t, int64_t i, double value) {
  store_number(value, t.desc.dtype, t.data + i * size_of(t.desc.dtype));
}

Plan::Argument Plan::find(std::string_view name) const {
  const int i = index_of(node_.schema(), name);
  if (i < 0) return {nullptr, nullptr, nullptr};
  const ArgSpec& spec = node_.schema().args()[i];
  const ArgValue& given = node_.args[i];
  if (std::holds_alternative<Value>(given)) return {&spec, nullptr, &arguments_[i]};
  if (!std::holds_alternative<std::monostate>(given)) return {&spec, &given, nullptr};
  if (!std::holds_alternative<std::monostate>(spec.fallback))
    return {&spec, &spec.fallback, nullptr};
  return {&spec, nullptr, nullptr};
}

bool Plan::has(std::string_view name) const {
  const int i = index_of(node_.schema(), name);
  return i >= 0 && !std::holds_alternative<std::monostate>(node_.args[static_cast<size_t>(i)]);
}

Failure Plan::problem(ErrorKind kind, std::string_view argument, std::string text) const {
  return node_.problem(kind, argument, text);
}

double Plan::number(std::string_view name, const Argument& a) {
  if (a.tensor) {
    if (a.tensor->desc.shape.elements() != 1) {
      remember(bad(name, "has shape {}; one number per sample is expected",
                   a.tensor->desc.shape.text()));
      return 0;
    }
    return element(*a.tensor, 0);
  }
  if (!a.value) return 0;
  if (auto* v = std::get_if<double>(a.value)) return *v;
  if (auto* v = std::get_if<int64_t>(a.value)) return static_cast<double>(*v);
  if (auto* v = std::get_if<bool>(a.value)) return *v;
  const std::span<const double> list = numbers(name);
  if (list.size() != 1) {
    remember(bad(name, "has {} elements; one number is expected", list.size()));
    return 0;
  }
  return list[0];
}

std::string Plan::text(std::string_view name, const Argument& a) {
  if (!a.value) return {};
  if (auto* s = std::get_if<std::string>(a.value)) return *s;
  remember(bad(name, "is not a text"));
  return {};
}

std::span<const double> Plan::numbers(std::string_view name) {
  const Argument a = find(name);
  const TensorRef* tensor = a.tensor;
  TensorRef held;
  if (!tensor && !a.value) return {};
  if (!tensor) {
    if (auto* list = std::get_if<std::vector<double>>(a.value)) return *list;
    if (auto* list = std::get_if<std::vector<int64_t>>(a.value)) {
      std::span<double> out = arena_.array<double>(list->size());
      for (size_t i = 0; i < list->size(); i++) out[i] = static_cast<double>((*list)[i]);
      return out;
    }
    auto* t = std::get_if<Tensor>(a.value);
    if (!t) {
      const double x = number(name, a);
      return arena_.copy(std::span<const double>(&x, 1));
    }
    held = {*t, t->data.get()};
    tensor = &held;
  }
  std::span<double> out = arena_.array<double>(static_cast<size_t>(tensor->desc.shape.elements()));
  for (size_t i = 0; i < out.size(); i++) out[i] = element(*tensor, static_cast<int64_t>(i));
  return out;
}

std::span<const double> Plan::numbers(std::string_view name, int n) {
  const std::span<const double> given = numbers(name);
  if (static_cast<int>(given.size()) == n) return given;
  std::span<double> out = arena_.array<double>(static_cast<size_t>(n));
  if (given.size() == 1) {
    for (double& x : out) x = given[0];
  } else {
    remember(bad(name, "has {} elements; 1 or {} are expected", given.size(), n));
  }
  return out;
}

std::vector<std::string> Plan::strings(std::string_view name) {
  const Argument a = find(name);
  if (!a.value) return {};
  if (auto* list = std::get_if<std::vector<std::string>>(a.value)) return *list;
  return {text(name, a)};
}

std::optional<TensorRef> Plan::tensor(std::string_view name) const {
  const Argument a = find(name);
  if (a.tensor) return *a.tensor;
  if (a.value)
    if (auto* t = std::get_if<Tensor>(a.value)) return TensorRef{*t, t->data.get()};
  return std::nullopt;
}

DType Plan::dtype(DType otherwise) { return has("dtype") ? get<DType>("dtype") : otherwise; }

}  // namespace vg
