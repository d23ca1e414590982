// The measured family: a statistic of every channel of every frame, then a table made from it.
//
// An operator is a trivially copyable struct of parameters with
//   static constexpr Statistic statistic;         // what the driver is to count
//   static Schema schema();
//   static Outcome<Op> plan(Plan& p);             // usually: return measured_plan(p, Op{...})
//   T operator()(const Statistics& s, int channel, int value) const;   // float or double
// Statistics are exact integers. The driver builds a table of 256 entries per channel and frame,
// rounded (ties away from zero, then clamp), and maps the frame through it.
#pragma once

#include "core/lane.h"
#include "graph/op_def.h"

namespace vg {

enum class Statistic {
  Extrema,     ///< low, high
  Sum,         ///< sum
  Cumulative,  ///< cumulative, low, high
};

/// Of one channel of one frame. Only what the operator's statistic says is filled in.
struct ChannelStatistics {
  int low, high;  ///< smallest and largest value present
  uint64_t sum;
  uint64_t cumulative[256];  ///< how many values are at most v
};

struct Statistics {
  const ChannelStatistics* channel;
  int channels;
  int64_t pixels;  ///< values in a channel of a frame
  VG_FN double mean(int c) const {
    return static_cast<double>(channel[c].sum) / static_cast<double>(pixels);
  }
};

/// Frames and channels of a uint8 tensor, whichever comes first in memory.
struct Planes {
  int64_t frames = 1, pixels = 1;
  int channels = 1;
  bool interleaved = true;  ///< channels are last: HWC, FHWC, HW
};

/// Layouts HW, HWC, CHW, and the same behind F (or D); no layout: HW or HWC by rank.
inline Outcome<Planes> planes_of(const TensorDesc& desc) {
  const std::string_view layout = !desc.layout.empty()     ? desc.layout.text()
                                  : desc.shape.ndim() == 2 ? "HW"
                                                           : "HWC";
  if (static_cast<int>(layout.size()) != desc.shape.ndim())
    return fail("needs an image or a sequence; got shape {} and layout \"{}\"", desc.shape.text(),
                desc.layout.text());
  Planes planes;
  for (int i = 0; i < desc.shape.ndim(); i++) {
    const int64_t extent = desc.shape[i];
    if (layout[i] == 'F' || layout[i] == 'D') {
      planes.frames *= extent;
    } else if (layout[i] == 'C') {
      planes.channels = static_cast<int>(extent);
      planes.interleaved = i == desc.shape.ndim() - 1;
    } else {
      planes.pixels *= extent;
    }
  }
  return planes;
}

/// For operators that find their axes by name, as automatic augmentation does.
inline Status needs_named_axes(const Plan& p) {
  for (char axis : {'H', 'W'})
    if (p.in().layout.find(axis) < 0)
      return p.problem(ErrorKind::Runtime, "",
                       fmt::format("Axis '{}' is not present in the input layout \"{}\"", axis,
                                   p.in().layout.text()));
  return {};
}

template <class Op>
Outcome<Op> measured_plan(Plan& p, const Op& op) {
  VG_TRY(p.status());
  if (p.in().dtype != DType::Uint8)
    return p.bad("", "supports uint8 only; the input is {}", name_of(p.in().dtype));
  const auto planes = planes_of(p.in());
  if (!planes.ok()) return p.problem(ErrorKind::Runtime, "", planes.failure().message);
  p.out() = p.in();
  return op;
}

}  // namespace vg
