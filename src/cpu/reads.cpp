// The reach of views and of resizes.
#include "cpu/reads.h"

#include <algorithm>
#include <cmath>

#include "ops/resample.h"
#include "ops/view.h"

namespace vg::cpu {
namespace {

struct Range {
  int64_t begin, end;
};

/// Generous: no filter reaches farther than 3 pixels of the coarser grid.
Range read_by(const ResampleAxis& a) {
  const double scale = (a.hi - a.lo) / static_cast<double>(a.out);
  const double first = a.lo + (static_cast<double>(a.begin) + 0.5) * scale;
  const double last = a.lo + (static_cast<double>(a.begin + a.count) - 0.5) * scale;
  const double reach = 3 * std::max(1.0, std::fabs(scale)) + 2;
  const auto in = static_cast<double>(a.in);
  const double low = std::clamp(std::floor(std::min(first, last) - reach), 0.0, in - 1);
  const double high = std::clamp(std::ceil(std::max(first, last) + reach), low + 1, in);
  return {static_cast<int64_t>(low), static_cast<int64_t>(high)};
}

std::optional<Region> read_by(const ResampleUnits& r, const TensorDesc& image) {
  if (r.units != 1 || r.params.y.in != image.shape[0] || r.params.x.in != image.shape[1] ||
      r.params.y.count < 1 || r.params.x.count < 1)
    return std::nullopt;
  const Range y = read_by(r.params.y), x = read_by(r.params.x);
  return Region{y.begin, x.begin, y.end - y.begin, x.end - x.begin};
}

std::optional<Region> read_by(const ViewParams& views, const TensorDesc& image) {
  if (views.views.size() != 1) return std::nullopt;
  const View& v = views.views[0];
  const int64_t height = image.shape[0], width = image.shape[1], channels = image.shape[2];
  if (v.origin != 0 || channels == 1 || width == 1) return std::nullopt;
  Region all{0, 0, height, width};
  for (int d = 0; d < v.ndim; d++) {
    const ViewAxis& a = v.axes[static_cast<size_t>(d)];
    const bool rows = a.stride == width * channels, columns = a.stride == channels;
    if (!rows && !columns) continue;
    if (a.size != (rows ? height : width)) return std::nullopt;
    const int64_t last = a.start + (a.extent - 1) * a.step;
    const int64_t low = std::min(a.start, last), high = std::max(a.start, last);
    if (a.extent < 1 || low < 0 || high >= a.size) continue;
    if (rows)
      all.y = low, all.height = high - low + 1;
    else
      all.x = low, all.width = high - low + 1;
  }
  return all;
}

}  // namespace

std::optional<Region> region_read(const OpDef& op, const void* params, const TensorDesc& image) {
  if (image.shape.ndim() != 3 || image.shape.elements() == 0) return std::nullopt;
  if (op.family == Family::Resample)
    return read_by(*static_cast<const ResampleUnits*>(params), image);
  if (op.family == Family::View) return read_by(*static_cast<const ViewParams*>(params), image);
  return std::nullopt;
}

}  // namespace vg::cpu
