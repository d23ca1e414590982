// random.beta: the beta distribution.
#pragma once

#include "ops/random.h"

namespace vg::random {

/// The logarithm of a gamma-distributed number.
double log_gamma_draw(ElementDraws& draws, double shape);
double beta_draw(ElementDraws& draws, double alpha, double beta);

struct Beta {
  Draw draw;
  double alpha, beta;

  static Schema schema() {
    return random_schema(
               "random.beta",
               "Numbers of (0, 1) with density proportional to x^(alpha-1) (1-x)^(beta-1).",
               DType::Float)
        .tensor_arg("alpha", ArgType::Float, 1.0, "positive")
        .tensor_arg("beta", ArgType::Float, 1.0, "positive");
  }

  static void infer(const Node& n, std::vector<StaticType>& types) { infer_drawn(n, types); }

  static Outcome<Beta> plan(Plan& p) {
    const DType dtype = p.get<DType>("dtype");
    if (!is_float(dtype)) return p.bad("dtype", "= {} is not a float type", name_of(dtype));
    VG_TRY(describe_output(p, 0, dtype));
    const Beta op{draw_of(p), p.get<double>("alpha"), p.get<double>("beta")};
    if (!(op.alpha > 0)) return p.bad("alpha", "= {} is not positive", op.alpha);
    if (!(op.beta > 0)) return p.bad("beta", "= {} is not positive", op.beta);
    return op;
  }

  static Status run(const Work& work) {
    const Beta& op = work.param<Beta>();
    return fill(work, op.draw,
                [&](ElementDraws& draws) { return beta_draw(draws, op.alpha, op.beta); });
  }
};

}  // namespace vg::random
