// Points on a device: a thread takes a pixel through a run of operators, whatever the types.
#pragma once

#include "core/float_element.h"
#include "cuda/task.h"
#include "ops/lists/point.h"

namespace vg::cuda {

template <class Op>
concept ReadsTable = requires {
  Op::kReadsTable;
};

/// An operator of a run.
struct RunPoint {
  int opcode;
  DType dtype;         ///< what it rounds to
  uint32_t params;     ///< where in the blob
  Table<float> table;  ///< what the parameters only point to
};

/// An element is a pixel. Grey among pixel operators is three equal values: `channels` is 3 then,
/// and those of the input or the output may be 1.
struct PointTask : SimpleTask {
  static constexpr int kMaxSteps = 8, kMaxChannels = 4;
  const std::byte* in;
  std::byte* out;
  int64_t pixels;
  DType in_type, out_type;
  int in_channels, channels, out_channels;
  int count;
  RunPoint steps[kMaxSteps];

  VG_FN int64_t elements() const { return pixels; }

  VG_FN void run(Shared&, const std::byte* blob, int64_t i) const {
    if (channels == 1)
      pixel<1>(blob, i);
    else if (channels == 3)
      pixel<3>(blob, i);
    else
      pixel<kMaxChannels>(blob, i);
  }

 private:
  template <int C>
  VG_FN void pixel(const std::byte* blob, int64_t i) const {
    float v[C] = {};
    with_type(in_type, [&]<class T>(std::type_identity<T>) {
      const auto* from = reinterpret_cast<const Stored<T>*>(in) + i * in_channels;
      for (int c = 0; c < C; c++)
        if (c < in_channels) v[c] = float_from<T>(from[c]);
    });
    if constexpr (C == 3)
      if (in_channels == 1) v[1] = v[2] = v[0];
    for (int k = 0; k < count; k++) step(steps[k], blob, v);
    with_type(out_type, [&]<class T>(std::type_identity<T>) {
      auto* to = reinterpret_cast<Stored<T>*>(out) + i * out_channels;
      for (int c = 0; c < C; c++)
        if (c < out_channels) to[c] = element_from<T>(v[c]);
    });
  }

  template <int C>
  VG_FN static void step(const RunPoint& code, const std::byte* blob, float (&v)[C]) {
    with_op(PointOps{}, code.opcode, [&]<class Op>() {
      Op op = *reinterpret_cast<const Op*>(blob + code.params);
      if constexpr (ReadsTable<Op>) op.table() = {code.table.in(blob), code.table.size};
      if constexpr (PixelOp<Op>) {
        if constexpr (C == 3) {
          const Rgb<float> out = op(Rgb<float>{v[0], v[1], v[2]});
          v[0] = out.r, v[1] = out.g, v[2] = out.b;
        }
      } else {
        for (int c = 0; c < C; c++)
          if constexpr (ChannelOp<Op>)
            v[c] = op(v[c], c);
          else
            v[c] = op(v[c]);
      }
    });
    for (int c = 0; c < C; c++) v[c] = rounded_as(code.dtype, v[c]);
  }
};

}  // namespace vg::cuda
