// The random crop window.
#include "ops/crop_window.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/math.h"

namespace vg {
namespace {

int64_t at_least_one(double x) { return std::max<int64_t>(1, static_cast<int64_t>(x)); }

struct Extent {
  int64_t height, width;
};

/// Logarithms of the limits of the ratio. They are the same for sample after sample.
std::pair<double, double> log_ratios(const CropWindowRanges& r) {
  struct Known {
    double low, high, log_low, log_high;
  };
  thread_local Known last{1, 1, 0, 0};
  if (last.low != r.ratio_low || last.high != r.ratio_high)
    last = {r.ratio_low, r.ratio_high, math::log(r.ratio_low), math::log(r.ratio_high)};
  return {last.log_low, last.log_high};
}

// The largest window of the allowed ratios: for images so long that no window reaches the least
// area, and where all attempts failed.
Extent fallback(const CropWindowRanges& r, double height, double width, Extent widest,
                Extent tallest) {
  Extent e = {static_cast<int64_t>(height), static_cast<int64_t>(width)};
  if (width / height > r.ratio_high) e = widest;
  if (width / height < r.ratio_low) e = tallest;
  const double area = static_cast<double>(e.height) * static_cast<double>(e.width);
  const double shrink = std::sqrt(std::min(1.0, r.area_high * width * height / area));
  return {at_least_one(static_cast<double>(e.height) * shrink),
          at_least_one(static_cast<double>(e.width) * shrink)};
}

Extent draw_extent(const CropWindowRanges& r, int64_t image_height, int64_t image_width,
                   DrawStream& draws) {
  const double height = static_cast<double>(image_height), width = static_cast<double>(image_width);
  const Extent widest = {image_height, std::min(image_width, at_least_one(height * r.ratio_high))};
  const Extent tallest = {std::min(image_height, at_least_one(width / r.ratio_low)), image_width};
  const double area = width * height, least = r.area_low * area;
  if (height * static_cast<double>(widest.width) < least) return widest;
  if (width * static_cast<double>(tallest.height) < least) return tallest;
  const auto [log_low, log_high] = log_ratios(r);
  for (int attempt = 0; attempt < r.attempts; attempt++) {
    const double share = r.area_low + uniform01(draws.next_u32()) * (r.area_high - r.area_low);
    const double ratio = math::exp(log_low + uniform01(draws.next_u32()) * (log_high - log_low));
    const int64_t w = at_least_one(std::round(std::sqrt(share * area * ratio)));
    const int64_t h = at_least_one(std::round(std::sqrt(share * area / ratio)));
    const double rounded = static_cast<double>(w) / static_cast<double>(h);
    if (w <= image_width && h <= image_height && rounded >= r.ratio_low && rounded <= r.ratio_high)
      return {h, w};
  }
  return fallback(r, height, width, widest, tallest);
}

}  // namespace

Schema crop_window_args() {
  return Schema()
      .arg("random_aspect_ratio", ArgType::Floats, std::vector<double>{3.0 / 4.0, 4.0 / 3.0},
           "range (low, high) of width / height, drawn uniformly in its logarithm")
      .arg("random_area", ArgType::Floats, std::vector<double>{0.08, 1.0},
           "range (low, high) of the window's share of the image's area, in (0, 1]")
      .arg("num_attempts", ArgType::Int, int64_t{10},
           "draws before the largest window of an allowed ratio is taken");
}

Outcome<CropWindowRanges> crop_window_ranges(Plan& p) {
  const auto ratio = p.numbers("random_aspect_ratio"), area = p.numbers("random_area");
  const auto ordered = [](std::span<const double> range) {
    return range.size() == 2 && range[0] > 0 && range[0] <= range[1] && std::isfinite(range[1]);
  };
  if (!ordered(ratio))
    return p.bad("random_aspect_ratio", "must be a range (low, high) with 0 < low <= high");
  if (!ordered(area))
    return p.bad("random_area", "must be a range (low, high) with 0 < low <= high");
  const int64_t attempts = p.get<int64_t>("num_attempts");
  if (attempts < 1 || attempts > 1 << 20)
    return p.bad("num_attempts", "= {} is not in [1, 1048576]", attempts);
  return CropWindowRanges{ratio[0], ratio[1], area[0], area[1], static_cast<int>(attempts)};
}

CropWindow draw_crop_window(const CropWindowRanges& ranges, int64_t height, int64_t width,
                            DrawStream draws) {
  const Extent e = draw_extent(ranges, height, width, draws);
  const auto place = [&](int64_t room) {
    return int64_t{uniform_below(draws.next_u32(), static_cast<uint64_t>(room) + 1)};
  };
  CropWindow window{0, 0, e.height, e.width};
  window.y = place(height - e.height);
  window.x = place(width - e.width);
  return window;
}

}  // namespace vg
