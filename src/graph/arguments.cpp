// Sorting the values of arguments by kind.
#include "graph/arguments.h"

namespace vg {
namespace {

/// Calls f with each number that has to be stored as a double.
template <class F>
void each_other_number(const ArgValue& value, F&& f) {
  if (auto* d = std::get_if<double>(&value)) f(*d);
  if (auto* b = std::get_if<bool>(&value)) f(*b ? 1.0 : 0.0);
  if (auto* i = std::get_if<int64_t>(&value)) f(static_cast<double>(*i));
  if (auto* list = std::get_if<std::vector<int64_t>>(&value))
    for (int64_t i : *list) f(static_cast<double>(i));
}

Argument::Kind kind_of(const ArgValue& value) {
  if (std::holds_alternative<std::monostate>(value)) return Argument::Kind::Absent;
  if (std::holds_alternative<Value>(value)) return Argument::Kind::PerSample;
  if (std::holds_alternative<Tensor>(value)) return Argument::Kind::Tensor;
  if (std::holds_alternative<std::string>(value) ||
      std::holds_alternative<std::vector<std::string>>(value))
    return Argument::Kind::Text;
  return Argument::Kind::Numbers;
}

}  // namespace

Arguments::Arguments(const Schema& schema, const std::vector<ArgValue>& given)
    : schema_(&schema), arguments_(schema.args().size()) {
  const std::vector<ArgSpec>& specs = schema.args();
  size_t numbers = 0;
  for (size_t i = 0; i < specs.size(); i++) {
    Argument& a = arguments_[i];
    a.index = static_cast<int>(i);
    a.given = !std::holds_alternative<std::monostate>(given[i]);
    a.value = a.given ? &given[i] : &specs[i].fallback;
    a.kind = kind_of(*a.value);
    each_other_number(*a.value, [&](double) { numbers++; });
  }
  numbers_.reserve(numbers);  // the spans below must stay where they point
  for (Argument& a : arguments_) {
    if (a.kind != Argument::Kind::Numbers) continue;
    if (auto* list = std::get_if<std::vector<double>>(a.value)) {
      a.numbers = *list;
      continue;
    }
    const size_t first = numbers_.size();
    each_other_number(*a.value, [&](double x) { numbers_.push_back(x); });
    a.numbers = std::span(numbers_).subspan(first);
  }
}

}  // namespace vg
