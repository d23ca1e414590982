// Automatic augmentation: AutoAugment, RandAugment and TrivialAugment as nodes of the graph.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "variegate/export.h"
#include "variegate/value.h"

namespace vg::auto_aug {

/// Extra arguments of a call, by name: fill_value, interp_type, shape, and those of own
/// augmentations.
using Extras = ArgMap;

/// A magnitude bin: the same number for all samples, or a Value; and a sign bit per sample (1:
/// negated), if it was drawn.
struct SignedBin {
  std::optional<int64_t> number;
  Value bin;
  Value sign;
};

/// An operation with a range of magnitudes. A magnitude is a number of the range's `bins` evenly
/// spaced ones, negated at random if wanted, and turned into the operation's parameter once, when
/// the graph is built.
struct VG_API Augmentation {
  std::string name;
  std::optional<std::pair<double, double>> mag_range;  ///< absent: no magnitude
  bool randomly_negate = false;
  std::function<Tensor(float magnitude)> mag_to_param;  ///< default: the magnitude, a float scalar
  /// (data, parameter, extras) -> data. No magnitude: the parameter is empty.
  std::function<Value(const Value&, const Value&, const Extras&)> op;
  std::vector<std::string> extras;    ///< names of the extra arguments that it takes
  std::vector<std::string> required;  ///< those of them without a default

  /// Applies it. Throws Plain if a bin or a required argument is missing.
  Value operator()(const Value& data, const SignedBin& bin, int num_magnitude_bins,
                   const Extras& extras = {}) const;
};

/// A step of a sub-policy: the operation runs with this probability.
struct Step {
  Augmentation augmentation;
  double probability = 1;
  std::optional<int64_t> bin;  ///< absent for operations without magnitudes
};

struct Policy {
  std::string name;
  int num_magnitude_bins = 11;
  std::vector<std::vector<Step>> sub_policies;
};

/// Largest translation: none given, one number, or (height, width).
using Bounds = std::vector<double>;

/// What the three schemes take. `shape` (a Value, or constant(height, width)) makes translations
/// relative to the size.
struct Options {
  Value shape;
  std::optional<double> fill_value = 128;  ///< absent: edge pixels are repeated
  std::optional<int64_t> interp_type;      ///< 0 nearest, 1 linear (default)
  Bounds max_translate_abs, max_translate_rel;
  std::optional<int64_t> seed;
  int num_magnitude_bins = 31;        ///< RandAugment, TrivialAugment
  bool monotonic_mag = true;          ///< RandAugment
  std::vector<std::string> excluded;  ///< RandAugment, TrivialAugment
};

/// AutoAugment (Cubuk et al. 2019): "image_net", "reduced_image_net", "svhn" or "reduced_cifar10".
VG_API Value auto_augment(const Value& data, const std::string& policy_name = "image_net",
                          const Options& options = {});
/// RandAugment (Cubuk et al. 2020): n operations with the magnitude bin m.
VG_API Value rand_augment(const Value& data, int n, int m, const Options& options = {});
/// TrivialAugment Wide (Mueller and Hutter 2021): one operation, one bin.
VG_API Value trivial_augment_wide(const Value& data, const Options& options = {});

VG_API Value apply_auto_augment(const Policy& policy, const Value& data,
                                std::optional<int64_t> seed = {}, const Extras& extras = {});
VG_API Value apply_rand_augment(const std::vector<Augmentation>& augmentations, const Value& data,
                                int n, int m, int num_magnitude_bins = 31,
                                std::optional<int64_t> seed = {}, const Extras& extras = {});
VG_API Value apply_trivial_augment(const std::vector<Augmentation>& augmentations,
                                   const Value& data, int num_magnitude_bins = 31,
                                   std::optional<int64_t> seed = {}, const Extras& extras = {});

VG_API Policy get_policy(const std::string& policy_name, bool use_shape = false,
                         const Bounds& max_translate_abs = {},
                         const Bounds& max_translate_rel = {});
/// Suites: "rand_augment", "rand_augment_non_monotonic", "trivial_augment_wide".
VG_API std::vector<Augmentation> get_suite(const std::string& suite, bool use_shape = false,
                                           const Bounds& max_translate_abs = {},
                                           const Bounds& max_translate_rel = {});
/// One of the 18 ready augmentations: "shear_x", "translate_x_no_shape", "equalize", ...
/// Throws Key for another name.
VG_API const Augmentation& augmentation(const std::string& name);

}  // namespace vg::auto_aug
