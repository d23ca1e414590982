// random.uniform: evenly distributed numbers of a range, or of a list.
#pragma once

#include "ops/random.h"

namespace vg::random {

/// The largest number below `x` that the type holds; whole types round, so `x` itself.
double below(DType dtype, double x);

struct Uniform {
  Draw draw;
  double low, high, largest;
  std::span<const double> values;

  static Schema schema() {
    return random_schema(
               "random.uniform",
               "Numbers of the half-open range, or of the list `values`, each equally "
               "likely. Integers of a range are rounded, so its ends get half the weight.",
               DType::Float)
        .tensor_arg("range", ArgType::Floats, std::vector<double>{-1.0, 1.0}, "[low, high)")
        .tensor_arg("values", ArgType::Floats, "numbers to choose from; goes before `range`")
        .alias("uniform");
  }

  static void infer(const Node& n, std::vector<StaticType>& types) { infer_drawn(n, types); }

  static Outcome<Uniform> plan(Plan& p) {
    const DType dtype = p.get<DType>("dtype");
    VG_TRY(describe_output(p, 0, dtype));
    if (p.has("values")) {
      const std::span<const double> values = p.numbers("values");
      if (values.empty()) return p.bad("values", "is empty");
      return Uniform{draw_of(p), 0, 0, 0, values};
    }
    const std::span<const double> range = p.numbers("range", 2);
    VG_TRY(p.status());
    if (!(range[0] <= range[1]) || !std::isfinite(range[1] - range[0]))
      return p.bad("range", "= [{}, {}] is not a range [low, high) with low <= high", range[0],
                   range[1]);
    const double largest = range[0] < range[1] ? below(dtype, range[1]) : range[1];
    return Uniform{draw_of(p), range[0], range[1], largest, {}};
  }

  static Status run(const Work& work) {
    const Uniform& u = work.param<Uniform>();
    return fill(work, u.draw, [&](ElementDraws& draws) {
      const double x = draws();
      if (u.values.empty()) return std::min(u.low + (u.high - u.low) * x, u.largest);
      return u.values[static_cast<size_t>(x * static_cast<double>(u.values.size()))];
    });
  }
};

}  // namespace vg::random
