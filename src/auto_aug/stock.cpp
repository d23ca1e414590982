// The 18 ready augmentations: which operator each is, and how magnitudes become parameters.
#include "auto_aug/stock.h"

#include <cmath>
#include <cstring>
#include <map>

#include "core/outcome.h"
#include "graph/node.h"

namespace vg::auto_aug {
namespace {

template <class T>
Tensor make_tensor(DType dtype, Shape shape, std::initializer_list<T> values) {
  Tensor t = Tensor::allocate({dtype, shape, {}});
  std::copy(values.begin(), values.end(), t.template as<T>());
  return t;
}

Tensor sharpness_kernel(float m) {
  const float side = static_cast<float>(-m / 13.0),
              centre = static_cast<float>(1.0 + 8.0 * m / 13.0);
  return make_tensor<float>(DType::Float, {3, 3},
                            {side, side, side, side, centre, side, side, side, side});
}

Tensor poster_mask(float bits) {
  const int kept = std::clamp(static_cast<int>(std::nearbyint(bits)), 1, 8);
  return make_tensor<uint8_t>(DType::Uint8, {}, {static_cast<uint8_t>(0xFF << (8 - kept))});
}

Tensor solarize_add_shift(float shift) {
  if (shift >= 128)
    throw Error(
        ErrorKind::Plain,
        fmt::format("The solarize_add augmentation accepts shifts from 0 to 128, got {}.", shift));
  return make_tensor<uint8_t>(DType::Uint8, {}, {static_cast<uint8_t>(shift)});
}

using Map = Tensor (*)(float);

const std::map<std::string_view, Map>& maps() {
  static const std::map<std::string_view, Map> all{
      {"identity", [](float m) { return make_tensor<float>(DType::Float, {}, {m}); }},
      {"warp_x",
       [](float m) {
         return make_tensor<float>(DType::Float, {2}, {m, 0});
       }},
      {"warp_y",
       [](float m) {
         return make_tensor<float>(DType::Float, {2}, {0, m});
       }},
      {"shift_enhance_range",
       [](float m) { return make_tensor<float>(DType::Float, {}, {1 + m}); }},
      {"sharpness_kernel", sharpness_kernel},
      {"sharpness_kernel_shifted", [](float m) { return sharpness_kernel(m - 1); }},
      {"poster_mask_uint8", poster_mask},
      {"solarize_add_shift", solarize_add_shift},
  };
  return all;
}

ArgValue extra(const Extras& extras, std::string_view name) {
  const auto at = extras.find(name);
  return at == extras.end() ? ArgValue() : at->second;
}

/// fill_value defaults to 128; given as none, edge pixels are repeated.
ArgValue fill_of(const Extras& extras) {
  return extras.contains("fill_value") ? extra(extras, "fill_value") : ArgValue(128.0);
}

Value warp(const Value& data, const char* transform, const char* argument, const Value& param,
           const Extras& extras) {
  const Value matrix = call(transform, {}, {{argument, param}})[0];
  return call("warp_affine", {data},
              {{"matrix", matrix},
               {"inverse_map", false},
               {"fill_value", fill_of(extras)},
               {"interp_type", extra(extras, "interp_type")}})[0];
}

Value as_value(const ArgValue& shape) {
  if (auto* v = std::get_if<Value>(&shape)) return *v;
  if (auto* t = std::get_if<Tensor>(&shape)) return constant(*t);
  std::vector<double> numbers;
  if (auto* i = std::get_if<std::vector<int64_t>>(&shape)) numbers.assign(i->begin(), i->end());
  if (auto* d = std::get_if<std::vector<double>>(&shape)) numbers = *d;
  Tensor t = Tensor::allocate({DType::Float, {static_cast<int64_t>(numbers.size())}, {}});
  for (size_t k = 0; k < numbers.size(); k++) t.as<float>()[k] = static_cast<float>(numbers[k]);
  return constant(t);
}

using Apply = Value (*)(const Value&, const Value&, const Extras&);

Value shear(const Value& d, const Value& p, const Extras& e) {
  return warp(d, "transforms.shear", "shear", p, e);
}
Value translate_pixels(const Value& d, const Value& p, const Extras& e) {
  return warp(d, "transforms.translation", "offset", p, e);
}
Value translate_relative(const Value& d, const Value& p, const Extras& e) {
  const Value offset = call("_relative_offset", {p, as_value(extra(e, "shape"))})[0];
  return warp(d, "transforms.translation", "offset", offset, e);
}
Value rotate(const Value& d, const Value& p, const Extras& e) {
  const ArgValue keep =
      e.contains("rotate_keep_size") ? extra(e, "rotate_keep_size") : ArgValue(true);
  return call("rotate", {d},
              {{"angle", p},
               {"fill_value", fill_of(e)},
               {"interp_type", extra(e, "interp_type")},
               {"keep_size", keep}})[0];
}
Value sharpen(const Value& d, const Value& p, const Extras&) { return call("filter", {d, p})[0]; }
Value identity(const Value& d, const Value&, const Extras&) { return d; }

/// A point or measured operator with one argument that is the parameter.
template <size_t N>
struct Text {
  constexpr Text(const char (&s)[N]) { std::copy_n(s, N, text); }
  char text[N];
};
template <Text kOp, Text kArgument>
Value with(const Value& d, const Value& p, const Extras&) {
  return call(kOp.text, {d}, {{kArgument.text, p}})[0];
}
template <Text kOp>
Value plain(const Value& d, const Value&, const Extras&) {
  return call(kOp.text, {d})[0];
}

struct Stock {
  std::string_view key, name, param;
  std::optional<std::pair<double, double>> range;
  bool negate;
  Apply apply;
  std::vector<std::string> extras, required;
};

const std::vector<Stock>& stock() {
  using R = std::pair<double, double>;
  static const std::vector<std::string> warped{"fill_value", "interp_type"};
  static const std::vector<std::string> shaped{"shape", "fill_value", "interp_type"};
  static const std::vector<std::string> rotated{"fill_value", "interp_type", "rotate_keep_size"};
  static const std::vector<Stock> all{
      {"shear_x", "shear_x", "warp_x", R{0, 0.3}, true, shear, warped, {}},
      {"shear_y", "shear_y", "warp_y", R{0, 0.3}, true, shear, warped, {}},
      {"translate_x",
       "translate_x",
       "warp_x",
       R{0, 1},
       true,
       translate_relative,
       shaped,
       {"shape"}},
      {"translate_x_no_shape",
       "translate_x",
       "warp_x",
       R{0, 250},
       true,
       translate_pixels,
       warped,
       {}},
      {"translate_y",
       "translate_y",
       "warp_y",
       R{0, 1},
       true,
       translate_relative,
       shaped,
       {"shape"}},
      {"translate_y_no_shape",
       "translate_y",
       "warp_y",
       R{0, 250},
       true,
       translate_pixels,
       warped,
       {}},
      {"rotate", "rotate", "identity", R{0, 30}, true, rotate, rotated, {}},
      {"brightness",
       "brightness",
       "shift_enhance_range",
       R{0, 0.9},
       true,
       with<"brightness", "brightness">,
       {},
       {}},
      {"contrast",
       "contrast",
       "shift_enhance_range",
       R{0, 0.9},
       true,
       with<"_contrast", "factor">,
       {},
       {}},
      {"color", "color", "shift_enhance_range", R{0, 0.9}, true, with<"_color", "factor">, {}, {}},
      {"sharpness", "sharpness", "sharpness_kernel", R{0, 0.9}, true, sharpen, {}, {}},
      {"posterize",
       "posterize",
       "poster_mask_uint8",
       R{0, 4},
       false,
       with<"_posterize", "mask">,
       {},
       {}},
      {"solarize",
       "solarize",
       "identity",
       R{256, 0},
       false,
       with<"_solarize", "threshold">,
       {},
       {}},
      {"solarize_add",
       "solarize_add",
       "solarize_add_shift",
       R{0, 110},
       false,
       with<"_solarize_add", "shift">,
       {},
       {}},
      {"invert", "invert", "", {}, false, plain<"_invert">, {}, {}},
      {"equalize", "equalize", "", {}, false, plain<"equalize">, {}, {}},
      {"auto_contrast", "auto_contrast", "", {}, false, plain<"_auto_contrast">, {}, {}},
      {"identity", "identity", "", {}, false, identity, {}, {}},
  };
  return all;
}

const Stock& find_stock(std::string_view key) {
  for (const Stock& s : stock())
    if (s.key == key) return s;
  throw Error(ErrorKind::Key, fmt::format("there is no ready augmentation '{}'", key));
}

}  // namespace

Tensor map_magnitude(std::string_view mapping, float magnitude) {
  return maps().at(mapping)(magnitude);
}

namespace {

/// Parameters are planned on the host whatever device they were asked for on.
Value on_host(const Value& param) {
  if (!param || !param.node()->is_gpu()) return param;
  const Node& node = *param.node();
  ArgMap args;
  for (size_t i = 0; i < node.args.size(); i++)
    args.emplace(node.schema().args()[i].name, node.args[i]);
  CallOptions options = node.options;
  options.device = "cpu";
  return call(node.schema().name(), node.inputs, args,
              options)[static_cast<size_t>(param.output())];
}

/// The operation as programs tell it: by the augmentation's name and parameter.
Value apply_labelled(const Stock& s, const Value& data, const Value& param, const Extras& extras) {
  const Value planned = on_host(param);
  Value result = s.apply(data, planned, extras);
  if (result == data) return result;
  result.node()->label = s.name;
  result.node()->shown = planned;
  return result;
}

}  // namespace

Value apply_stock(std::string_view name, const Value& data, const Value& param,
                  const Extras& extras) {
  return apply_labelled(find_stock(name), data, param, extras);
}

std::vector<std::string_view> stock_names() {
  std::vector<std::string_view> names;
  for (const Stock& s : stock()) names.push_back(s.key);
  return names;
}

Augmentation customise(const Setup& setup) {
  const Stock& s = find_stock(setup.base);
  const std::string_view mapping = setup.param.empty() ? s.param : setup.param;
  Augmentation a;
  a.name = s.name;
  a.mag_range = setup.range;
  a.randomly_negate = setup.negate;
  if (setup.range) a.mag_to_param = [mapping](float m) { return map_magnitude(mapping, m); };
  a.op = [&s](const Value& data, const Value& param, const Extras& extras) {
    return apply_labelled(s, data, param, extras);
  };
  a.extras = s.extras;
  a.required = s.required;
  return a;
}

const Augmentation& augmentation(const std::string& name) {
  static const auto all = [] {
    std::map<std::string, Augmentation> map;
    for (const Stock& s : stock()) map.emplace(s.key, customise({s.key, s.range, s.negate, ""}));
    return map;
  }();
  const auto at = all.find(name);
  if (at == all.end())
    throw Error(ErrorKind::Key, fmt::format("there is no ready augmentation '{}'", name));
  return at->second;
}

}  // namespace vg::auto_aug
