// Random crop generator: the window of random_resized_crop as numbers, to be shared by several
// images.
#pragma once

#include "graph/op_def.h"
#include "ops/crop_window.h"

namespace vg {

struct RandomCropGenerator {
  static Schema schema() {
    return Schema("random_crop_generator",
                  "Draws a window of random area and aspect ratio inside an image. "
                  "Gives its anchor (y, x) and its shape (height, width), int32.")
        .input("shapes", "extents of the image: [H, W] or [H, W, C]")
        .include(crop_window_args())
        .outputs(2)
        .random()
        .draw_kind(kCropWindowDraw)
        .eager()
        .cpu_only();
  }

  static Outcome<CropWindow> plan(Plan& p) {
    const Shape& shape = p.in().shape;
    if (shape.ndim() != 1 || shape[0] < 2 || shape[0] > 3)
      return p.bad("",
                   "needs a shape [H, W] or [H, W, C] as a 1-d tensor; got a tensor of shape {}",
                   shape.text());
    const double height = element(p.input(0), 0), width = element(p.input(0), 1);
    if (!(height >= 1 && width >= 1 && height < 1e9 && width < 1e9))
      return p.bad("", "cannot crop an image of {} x {} pixels", height, width);
    VG_ASSIGN(const CropWindowRanges ranges, crop_window_ranges(p));
    for (int i = 0; i < 2; i++) p.out(i) = TensorDesc{DType::Int32, {2}, {}};
    return draw_crop_window(ranges, static_cast<int64_t>(height), static_cast<int64_t>(width),
                            p.draws());
  }

  static Status run(const Work& work) {
    const CropWindow& w = work.param<CropWindow>();
    work.out[0].as<int32_t>()[0] = static_cast<int32_t>(w.y);
    work.out[0].as<int32_t>()[1] = static_cast<int32_t>(w.x);
    work.out[1].as<int32_t>()[0] = static_cast<int32_t>(w.height);
    work.out[1].as<int32_t>()[1] = static_cast<int32_t>(w.width);
    return {};
  }
};

}  // namespace vg
