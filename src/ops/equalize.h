// Histogram equalisation.
#pragma once

#include "ops/measured.h"

namespace vg {

struct Equalize {
  static constexpr Statistic statistic = Statistic::Cumulative;

  static Schema schema() {
    return Schema(
               "equalize",
               "Equalises the histogram of every channel of every frame: "
               "out = round((cdf(in) - cdf_min) * 255 / (pixels - cdf_min)), where cdf counts the "
               "values up to one and cdf_min those of the smallest value present. A channel of "
               "one value stays as it is.")
        .input("data", "uint8 image or sequence", "HW HWC CHW FHW FHWC FCHW")
        .alias("experimental.equalize");
  }

  static Outcome<Equalize> plan(Plan& p) { return measured_plan(p, Equalize{}); }

  VG_FN double operator()(const Statistics& s, int channel, int value) const {
    const ChannelStatistics& c = s.channel[channel];
    const uint64_t first = c.cumulative[c.low], rest = c.cumulative[255] - first;
    if (rest == 0 || value < c.low) return value;
    return static_cast<double>((c.cumulative[value] - first) * 255) / static_cast<double>(rest);
  }
};

}  // namespace vg
