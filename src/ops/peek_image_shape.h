// The shape of an encoded image, from its header.
#pragma once

#include "core/cast.h"
#include "ops/decoders.h"

namespace vg {

struct PeekImageShape {
  std::array<int64_t, 3> shape;

  static Schema schema() {
    return Schema("peek_image_shape",
                  "Height, width and channels that a decoder would give, from the header alone.")
        .input("data", "bytes of an encoded image, 1-d uint8")
        .arg("dtype", ArgType::DType, static_cast<int64_t>(DType::Int64),
             "element type of the output")
        .arg("adjust_orientation", ArgType::Bool, true, "of the image as its EXIF data turn it")
        .arg("image_type", ArgType::ImageType, static_cast<int64_t>(ImageType::Rgb),
             "colours that are counted; ANY_DATA: the stored channels")
        .eager()
        .alias("experimental.peek_image_shape");
  }

  static Outcome<PeekImageShape> plan(Plan& p) {
    VG_ASSIGN(const ImageInfo info, read_header(p));
    DecodeOptions options;
    options.max_pixels = std::numeric_limits<int64_t>::max();
    options.color = static_cast<ColorType>(p.get<ImageType>("image_type"));
    options.adjust_orientation = p.get<bool>("adjust_orientation");
    VG_ASSIGN(const TensorDesc desc, decoded_desc(info, options));
    p.out() = TensorDesc{p.get<DType>("dtype"), {3}, {}};
    return PeekImageShape{{desc.shape[0], desc.shape[1], desc.shape[2]}};
  }

  static Status run(const Work& work) {
    const auto* shape =
        reinterpret_cast<const std::byte*>(work.param<PeekImageShape>().shape.data());
    cast_elements(DType::Int64, shape, work.out[0].desc.dtype, work.out[0].data, 3);
    return {};
  }
};

}  // namespace vg
