// Resize, crop and mirror in one pass: only the pixels of the window are made.
#pragma once

#include "ops/crop_args.h"
#include "ops/resample.h"

namespace vg {

struct ResizeCropMirror {
  static Schema schema() {
    return Schema("resize_crop_mirror",
                  "Resizes, cuts a window out of the result and mirrors it. Equal to resize, crop "
                  "and flip one after another.")
        .input("data", "image or sequence; integers up to 32 bits, float16 or float",
               kResampleLayouts)
        .include(resize_args())
        .include(crop_args())
        .include(resample_args())
        .tensor_arg("mirror", ArgType::Int, int64_t{0},
                    "bits: 1 mirrors horizontally, 2 vertically, 4 (depth) is ignored");
  }

  static Status check(const Node& node) { return check_crop(node); }

  static Outcome<ResampleUnits> plan(Plan& p) {
    VG_ASSIGN(const ResizeArgs args, read_resize_args(p));
    VG_ASSIGN(ResampleParams params, resample_params(p, args));
    VG_ASSIGN(const auto windows, crop_windows(p, {1, params.y.out, params.x.out}));
    const int64_t mirror = p.get<int64_t>("mirror");
    if (mirror < 0 || mirror > 7) return p.bad("mirror", "= {} is not in [0, 7]", mirror);
    for (int d = 0; d < 2; d++) {
      ResampleAxis& axis = d == 0 ? params.y : params.x;
      const Window w = windows[static_cast<size_t>(d) + 1];
      if (w.start < 0 || w.extent < 1 || w.start + w.extent > axis.out)
        return p.bad("crop", "= {} from {} on does not fit into the {} pixels after resizing",
                     w.extent, w.start, axis.out);
      axis.begin = w.start;
      axis.count = w.extent;
      if (mirror >> (1 - d) & 1) {
        std::swap(axis.lo, axis.hi);
        axis.begin = axis.out - w.start - w.extent;
      }
    }
    return resample_plan(p, params);
  }
};

}  // namespace vg
