// The public functions: checks, suites, and augmentations as choices.
#include "variegate/auto_aug.h"

#include <algorithm>
#include <cstring>
#include <set>

#include "auto_aug/engine.h"
#include "auto_aug/stock.h"
#include "core/outcome.h"

namespace vg::auto_aug {
namespace {

template <class... A>
[[noreturn]] void refuse(fmt::format_string<A...> text, A&&... a) {
  throw Error(ErrorKind::Plain, fmt::format(text, std::forward<A>(a)...));
}

float magnitude(const std::pair<double, double>& range, int64_t bin, int bins) {
  if (bins == 1) return static_cast<float>(range.first);
  const double step = (range.second - range.first) / (bins - 1);
  return static_cast<float>(bin == bins - 1 ? range.second
                                            : range.first + static_cast<double>(bin) * step);
}

Tensor default_param(float magnitude) {
  Tensor t = Tensor::allocate({DType::Float, {}, {}});
  *t.as<float>() = magnitude;
  return t;
}

/// Parameters of the bins one after another along a new first axis; with `both` every bin has two
/// rows, the second for the negated magnitude.
Tensor table_of(const Augmentation& a, int64_t first, int64_t last, int bins, bool both) {
  std::vector<Tensor> rows;
  for (int64_t bin = first; bin <= last; bin++) {
    for (int sign = 0; sign <= static_cast<int>(both); sign++) {
      const float m = magnitude(*a.mag_range, bin, bins);
      rows.push_back(a.mag_to_param ? a.mag_to_param(sign ? -m : m) : default_param(sign ? -m : m));
      if (rows.back().dtype != rows[0].dtype || !(rows.back().shape == rows[0].shape))
        refuse(
            "The `mag_to_param` of the `{}` augmentation must return the arrays of the same type "
            "and shape for different magnitudes.",
            a.name);
    }
  }
  Tensor table{{rows[0].dtype, {static_cast<int64_t>(rows.size())}, {}}, {}, {}, {}};
  for (int64_t e : rows[0].shape) table.shape.push_back(e);
  const auto bytes = static_cast<size_t>(rows[0].bytes());
  table = Tensor::allocate(table);
  for (size_t i = 0; i < rows.size(); i++)
    std::memcpy(table.data.get() + i * bytes, rows[i].data.get(), bytes);
  return table;
}

Value parameter_of(const Augmentation& a, const SignedBin& bin, int bins) {
  if (!bin.number && !bin.bin)
    refuse("The augmentation `{}` has `mag_range` specified, so it requires `magnitude_bin`.",
           a.name);
  const bool both = a.randomly_negate && static_cast<bool>(bin.sign);
  const int64_t first = bin.number.value_or(0), last = bin.number.value_or(bins - 1);
  if (first < 0 || last >= bins)
    throw Error(ErrorKind::Index,
                fmt::format("magnitude_bin = {} is out of bounds for {} bins", first, bins));
  ArgMap args{{"table", table_of(a, first, last, bins, both)}};
  if (bin.bin) args["bin"] = bin.bin;
  if (both) args["sign"] = bin.sign;
  return call("_table_row", {}, args)[0];
}

Choice choice_of(const Augmentation& a, int bins, const Extras& extras) {
  return {a.mag_range && a.randomly_negate,
          [a, bins, extras](const Value& data, const SignedBin& bin) {
            return a(data, bin, bins, extras);
          }};
}

void check_extras(const std::vector<const Augmentation*>& augmentations, const Extras& extras,
                  const char* function) {
  std::string unused;
  int count = 0;
  for (const auto& extra : extras) {
    const std::string& name = extra.first;
    const bool used =
        std::any_of(augmentations.begin(), augmentations.end(), [&](const Augmentation* a) {
          return std::find(a->extras.begin(), a->extras.end(), name) != a->extras.end();
        });
    if (used) continue;
    unused += (count++ ? ", " : "") + name;
  }
  if (count)
    refuse(
        "The {} got unexpected kwargs. The kwarg{} `{}` {} not used by any of the augmentations.",
        function, count > 1 ? "s" : "", unused, count > 1 ? "are" : "is");
  for (const Augmentation* a : augmentations)
    for (const std::string& r : a->required)
      if (!extras.contains(r))
        refuse(
            "The augmentation `{0}` requires `{1}` argument. Provide it as `{1}` argument to the "
            "`{2}` "
            "call.",
            a->name, r, function);
}

std::vector<const Augmentation*> pointers(const std::vector<Augmentation>& all) {
  std::vector<const Augmentation*> p;
  for (const Augmentation& a : all) p.push_back(&a);
  return p;
}

Extras extras_of(const Options& o) {
  Extras e;
  e["fill_value"] = o.fill_value ? ArgValue(*o.fill_value) : ArgValue();
  e["interp_type"] = o.interp_type ? ArgValue(*o.interp_type) : ArgValue();
  if (o.shape) e["shape"] = o.shape;
  return e;
}

std::vector<Augmentation> suite_without(const char* suite, const char* title, const Options& o) {
  std::vector<Augmentation> all =
      get_suite(suite, static_cast<bool>(o.shape), o.max_translate_abs, o.max_translate_rel);
  for (const std::string& name : o.excluded) {
    const auto before = all.size();
    std::erase_if(all, [&](const Augmentation& a) { return a.name == name; });
    if (all.size() == before)
      refuse("The `{}` was specified in `excluded`, but the suite {} has no such augmentation.",
             name, title);
  }
  return all;
}

}  // namespace

Value Augmentation::operator()(const Value& data, const SignedBin& bin, int num_magnitude_bins,
                               const Extras& given) const {
  const Value param = mag_range ? parameter_of(*this, bin, num_magnitude_bins) : Value();
  Extras kept;
  for (const std::string& name : extras)
    if (const auto at = given.find(name); at != given.end()) kept.insert(*at);
  for (const std::string& name : required)
    if (!kept.contains(name))
      refuse("The augmentation `{}` requires the arguments that were not provided to the call: {}",
             this->name, name);
  return op(data, param, kept);
}

std::vector<Augmentation> get_suite(const std::string& suite, bool use_shape, const Bounds& abs,
                                    const Bounds& rel) {
  std::vector<Augmentation> all;
  for (const Setup& s : suite_setups(suite, use_shape, abs, rel)) all.push_back(customise(s));
  return all;
}

Policy get_policy(const std::string& policy_name, bool use_shape, const Bounds& abs,
                  const Bounds& rel) {
  const PolicyTable* table = policy_table(policy_name);
  if (!table)
    refuse(
        "The `policy_name` must be a string that takes one of the values: image_net, "
        "reduced_image_net, svhn, reduced_cifar10. Got {}.",
        policy_name);
  if (!table->takes_shape && (use_shape || !abs.empty() || !rel.empty()))
    refuse("The policy {} does not contain any augmentations that rely on the image shape.",
           policy_name);
  const std::vector<Augmentation> suite = get_suite("auto_augment", use_shape, abs, rel);
  Policy policy{std::string(table->name), 11, {}};
  for (const auto& steps : table->sub_policies) {
    std::vector<Step>& to = policy.sub_policies.emplace_back();
    for (const TableStep& s : steps) {
      const auto at =
          std::find_if(suite.begin(), suite.end(), [&](auto& a) { return a.name == s.name; });
      to.push_back({*at, s.probability, s.bin < 0 ? std::nullopt : std::optional<int64_t>(s.bin)});
    }
  }
  return policy;
}

Value apply_auto_augment(const Policy& policy, const Value& data, std::optional<int64_t> seed,
                         const Extras& extras) {
  if (policy.sub_policies.empty())
    refuse("Cannot run empty policy. Got `{}` in `apply_auto_augment` call.", policy.name);
  std::vector<const Augmentation*> all;
  std::vector<Choice> choices;
  std::vector<std::vector<ChoiceStep>> steps;
  for (const auto& sub : policy.sub_policies) {
    std::vector<ChoiceStep>& to = steps.emplace_back();
    for (const Step& s : sub) {
      if (!(s.probability >= 0 && s.probability <= 1))
        refuse("Probability of {} must be a number from `[0, 1]` range. Got `{}`.",
               s.augmentation.name, s.probability);
      to.push_back({static_cast<int>(choices.size()), s.probability, s.bin});
      all.push_back(&s.augmentation);
      choices.push_back(choice_of(s.augmentation, policy.num_magnitude_bins, extras));
    }
  }
  check_extras(all, extras, "apply_auto_augment");
  return auto_augment_of(choices, steps, data, seed);
}

Value apply_rand_augment(const std::vector<Augmentation>& augmentations, const Value& data, int n,
                         int m, int num_magnitude_bins, std::optional<int64_t> seed,
                         const Extras& extras) {
  if (n < 0)
    refuse("The number of operations to apply `n` must be a non-negative integer, got {}.", n);
  if (num_magnitude_bins < 1)
    refuse("The `num_magnitude_bins` must be a positive integer, got {}.", num_magnitude_bins);
  if (m < 0 || m >= num_magnitude_bins)
    refuse("The magnitude bin `m` must be an integer from `[0, {}]` range. Got {}.",
           num_magnitude_bins - 1, m);
  if (n == 0) return data;
  if (augmentations.empty()) refuse("The `augmentations` list cannot be empty, unless n=0.");
  check_extras(pointers(augmentations), extras, "apply_rand_augment");
  std::vector<Choice> choices;
  for (const Augmentation& a : augmentations)
    choices.push_back(choice_of(a, num_magnitude_bins, extras));
  return rand_augment_of(choices, data, n, m, seed);
}

Value apply_trivial_augment(const std::vector<Augmentation>& augmentations, const Value& data,
                            int num_magnitude_bins, std::optional<int64_t> seed,
                            const Extras& extras) {
  if (num_magnitude_bins < 1)
    refuse("The `num_magnitude_bins` must be a positive integer, got {}.", num_magnitude_bins);
  if (augmentations.empty()) refuse("The `augmentations` list cannot be empty.");
  check_extras(pointers(augmentations), extras, "apply_trivial_augment");
  std::vector<Choice> choices;
  for (const Augmentation& a : augmentations)
    choices.push_back(choice_of(a, num_magnitude_bins, extras));
  return trivial_augment_of(choices, data, num_magnitude_bins, seed);
}

Value auto_augment(const Value& data, const std::string& policy_name, const Options& o) {
  const Policy policy =
      get_policy(policy_name, static_cast<bool>(o.shape), o.max_translate_abs, o.max_translate_rel);
  return apply_auto_augment(policy, data, o.seed, extras_of(o));
}

Value rand_augment(const Value& data, int n, int m, const Options& o) {
  const char* suite = o.monotonic_mag ? "rand_augment" : "rand_augment_non_monotonic";
  return apply_rand_augment(suite_without(suite, "RandAugment", o), data, n, m,
                            o.num_magnitude_bins, o.seed, extras_of(o));
}

Value trivial_augment_wide(const Value& data, const Options& o) {
  return apply_trivial_augment(suite_without("trivial_augment_wide", "TrivialAugmentWide", o), data,
                               o.num_magnitude_bins, o.seed, extras_of(o));
}

}  // namespace vg::auto_aug
