// A stage: what moves pixels (a warp, a small stencil, or nothing), what looks at values (a
// measured operator, points), and the store, in one pass over a uint8 image of one or three
// channels. Here: its numbers and its tables.
#pragma once

#include "core/border.h"
#include "core/warp_point.h"
#include "cuda/tasks/quad.h"
#include "cuda/tasks/statistics.h"
#include "ops/lists/measured.h"
#include "ops/lists/point.h"

namespace vg::cuda {

struct StagePoint {
  static constexpr int kMaxBytes = 64;
  int opcode;
  alignas(8) std::byte params[kMaxBytes];
};

enum class Head : uint8_t { None, Warp, Stencil };
enum class Store : uint8_t { Bytes, Half, Float };

struct ImageStage {
  static constexpr int kMaxPoints = 3;

  int in_width, in_height, width, height;
  int channels;
  Head head;
  Store store;
  bool planar, mirror;  ///< store: channels are planes; rows are reversed
  bool nearest, clamp;
  bool along_rows;  ///< warp: a step to the right is one pixel to the right, with whole weights
  bool brings;      ///< in a chain: the input is brought into the memory of the block first
  bool tables;      ///< all points look at one value alone: a table serves
  uint8_t fill;     ///< of a warp, or a stencil's constant border
  int points;
  int measured;  ///< opcode of a measured operator before the points; -1: none
  alignas(8) std::byte measured_params[16];
  WarpSteps steps;
  Border border;
  uint32_t kernel_pair[3], kernel_last[3];  ///< of 3 x 3 whole weights, row by row
  float mean[3], factor[3], shift[3];
  StagePoint point[kMaxPoints];

  VG_FN int pixels_in() const { return in_width * in_height; }
  VG_FN int pixels() const { return width * height; }
  VG_FN int64_t bytes_in() const { return int64_t{pixels_in()} * channels; }
  VG_FN int64_t bytes() const { return int64_t{pixels()} * channels; }
};

/// What the threads of a block share while they work on a stage.
struct StageTables {
  ChannelStatistics statistics[3];
  uint8_t table[3][256];
};

/// A value after the measured operator and all points.
VG_FN uint32_t through_points(const ImageStage& g, const StageTables& s, int v, int c) {
  uint32_t value = static_cast<uint32_t>(v);
  if (g.measured >= 0)
    with_op(MeasuredOps{}, g.measured, [&]<class Op>() {
      const Op op = *reinterpret_cast<const Op*>(g.measured_params);
      value =
          round_to<uint8_t>(op(Statistics{s.statistics, g.channels, int64_t{g.pixels_in()}}, c, v));
    });
  for (int k = 0; k < g.points; k++)
    with_op(PointOps{}, g.point[k].opcode, [&]<class Op>() {
      if constexpr (sizeof(Op) <= StagePoint::kMaxBytes && !PixelOp<Op>) {
        const Op& op = *reinterpret_cast<const Op*>(g.point[k].params);
        if constexpr (ChannelOp<Op>)
          value = round_to<uint8_t>(op(static_cast<float>(value), c));
        else
          value = round_to<uint8_t>(op(static_cast<float>(value)));
      }
    });
  return value;
}

VG_FN void make_stage_tables(const ImageStage& g, StageTables& s, Threads t) {
  if (!g.tables) return;
  for (int i = t.index; i < 256 * g.channels; i += t.count)
    s.table[i / 256][i % 256] = static_cast<uint8_t>(through_points(g, s, i % 256, i / 256));
}

/// Four pixels after all points, where one of them looks at whole pixels.
VG_FN void pixels_through_points(const ImageStage& g, Pixel* p) {
  for (int k = 0; k < g.points; k++)
    with_op(PointOps{}, g.point[k].opcode, [&]<class Op>() {
      if constexpr (sizeof(Op) <= StagePoint::kMaxBytes) {
        const Op& op = *reinterpret_cast<const Op*>(g.point[k].params);
        for (int i = 0; i < 4; i++) {
          const float v[3] = {byte_as_float(p[i], 0), byte_as_float(p[i], 1),
                              byte_as_float(p[i], 2)};
          Rgb<float> out;
          if constexpr (PixelOp<Op>)
            out = op(Rgb<float>{v[0], v[1], v[2]});
          else if constexpr (ChannelOp<Op>)
            out = {op(v[0], 0), op(v[1], 1), op(v[2], 2)};
          else
            out = {op(v[0]), op(v[1]), op(v[2])};
          p[i] = float_as_byte(out.r) | float_as_byte(out.g) << 8 | float_as_byte(out.b) << 16;
        }
      }
    });
}

/// Pixels `first` to `first + n` of an output in the order of rows; (x, y) is where the first lies.
struct QuadPlace {
  int first, x, y, n;
};

VG_FN QuadPlace quad_place(const ImageStage& g, int first) {
  const int y = static_cast<int>(static_cast<uint32_t>(first) / static_cast<uint32_t>(g.width));
  const int left = g.pixels() - first;
  return {first, first - y * g.width, y, left < 4 ? left : 4};
}

}  // namespace vg::cuda
