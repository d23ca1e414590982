// The windows of `gaussian_blur`.
#include "ops/gaussian_blur.h"

#include <cmath>

#include "core/math.h"

namespace vg {
namespace {

constexpr double kMaxWindow = 4095;  // sigma up to 682: far beyond any use

std::span<const float> window(Plan& p, int size, double sigma) {
  const std::span<double> exact = p.arena().array<double>(static_cast<size_t>(size));
  const std::span<float> taps = p.arena().array<float>(static_cast<size_t>(size));
  double sum = 0;
  for (int i = 0; i < size; i++) {
    const double x = (i - size / 2) / sigma;
    sum += exact[static_cast<size_t>(i)] = math::exp(-0.5 * x * x);
  }
  for (size_t i = 0; i < taps.size(); i++) taps[i] = static_cast<float>(exact[i] / sum);
  return taps;
}

}  // namespace

Outcome<StencilParams> GaussianBlur::plan(Plan& p) {
  StencilParams s;
  VG_ASSIGN(s.field, stencil_field(p));
  VG_TRY(stencil_output(p));
  const std::span<const double> sizes = p.numbers("window_size", s.field.axes);
  const std::span<const double> sigmas = p.numbers("sigma", s.field.axes);
  VG_TRY(p.status());
  s.terms = 1;
  s.term[0] = stencil_identity(p);
  for (size_t i = 0; i < sizes.size(); i++) {
    double size = sizes[i];
    auto sigma = static_cast<float>(sigmas[i]);
    if (!(sigma >= 0) || std::isinf(sigma))
      return p.bad("sigma", "= {} is not a number from 0 on", sigma);
    if (size == 0 && sigma == 0)
      return p.bad("sigma", "and window_size are both 0; at least one must be given");
    if (size == 0) size = 2 * std::ceil(3 * sigma) + 1;
    if (!(size >= 1 && size <= kMaxWindow && std::fmod(size, 2) == 1))
      return p.bad("window_size", "= {} is not an odd number in [1, {}]", size, kMaxWindow);
    const int taps = static_cast<int>(size);
    if (sigma == 0) sigma = static_cast<float>(taps / 2 - 1) * 0.3f + 0.8f;
    s.term[0].windows[3 - sizes.size() + i] = window(p, taps, sigma);
  }
  return s;
}

}  // namespace vg
