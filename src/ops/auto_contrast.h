// Auto-contrast: stretches every channel over the whole range.
#pragma once

#include "ops/measured.h"

namespace vg {

struct AutoContrast {
  static constexpr Statistic statistic = Statistic::Extrema;

  static Schema schema() {
    return Schema("_auto_contrast",
                  "Stretches every channel of every frame over the whole range: "
                  "out = (in - low) * 255 / (high - low). A channel of one value stays as it is.")
        .input("data", "uint8 image or sequence whose layout names H and W")
        .hidden();
  }

  static Outcome<AutoContrast> plan(Plan& p) {
    VG_TRY(needs_named_axes(p));
    return measured_plan(p, AutoContrast{});
  }

  VG_FN float operator()(const Statistics& s, int channel, int value) const {
    const ChannelStatistics& c = s.channel[channel];
    if (c.low == c.high) return static_cast<float>(value);
    return static_cast<float>(value - c.low) * (255.0f / static_cast<float>(c.high - c.low));
  }
};

}  // namespace vg
