// The ready augmentations, and the suites and policies as data.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "variegate/auto_aug.h"

namespace vg::auto_aug {

/// How a suite sets up one of the ready augmentations.
struct Setup {
  std::string_view base;  ///< name of the ready augmentation
  std::optional<std::pair<double, double>> range;
  bool negate = false;
  std::string_view param;  ///< name of the magnitude's mapping; "": the base's own
};

/// A step of a policy: the setup's name, probability, bin (-1: none).
struct TableStep {
  std::string_view name;
  double probability;
  int bin;
};

struct PolicyTable {
  std::string_view key, name;  ///< "image_net", "ImageNetPolicy"
  bool takes_shape;
  std::vector<std::vector<TableStep>> sub_policies;
};

/// Setups of a suite or of AutoAugment ("auto_augment"), translations first.
std::vector<Setup> suite_setups(std::string_view suite, bool use_shape, const Bounds& abs,
                                const Bounds& rel);
const PolicyTable* policy_table(std::string_view key);
/// The ready augmentation under another setup.
Augmentation customise(const Setup& setup);

/// Mappings from a magnitude to a parameter, by name: "warp_x", "warp_y", "shift_enhance_range",
/// "sharpness_kernel", "sharpness_kernel_shifted", "poster_mask_uint8", "solarize_add_shift",
/// "identity". Throws Plain for a shift of 128 or more.
Tensor map_magnitude(std::string_view mapping, float magnitude);
/// The operation of a ready augmentation.
Value apply_stock(std::string_view name, const Value& data, const Value& param,
                  const Extras& extras);
/// Names of all ready augmentations.
std::vector<std::string_view> stock_names();

}  // namespace vg::auto_aug
