// Automatic augmentation: the schemes over Python's augmentations, and the data of the suites.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/tuple.h>

#include "auto_aug/engine.h"
#include "auto_aug/stock.h"
#include "convert.h"

namespace vg::python {
namespace {

using namespace auto_aug;

nb::object optional_value(const Value& v) { return v ? nb::cast(v) : nb::none(); }

/// (is_signed, function(data, bin number or None, bin node or None, sign node or None) -> Value)
std::vector<Choice> choices_of(nb::list choices) {
  std::vector<Choice> all;
  for (nb::handle item : choices) {
    nb::tuple pair = nb::cast<nb::tuple>(item);
    nb::object function = pair[1];
    all.push_back({nb::cast<bool>(pair[0]), [function](const Value& data, const SignedBin& bin) {
                     nb::object number = bin.number ? nb::cast(*bin.number) : nb::none();
                     return nb::cast<Value>(
                         function(data, number, optional_value(bin.bin), optional_value(bin.sign)));
                   }});
  }
  return all;
}

std::vector<std::vector<ChoiceStep>> steps_of(nb::list sub_policies) {
  std::vector<std::vector<ChoiceStep>> all;
  for (nb::handle sub : sub_policies) {
    std::vector<ChoiceStep>& steps = all.emplace_back();
    for (nb::handle item : sub) {
      nb::tuple t = nb::cast<nb::tuple>(item);
      steps.push_back(
          {nb::cast<int>(t[0]), nb::cast<double>(t[1]), nb::cast<std::optional<int64_t>>(t[2])});
    }
  }
  return all;
}

}  // namespace

void bind_auto_aug(nb::module_& m) {
  m.def(
      "apply_stock",
      [](const std::string& name, const Value& data, std::optional<Value> param, nb::dict extras) {
        Extras e;
        for (auto [key, value] : extras) e[nb::cast<std::string>(key)] = to_argument(value);
        return apply_stock(name, data, param.value_or(Value()), e);
      },
      nb::arg("name"), nb::arg("data"), nb::arg("param").none(), nb::arg("extras"));
  m.def("map_magnitude", [](const std::string& mapping, float magnitude) {
    return to_numpy(map_magnitude(mapping, magnitude));
  });
  m.def("suite_setups", [](const std::string& suite, bool use_shape, const Bounds& abs,
                           const Bounds& rel) {
    nb::list all;
    for (const Setup& s : suite_setups(suite, use_shape, abs, rel))
      all.append(nb::make_tuple(std::string(s.base), s.range, s.negate, std::string(s.param)));
    return all;
  });
  m.def("policy_table", [](const std::string& key) -> nb::object {
    const PolicyTable* table = policy_table(key);
    if (!table) return nb::none();
    nb::list subs;
    for (const auto& steps : table->sub_policies) {
      nb::list sub;
      for (const TableStep& s : steps)
        sub.append(nb::make_tuple(std::string(s.name), s.probability,
                                  s.bin < 0 ? nb::none() : nb::cast(s.bin)));
      subs.append(sub);
    }
    return nb::make_tuple(std::string(table->name), table->takes_shape, subs);
  });
  m.def("choose", [](const Value& index, nb::list alternatives) {
    std::vector<std::function<Value()>> all;
    for (nb::handle a : alternatives)
      all.push_back([f = nb::borrow(a)] { return nb::cast<Value>(f()); });
    return choose(index, all);
  });
  m.def(
      "rand_augment_of",
      [](nb::list choices, const Value& data, int n, int64_t bin, std::optional<int64_t> seed) {
        return rand_augment_of(choices_of(choices), data, n, bin, seed);
      },
      nb::arg("choices"), nb::arg("data"), nb::arg("n"), nb::arg("bin"), nb::arg("seed").none());
  m.def(
      "trivial_augment_of",
      [](nb::list choices, const Value& data, int64_t bins, std::optional<int64_t> seed) {
        return trivial_augment_of(choices_of(choices), data, bins, seed);
      },
      nb::arg("choices"), nb::arg("data"), nb::arg("bins"), nb::arg("seed").none());
  m.def(
      "auto_augment_of",
      [](nb::list choices, nb::list sub_policies, const Value& data, std::optional<int64_t> seed) {
        return auto_augment_of(choices_of(choices), steps_of(sub_policies), data, seed);
      },
      nb::arg("choices"), nb::arg("sub_policies"), nb::arg("data"), nb::arg("seed").none());
}

}  // namespace vg::python
