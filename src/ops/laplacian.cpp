// The windows of `laplacian`.
#include "ops/laplacian.h"

#include <cmath>

namespace vg {
namespace {

constexpr int kMaxWindow = 31;

/// (1) or (1, -2, 1), convolved with (1, 1) until it has `size` taps. Exact in float.
std::span<const float> window(Plan& p, int size, bool derivative) {
  const std::span<float> taps = p.arena().array<float>(static_cast<size_t>(size));
  taps[0] = 1;
  if (derivative) taps[1] = -2, taps[2] = 1;
  for (int n = derivative ? 3 : 1; n < size; n++)
    for (int i = n; i > 0; i--) taps[static_cast<size_t>(i)] += taps[static_cast<size_t>(i - 1)];
  return taps;
}

Status check_sizes(Plan& p, ArgName name, std::span<const double> sizes, int least) {
  for (double size : sizes)
    if (!(size >= least && size <= kMaxWindow && std::fmod(size, 2) == 1))
      return p.bad(name, "= {} is not an odd number in [{}, {}]", size, least, kMaxWindow);
  return {};
}

}  // namespace

Outcome<StencilParams> Laplacian::plan(Plan& p) {
  StencilParams s;
  VG_ASSIGN(s.field, stencil_field(p));
  VG_TRY(stencil_output(p));
  const int axes = s.field.axes;
  const bool own = !p.has("smoothing_size"), normalized = p.get<bool>("normalized_kernel");
  const std::span<const double> sizes = p.numbers("window_size", axes);
  const std::span<const double> smoothing = own ? sizes : p.numbers("smoothing_size", axes);
  const std::span<const double> scales = p.numbers("scale", axes);
  VG_TRY(p.status());
  VG_TRY(check_sizes(p, "window_size", sizes, 3));
  VG_TRY(check_sizes(p, "smoothing_size", smoothing, 1));
  if (normalized && p.has("scale"))
    return p.bad("scale", "cannot be given together with normalized_kernel");
  s.terms = axes;
  for (int i = 0; i < axes; i++) {
    StencilTerm& term = s.term[static_cast<size_t>(i)];
    term = stencil_identity(p);
    int exponent = axes + 2;
    for (int j = 0; j < axes; j++) {
      const int size = static_cast<int>(i == j || own ? sizes[static_cast<size_t>(i)]
                                                      : smoothing[static_cast<size_t>(j)]);
      term.windows[static_cast<size_t>(3 - axes + j)] = window(p, size, i == j);
      exponent -= size;
    }
    term.scale = normalized ? std::ldexp(1.0f, exponent)
                            : static_cast<float>(scales[static_cast<size_t>(i)]);
  }
  return s;
}

}  // namespace vg
