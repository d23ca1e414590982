// Which operations a scheme chooses from, and over which magnitudes (auto_augment: the union of
// the four policies).
#include "auto_aug/stock.h"
#include "core/outcome.h"

namespace vg::auto_aug {
namespace {

using Range = std::pair<double, double>;

struct Limits {
  double abs, rel;
};

Limits limits_of(std::string_view suite) {
  if (suite == "auto_augment") return {250, 1};
  if (suite == "trivial_augment_wide") return {32, 1};
  return {100, 100.0 / 224};
}

/// (height, width)
Range bounds(const Bounds& given, double otherwise) {
  if (given.empty()) return {otherwise, otherwise};
  if (given.size() == 1) return {given[0], given[0]};
  if (given.size() == 2) return {given[0], given[1]};
  throw Error(
      ErrorKind::Value,
      fmt::format("cannot unpack {} translation bounds; one number or (height, width) is expected",
                  given.size()));
}

void add_translations(std::vector<Setup>& to, std::string_view suite, bool use_shape,
                      const Bounds& abs, const Bounds& rel) {
  if (use_shape && !abs.empty())
    throw Error(ErrorKind::Plain,
                "The argument `max_translate_abs` cannot be used with image shapes (`use_shape`, "
                "`shape`). Use `max_translate_rel` instead.");
  if (!use_shape && !rel.empty())
    throw Error(
        ErrorKind::Plain,
        "The argument `max_translate_rel` cannot be used without image shapes (`use_shape`, "
        "`shape`). Use `max_translate_abs` instead.");
  const Limits limits = limits_of(suite);
  const auto [height, width] = use_shape ? bounds(rel, limits.rel) : bounds(abs, limits.abs);
  to.push_back({use_shape ? "translate_x" : "translate_x_no_shape", Range{0, width}, true, ""});
  to.push_back({use_shape ? "translate_y" : "translate_y_no_shape", Range{0, height}, true, ""});
}

}  // namespace

std::vector<Setup> suite_setups(std::string_view suite, bool use_shape, const Bounds& abs,
                                const Bounds& rel) {
  std::vector<Setup> s;
  add_translations(s, suite, use_shape, abs, rel);
  const bool automatic = suite == "auto_augment", trivial = suite == "trivial_augment_wide";
  const bool rising = automatic || suite == "rand_augment_non_monotonic";
  const double shear = trivial ? 0.99 : 0.3;
  s.push_back({"shear_x", Range{0, shear}, true, ""});
  s.push_back({"shear_y", Range{0, shear}, true, ""});
  s.push_back({"rotate", Range{0, trivial ? 135 : 30}, true, ""});
  for (std::string_view name : {"brightness", "contrast", "color"}) {
    if (rising)
      s.push_back({name, Range{0.1, 1.9}, false, "identity"});
    else
      s.push_back({name, trivial ? Range{0.01, 0.99} : Range{0, 0.9}, true, ""});
  }
  if (rising)
    s.push_back({"sharpness", Range{0.1, 1.9}, false, "sharpness_kernel_shifted"});
  else
    s.push_back({"sharpness", trivial ? Range{0.01, 0.99} : Range{0, 0.9}, true, ""});
  const Range bits = rising ? Range{0, 4} : trivial ? Range{8, 2} : Range{8, 4};
  s.push_back({"posterize", bits, false, ""});
  s.push_back({"solarize", rising ? Range{0, 256} : Range{256, 0}, false, ""});
  if (automatic) {
    s.push_back({"solarize_add", Range{0, 110}, false, ""});
    s.push_back({"invert", {}, false, ""});
  }
  s.push_back({"equalize", {}, false, ""});
  s.push_back({"auto_contrast", {}, false, ""});
  s.push_back({"identity", {}, false, ""});
  return s;
}

}  // namespace vg::auto_aug
