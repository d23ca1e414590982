// The measured family, slowly: every statistic by looking at every value.
#pragma once

#include "core/round.h"
#include "ops/lists/measured.h"

namespace vg::reference {

template <class Op>
void measured(const Op& op, const TensorRef& in, const TensorRef& out) {
  const Planes planes = planes_of(in.desc).value();
  const auto at = [&](int64_t f, int64_t i, int c) {
    const int64_t place = planes.interleaved ? i * planes.channels + c : c * planes.pixels + i;
    return f * planes.pixels * planes.channels + place;
  };
  for (int64_t f = 0; f < planes.frames; f++) {
    std::vector<ChannelStatistics> statistics(static_cast<size_t>(planes.channels));
    for (int c = 0; c < planes.channels; c++) {
      ChannelStatistics& s = statistics[static_cast<size_t>(c)];
      s.low = 255;
      for (int64_t i = 0; i < planes.pixels; i++) {
        const int x = in.as<uint8_t>()[at(f, i, c)];
        s.low = std::min(s.low, x);
        s.high = std::max(s.high, x);
        s.sum += static_cast<uint64_t>(x);
        for (int v = x; v < 256; v++) s.cumulative[v]++;
      }
    }
    const Statistics all{statistics.data(), planes.channels, planes.pixels};
    for (int c = 0; c < planes.channels; c++)
      for (int64_t i = 0; i < planes.pixels; i++)
        out.as<uint8_t>()[at(f, i, c)] =
            round_to<uint8_t>(op(all, c, in.as<uint8_t>()[at(f, i, c)]));
  }
}

template <class... Op>
Status run_measured(TypeList<Op...>, const OpDef& op, const Work& work) {
  int i = 0;
  ((i++ == op.opcode ? measured(work.param<Op>(), work.in[0], work.out[0]) : void()), ...);
  return {};
}

inline Status run_measured(const OpDef& op, const Work& work) {
  return run_measured(MeasuredOps{}, op, work);
}

}  // namespace vg::reference
