// Contrast of automatic augmentation: about the mean grey of the frame.
#pragma once

#include "ops/measured.h"

namespace vg {

struct MeanContrast {
  static constexpr Statistic statistic = Statistic::Sum;
  float factor;

  static Schema schema() {
    return Schema(
               "_contrast",
               "Scales the distance from the mean grey of the frame: out = g + factor * (in - g), "
               "g = .299 mean(R) + .587 mean(G) + .114 mean(B), or the mean of the one channel.")
        .input("data", "uint8 image or sequence, 1 or 3 channels, whose layout names H and W")
        .required_tensor("factor", ArgType::Float, "0 gives plain grey, 1 changes nothing")
        .hidden();
  }

  static Outcome<MeanContrast> plan(Plan& p) {
    VG_TRY(needs_named_axes(p));
    const auto planes = planes_of(p.in());
    if (planes.ok() && planes->channels != 1 && planes->channels != 3)
      return p.bad("", "Can't broadcast shapes: {} channels against the 3 weights of grey",
                   planes->channels);
    return measured_plan(p, MeanContrast{p.get<float>("factor")});
  }

  VG_FN float operator()(const Statistics& s, int, int value) const {
    const auto grey = static_cast<float>(
        s.channels == 1 ? s.mean(0) : 0.299 * s.mean(0) + 0.587 * s.mean(1) + 0.114 * s.mean(2));
    return (static_cast<float>(value) - grey) * factor + grey;
  }
};

}  // namespace vg
