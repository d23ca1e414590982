// Image decoders: encoded bytes to pixels. The header is read while the sample is planned, so that
// sizes are known before any pixel; the pixels are decoded when the program runs.
#pragma once

#include "graph/op_def.h"
#include "io/codecs/codec.h"

namespace vg {

/// Who decodes JPEG files with device="mixed"; Auto: the device, or the host what that cannot.
enum class DecodeRoute : uint8_t { Auto, Host, Nvjpeg };

struct Decoder {
  ImageInfo info;
  DecodeOptions options;
  DecodeRoute route = DecodeRoute::Auto;
  /// What the device has read of the file when it was asked whether it decodes it; lives as long as
  /// the sample.
  mutable const void* on_device = nullptr;
};

/// Reads the header of input 0, which must be 1-d uint8.
Outcome<ImageInfo> read_header(Plan& p);
/// ... and the arguments that all decoders share.
Outcome<Decoder> plan_decoder(Plan& p);
/// Describes the output of `decoder`, which decodes `region` only, if given.
Outcome<Decoder> finish_decoder(Plan& p, Decoder decoder, std::optional<Region> region = {});
Status run_decoder(const Work& work);
/// The parameters of a decoder (family Decode) of whose result only `needed` will be read.
const void* narrow_decoder(const void* params, const Region& needed, Arena& arena);
/// HWC, of the type that `dtype` names.
void infer_decoded(const Node& node, std::vector<StaticType>& types);

struct DecodeImage {
  static Schema schema();
  static Outcome<Decoder> plan(Plan& p);
  static void infer(const Node& n, std::vector<StaticType>& types) { infer_decoded(n, types); }
  static Status run(const Work& work) { return run_decoder(work); }
};

struct DecodeCrop {
  static Schema schema();
  static Status check(const Node& node);
  static Outcome<Decoder> plan(Plan& p);
  static void infer(const Node& n, std::vector<StaticType>& types) { infer_decoded(n, types); }
  static Status run(const Work& work) { return run_decoder(work); }
};

struct DecodeSlice {
  static Schema schema();
  static Status check(const Node& node);
  static Outcome<Decoder> plan(Plan& p);
  static void infer(const Node& n, std::vector<StaticType>& types) { infer_decoded(n, types); }
  static Status run(const Work& work) { return run_decoder(work); }
};

struct DecodeRandomCrop {
  static Schema schema();
  static Outcome<Decoder> plan(Plan& p);
  static void infer(const Node& n, std::vector<StaticType>& types) { infer_decoded(n, types); }
  static Status run(const Work& work) { return run_decoder(work); }
};

}  // namespace vg
