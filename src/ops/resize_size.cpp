// What the size arguments of the resize family mean.
#include "ops/resize_size.h"

#include <algorithm>
#include <cmath>

namespace vg {
namespace {

// Beyond these no image is meant, and sums of extents would leave their types.
constexpr double kLargestExtent = 1 << 24;

using Pair = std::array<double, 2>;

Outcome<Pair> pair(const char* name, std::span<const double> list) {
  if (list.size() != 1 && list.size() != 2)
    return fail("{} needs one number, or one for each of the 2 spatial axes; got {}", name,
                list.size());
  for (double v : list)
    if (!std::isfinite(v)) return fail("{} = {} is not finite", name, v);
  return Pair{list.front(), list.back()};
}

Status check_combination(const ResizeArgs& a) {
  const bool xy = a.resize_x || a.resize_y;
  const int given =
      !a.size.empty() + xy + a.resize_shorter.has_value() + a.resize_longer.has_value();
  if (given == 0)
    return fail(
        "needs one of the arguments size, resize_x / resize_y, resize_shorter, resize_longer");
  if (given > 1)
    return fail(
        "the arguments size, resize_x / resize_y, resize_shorter and resize_longer exclude each "
        "other; got {} "
        "of them",
        given);
  if (a.mode && (a.resize_shorter || a.resize_longer))
    return fail("mode cannot be combined with resize_shorter or resize_longer, which imply one");
  if (a.roi_start.empty() != a.roi_end.empty())
    return fail("roi_start and roi_end must be given together");
  return {};
}

ResizeMode mode_of(const ResizeArgs& a) {
  if (a.resize_shorter) return ResizeMode::NotSmaller;
  if (a.resize_longer) return ResizeMode::NotLarger;
  return a.mode.value_or(ResizeMode::Default);
}

// The sizes asked for; 0 where none is.
Outcome<Pair> requested(const ResizeArgs& a) {
  if (!a.size.empty()) return pair("size", a.size);
  Pair p = {a.resize_y.value_or(0), a.resize_x.value_or(0)};
  if (a.resize_shorter) p = {*a.resize_shorter, *a.resize_shorter};
  if (a.resize_longer) p = {*a.resize_longer, *a.resize_longer};
  for (double v : p)
    if (!std::isfinite(v)) return fail("the requested size, {}, is not finite", v);
  return p;
}

// Replaces what was not given, and keeps the signs; `extent` is that of the region.
Pair complete(Pair size, const Pair& extent, ResizeMode mode, const std::optional<Pair>& max_size) {
  int given = 0;
  double product = 1, smallest = HUGE_VAL, largest = 0;
  for (int d = 0; d < 2; d++) {
    if (size[d] == 0) continue;
    const double scale = std::fabs(size[d]) / extent[d];
    given++;
    product *= scale;
    smallest = std::min(smallest, scale);
    largest = std::max(largest, scale);
  }
  const auto with_sign = [&](int d, double magnitude) { return std::copysign(magnitude, size[d]); };
  if (mode == ResizeMode::Default || mode == ResizeMode::Stretch) {
    const double missing = given == 0 || mode == ResizeMode::Stretch ? 1
                           : given == 1                              ? product
                                                                     : std::sqrt(product);
    for (int d = 0; d < 2; d++) {
      double magnitude = size[d] == 0 ? extent[d] * missing : std::fabs(size[d]);
      if (max_size) magnitude = std::min(magnitude, (*max_size)[d]);
      size[d] = with_sign(d, magnitude);
    }
    return size;
  }
  double scale = given == 0 ? 1 : mode == ResizeMode::NotLarger ? smallest : largest;
  if (max_size)
    for (int d = 0; d < 2; d++) scale = std::min(scale, (*max_size)[d] / extent[d]);
  for (int d = 0; d < 2; d++) size[d] = with_sign(d, extent[d] * scale);
  return size;
}

Outcome<Pair> corner(const char* name, std::span<const double> list, bool relative,
                     const Pair& extent) {
  VG_ASSIGN(Pair p, pair(name, list));
  for (int d = 0; d < 2; d++) {
    if (relative) p[d] *= extent[d];
    if (std::fabs(p[d]) > kLargestExtent)
      return fail("{} = {} is farther than {} pixels from the image", name, p[d], kLargestExtent);
  }
  return p;
}

}  // namespace

Outcome<std::array<ResizedAxis, 2>> resize_size(const ResizeArgs& args, int64_t height,
                                                int64_t width) {
  VG_TRY(check_combination(args));
  const Pair image = {static_cast<double>(height), static_cast<double>(width)};
  if (height < 1 || width < 1 || std::max(image[0], image[1]) > kLargestExtent)
    return fail("cannot resize an image of {} x {} pixels", height, width);
  Pair lo = {0, 0}, hi = image;
  if (!args.roi_start.empty()) {
    VG_ASSIGN(lo, corner("roi_start", args.roi_start, args.roi_relative, image));
    VG_ASSIGN(hi, corner("roi_end", args.roi_end, args.roi_relative, image));
  }
  const Pair extent = {std::fabs(hi[0] - lo[0]), std::fabs(hi[1] - lo[1])};
  if (extent[0] == 0 || extent[1] == 0) return fail("roi_start and roi_end enclose no pixels");
  std::optional<Pair> max_size;
  if (!args.max_size.empty()) {
    VG_ASSIGN(max_size, pair("max_size", args.max_size));
    if ((*max_size)[0] <= 0 || (*max_size)[1] <= 0) return fail("max_size must be positive");
  }
  VG_ASSIGN(const Pair asked, requested(args));
  const Pair size = complete(asked, extent, mode_of(args), max_size);

  std::array<ResizedAxis, 2> axes{};
  for (int d = 0; d < 2; d++) {
    const double wanted = std::fabs(size[d]);
    if (wanted > kLargestExtent)
      return fail("the result would have {} pixels along an axis", wanted);
    const double out = std::max(1.0, std::floor(wanted + 0.5));
    if (args.subpixel_scale && out != wanted) {
      // The region grows or shrinks with the rounding, so that the scale is the one asked for.
      const double centre = (lo[d] + hi[d]) / 2, half = (hi[d] - lo[d]) / 2 * (out / wanted);
      lo[d] = centre - half;
      hi[d] = centre + half;
    }
    if (std::signbit(size[d])) std::swap(lo[d], hi[d]);
    axes[static_cast<size_t>(d)] = {lo[d], hi[d], static_cast<int64_t>(out)};
  }
  return axes;
}

}  // namespace vg
