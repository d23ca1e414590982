// Which files the device decodes, and what is asked of its decoder.
#include "cuda/decode.h"

#include "cuda/encoder.h"
#include "io/codecs/placement.h"
#include "ops/decoders.h"

namespace vg::cuda {
namespace {

/// What is known of a file from the time when the device was asked whether it decodes it.
struct AcceptedFile {
  jpeg::Header header;
  std::span<const std::byte> bytes;  ///< on the host
};

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

/// nvJPEG gives pixels as they are stored, and takes three components for YCbCr. It would decode
/// more than our own header accepts, but not in batches.
bool suits_nvjpeg(const Decoder& d, const jpeg::Header& header, const TensorDesc& out) {
  const Placement at = place(d.info, d.options);
  return !header.stored_as_rgb && at.col_step == 1 && at.row_step == out.shape[1];
}

}  // namespace

bool runs_decode(const Work& work) {
  const Decoder& d = work.param<Decoder>();
  const DecodeOptions& o = d.options;
  const TensorRef& in = work.in[0];
  if (!in.data || d.route == DecodeRoute::Host || d.info.format != "JPEG" ||
      o.dtype != DType::Uint8 || o.color == ColorType::YCbCr || o.fast_idct)
    return false;
  const std::span<const std::byte> bytes{in.data, static_cast<size_t>(in.desc.bytes())};
  auto header = jpeg::read_header(bytes);
  if (!header.ok()) return false;
  if (d.route == DecodeRoute::Nvjpeg && !suits_nvjpeg(d, *header, work.out[0].desc)) return false;
  d.on_device = work.scratch.make<AcceptedFile>(std::move(*header), bytes);
  return true;
}

void Decodes::add(size_t program, const DeviceStep& step, const std::byte* device, std::byte* out) {
  const Decoder& d = *static_cast<const Decoder*>(step.params);
  const TensorRef& in = step.in[0];
  const auto& [header, bytes] = *static_cast<const AcceptedFile*>(d.on_device);
  const Placement at = place(d.info, d.options);
  const int64_t channels = step.out[0].desc.shape[2];
  const jpeg::Window window{static_cast<int32_t>(at.stored.x), static_cast<int32_t>(at.stored.y),
                            static_cast<int32_t>(at.stored.width),
                            static_cast<int32_t>(at.stored.height)};
  const jpeg::Colors colors = colors_of(d.options, header);
  if (d.route == DecodeRoute::Nvjpeg) {
    nvjpeg_.push_back(
        {program, &step, {bytes, colors, header.width, header.height, out}, window, channels});
    return;
  }
  jpeg::Request r{};
  r.header = &header;
  r.scan = device + header.scan_begin;
  r.scan_bytes = in.desc.bytes() - static_cast<int64_t>(header.scan_begin);
  r.region = window;
  r.origin = out + at.origin * channels;
  r.row_step = at.row_step * channels;
  r.pixel_step = at.col_step * channels;
  r.colors = colors;
  requests_.push_back(r);
  images_.push_back({program, &step, out});
}

}  // namespace vg::cuda
