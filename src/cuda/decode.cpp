// Which files the device decodes, and what is asked of its decoder.
#include "cuda/decode.h"

#include "cuda/encoder.h"
#include "io/codecs/placement.h"
#include "ops/decoders.h"

namespace vg::cuda {
namespace {

std::span<const std::byte> file_of(const TensorRef& in, const std::byte* data) {
  return {data, static_cast<size_t>(in.desc.bytes())};
}

jpeg::Colors colors_of(const DecodeOptions& options, const jpeg::Header& header) {
  switch (options.color) {
    case ColorType::Gray:
      return jpeg::Colors::Gray;
    case ColorType::Bgr:
      return jpeg::Colors::Bgr;
    case ColorType::Any:
      return header.components == 1 ? jpeg::Colors::Gray : jpeg::Colors::Rgb;
    default:
      return jpeg::Colors::Rgb;
  }
}

}  // namespace

bool runs_decode(const Work& work) {
  const Decoder& d = work.param<Decoder>();
  const DecodeOptions& o = d.options;
  const TensorRef& in = work.in[0];
  if (!in.data || d.on_host || d.info.format != "JPEG" || o.dtype != DType::Uint8 ||
      o.color == ColorType::YCbCr || o.fast_idct)
    return false;
  auto header = jpeg::read_header(file_of(in, in.data));
  if (!header.ok()) return false;
  d.on_device = work.scratch.make<jpeg::Header>(std::move(*header));
  return true;
}

void Decodes::add(size_t program, const DeviceStep& step, const std::byte* device, std::byte* out) {
  const Decoder& d = *static_cast<const Decoder*>(step.params);
  const TensorRef& in = step.in[0];
  const auto& header = *static_cast<const jpeg::Header*>(d.on_device);
  const Placement at = place(d.info, d.options);
  const int64_t channels = step.out[0].desc.shape[2];
  jpeg::Request r{};
  r.header = &header;
  r.scan = device + header.scan_begin;
  r.scan_bytes = in.desc.bytes() - static_cast<int64_t>(header.scan_begin);
  r.region = {static_cast<int32_t>(at.stored.x), static_cast<int32_t>(at.stored.y),
              static_cast<int32_t>(at.stored.width), static_cast<int32_t>(at.stored.height)};
  r.origin = out + at.origin * channels;
  r.row_step = at.row_step * channels;
  r.pixel_step = at.col_step * channels;
  r.colors = colors_of(d.options, header);
  requests_.push_back(r);
  images_.push_back({program, &step, out});
}

}  // namespace vg::cuda
