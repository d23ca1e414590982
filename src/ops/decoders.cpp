// Planning of the image decoders.
#include "ops/decoders.h"

#include "ops/crop_args.h"
#include "ops/crop_window.h"
#include "ops/slice_args.h"

namespace vg {
namespace {

std::span<const std::byte> bytes_of(const TensorRef& t) {
  return {t.data, static_cast<size_t>(t.desc.bytes())};
}

Schema decoder(std::string name, const std::string& alias, const std::string& doc) {
  return Schema("decoders." + name,
                doc +
                    " Gives HWC. Formats: JPEG, PNG, BMP, TIFF, PNM, WebP. JPEG gives "
                    "the bytes of libjpeg-turbo's accurate transform and smooth upsampling.")
      .input("data", "bytes of an encoded image, 1-d uint8")
      .needs_data(0)
      .mixed()
      .alias(alias)
      .alias("experimental.decoders." + name);
}

Schema decoder_args() {
  constexpr int64_t kMiB = 1 << 20;
  return Schema()
      .arg("output_type", ArgType::ImageType, static_cast<int64_t>(ImageType::Rgb),
           "RGB, BGR, YCbCr (BT.601 limited range): 3 channels; GRAY: 1; ANY_DATA: as stored")
      .arg("dtype", ArgType::DType, static_cast<int64_t>(DType::Uint8),
           "element type; values are scaled to its range: floats to [0, 1]")
      .arg("adjust_orientation", ArgType::Bool, true, "turns the image as its EXIF data say")
      .arg("route", ArgType::String, "auto",
           "device=\"mixed\": \"auto\" and \"gpu\": baseline JPEG of 8 bits on the GPU, all else, "
           "and what the GPU finds damaged, on the host; \"host\": all on the host. The bytes are "
           "the same. \"nvjpeg\": NVIDIA's library in place of our decoder, other bytes")
      .arg("use_fast_idct", ArgType::Bool, false, "JPEG: quicker, up to 4 levels off")
      .arg("jpeg_fancy_upsampling", ArgType::Bool, false, "no effect: chroma is always smoothed")
      .arg("hybrid_huffman_threshold", ArgType::Int, int64_t{1000000}, "no effect")
      .arg("hw_decoder_load", ArgType::Float, 0.90, "no effect")
      .arg("device_memory_padding", ArgType::Int, 16 * kMiB, "no effect")
      .arg("host_memory_padding", ArgType::Int, 8 * kMiB, "no effect")
      .arg("device_memory_padding_jpeg2k", ArgType::Int, int64_t{0}, "no effect")
      .arg("host_memory_padding_jpeg2k", ArgType::Int, int64_t{0}, "no effect")
      .arg("preallocate_width_hint", ArgType::Int, int64_t{0}, "no effect")
      .arg("preallocate_height_hint", ArgType::Int, int64_t{0}, "no effect")
      .arg("affine", ArgType::Bool, true, "no effect")
      .arg("split_stages", ArgType::Bool, "deprecated, no effect")
      .arg("use_chunk_allocator", ArgType::Bool, "deprecated, no effect")
      .arg("memory_stats", ArgType::Bool, "deprecated, no effect");
}

/// Extents of the image as it is shown.
std::pair<int64_t, int64_t> shown(const Decoder& d) {
  if (!d.options.adjust_orientation) return {d.info.height, d.info.width};
  return {d.info.oriented_height(), d.info.oriented_width()};
}

Outcome<Decoder> finish_window(Plan& p, const Decoder& d, Window y, Window x) {
  const auto [height, width] = shown(d);
  if (y.start < 0 || x.start < 0 || y.start + y.extent > height || x.start + x.extent > width)
    return p.bad("",
                 "the window of {} x {} pixels at ({}, {}) is out of bounds of an image of {} x {}",
                 y.extent, x.extent, y.start, x.start, height, width);
  return finish_decoder(p, d, Region{y.start, x.start, y.extent, x.extent});
}

}  // namespace

Outcome<ImageInfo> read_header(Plan& p) {
  const TensorDesc& in = p.in();
  if (in.dtype != DType::Uint8 || in.shape.ndim() != 1)
    return p.bad("", "needs the bytes of an encoded image, 1-d uint8; got {} of shape {}",
                 name_of(in.dtype), in.shape.text());
  return probe(bytes_of(p.input(0)));
}

Outcome<Decoder> plan_decoder(Plan& p) {
  Decoder d;
  VG_ASSIGN(d.info, read_header(p));
  d.options.color = static_cast<ColorType>(p.get<ImageType>("output_type"));
  d.options.dtype = p.get<DType>("dtype");
  d.options.adjust_orientation = p.get<bool>("adjust_orientation");
  d.options.fast_idct = p.get<bool>("use_fast_idct");
  d.options.max_pixels = p.sample().max_pixels;
  const auto route = p.get<std::string_view>("route");
  if (route == "host")
    d.route = DecodeRoute::Host;
  else if (route == "nvjpeg")
    d.route = DecodeRoute::Nvjpeg;
  else if (route != "auto" && route != "gpu")
    return p.bad("route", "= \"{}\" is not one of \"auto\", \"gpu\", \"host\", \"nvjpeg\"", route);
  return d;
}

Outcome<Decoder> finish_decoder(Plan& p, Decoder d, std::optional<Region> region) {
  d.options.region = region;
  VG_ASSIGN(p.out(), decoded_desc(d.info, d.options));
  return d;
}

Status run_decoder(const Work& work) {
  const Decoder& d = work.param<Decoder>();
  return decode(bytes_of(work.in[0]), d.info, d.options, work.out[0].data);
}

const void* narrow_decoder(const void* params, const Region& needed, Arena& arena) {
  auto* narrow = arena.make<Decoder>(*static_cast<const Decoder*>(params));
  narrow->options.needed = needed;
  return narrow;
}

Schema DecodeImage::schema() {
  return decoder("image", "image_decoder", "Decodes an image.")
      .include(decoder_args())
      .arg("cache_size", ArgType::Int, int64_t{0}, "no effect")
      .arg("cache_threshold", ArgType::Int, int64_t{0}, "no effect")
      .arg("cache_type", ArgType::String, "", "no effect")
      .arg("cache_debug", ArgType::Bool, false, "no effect")
      .arg("cache_batch_copy", ArgType::Bool, true, "no effect");
}

Outcome<Decoder> DecodeImage::plan(Plan& p) {
  VG_ASSIGN(const Decoder d, plan_decoder(p));
  return finish_decoder(p, d);
}

Schema DecodeCrop::schema() {
  return decoder("image_crop", "image_decoder_crop",
                 "Decodes a window of an image, as decode then crop.")
      .include(decoder_args())
      .include(crop_args());
}

Status DecodeCrop::check(const Node& node) { return check_crop(node); }

Outcome<Decoder> DecodeCrop::plan(Plan& p) {
  VG_ASSIGN(const Decoder d, plan_decoder(p));
  const auto [height, width] = shown(d);
  VG_ASSIGN(const auto windows, crop_windows(p, {1, height, width}));
  return finish_window(p, d, windows[1], windows[2]);
}

Schema DecodeSlice::schema() {
  return decoder("image_slice", "image_decoder_slice",
                 "Decodes a slice of an image, as decode then slice.")
      .optional_input("anchor", "start along each axis; floats are relative (normalized_anchor)")
      .optional_input("shape", "extents; floats are relative (normalized_shape)")
      .include(decoder_args())
      .include(slice_args());
}

Status DecodeSlice::check(const Node& node) { return check_slice(node); }

Outcome<Decoder> DecodeSlice::plan(Plan& p) {
  VG_ASSIGN(const Decoder d, plan_decoder(p));
  VG_ASSIGN(const TensorDesc whole, decoded_desc(d.info, d.options));
  VG_ASSIGN(const std::vector<Window> windows, slice_windows(p, whole, 1));
  if (windows[2].start != 0 || windows[2].extent != whole.shape[2])
    return p.bad("axes", "name the channels, which a decoder gives whole");
  return finish_window(p, d, windows[0], windows[1]);
}

Schema DecodeRandomCrop::schema() {
  return decoder("image_random_crop", "image_decoder_random_crop",
                 "Decodes a window of random area and aspect ratio.")
      .include(decoder_args())
      .include(crop_window_args())
      .random()
      .draw_kind(kCropWindowDraw);
}

Outcome<Decoder> DecodeRandomCrop::plan(Plan& p) {
  VG_ASSIGN(const Decoder d, plan_decoder(p));
  VG_ASSIGN(const CropWindowRanges ranges, crop_window_ranges(p));
  const auto [height, width] = shown(d);
  const CropWindow w = draw_crop_window(ranges, height, width, p.draws());
  return finish_decoder(p, d, Region{w.y, w.x, w.height, w.width});
}

void infer_decoded(const Node& node, std::vector<StaticType>& types) {
  types[0] = {dtype_argument(node), 3, Layout("HWC")};
}

}  // namespace vg
