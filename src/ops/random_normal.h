// random.normal: the normal distribution.
#pragma once

#include "ops/random.h"

namespace vg::random {

struct Normal {
  Draw draw;
  double mean, stddev;

  static Schema schema() {
    return random_schema("random.normal", "Normally distributed numbers.", DType::Float)
        .tensor_arg("mean", ArgType::Float, 0.0, "mean")
        .tensor_arg("stddev", ArgType::Float, 1.0, "standard deviation, not negative")
        .alias("normal_distribution");
  }

  static void infer(const Node& n, std::vector<StaticType>& types) { infer_drawn(n, types); }

  static Outcome<Normal> plan(Plan& p) {
    VG_TRY(describe_output(p, 0, p.get<DType>("dtype")));
    const Normal op{draw_of(p), p.get<double>("mean"), p.get<double>("stddev")};
    if (!(op.stddev >= 0)) return p.bad("stddev", "= {} is negative", op.stddev);
    return op;
  }

  static Status run(const Work& work) {
    const Normal& op = work.param<Normal>();
    return fill(work, op.draw,
                [&](ElementDraws& draws) { return op.mean + op.stddev * draws.normal(); });
  }
};

}  // namespace vg::random
