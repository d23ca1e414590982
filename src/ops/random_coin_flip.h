// random.coin_flip: ones and zeros.
#pragma once

#include "ops/random.h"

namespace vg::random {

struct CoinFlip {
  Draw draw;
  double probability;

  static Schema schema() {
    return random_schema("random.coin_flip", "1 with the given probability, else 0.", DType::Int32)
        .tensor_arg("probability", ArgType::Float, 0.5, "of a 1; from 1 on always, up to 0 never")
        .alias("coin_flip");
  }

  static void infer(const Node& n, std::vector<StaticType>& types) { infer_drawn(n, types); }

  static Outcome<CoinFlip> plan(Plan& p) {
    VG_TRY(describe_output(p, 0, p.get<DType>("dtype")));
    return CoinFlip{draw_of(p), p.get<double>("probability")};
  }

  static Status run(const Work& work) {
    const CoinFlip& op = work.param<CoinFlip>();
    return fill(work, op.draw,
                [&](ElementDraws& draws) { return draws() < op.probability ? 1.0 : 0.0; });
  }
};

}  // namespace vg::random
