// random.coin_flip: ones and zeros.
#pragma once

#include "graph/elements.h"
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
    const CoinFlip op{draw_of(p), p.get<double>("probability")};
    if (p.out().shape.ndim() == 0) {
      ElementDraws draws(op.draw.key, op.draw.sample, 0);
      p.provide(0, whole_number(p.out().dtype, op.flip(draws)));
    }
    return op;
  }

  bool flip(ElementDraws& draws) const { return draws() < probability; }

  static Status run(const Work& work) {
    const CoinFlip& op = work.param<CoinFlip>();
    return fill(work, op.draw, [&](ElementDraws& draws) { return op.flip(draws) ? 1.0 : 0.0; });
  }
};

}  // namespace vg::random
