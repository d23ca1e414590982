// What the host reads of a JPEG file before the device decodes it: the markers up to the scan.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/outcome.h"
#include "io/codecs/bytes.h"

namespace vg::cuda::jpeg {

/// The frame, the tables and the place of the one scan of a file that the device can decode. Tables
/// stay where the file has them, which must live as long: a header is made for every file, and most
/// files have the tables of the file before.
struct Header {
  struct Component {
    uint8_t h = 1, v = 1;  ///< sampling factors; 1 if there is one component
    /// Huffman tables as DHT segments store them: how many codes there are of each length from 1 to
    /// 16, then what they stand for, in the order of the codes. At most 256 codes.
    Bytes dc, ac;
    Bytes quant;  ///< in the order of the scan: 64 numbers of a byte, or of two, the high one first
  };
  int32_t width = 0, height = 0;  ///< of the stored image, 1 to 65,500
  int components = 0;             ///< 1 or 3
  bool stored_as_rgb = false;     ///< three components that are red, green and blue
  uint32_t restart_interval = 0;  ///< in MCUs; 0: no restart markers
  size_t scan_begin = 0;  ///< where the entropy-coded data begin; they end somewhere in the file
  std::array<Component, 3> component;
};

/// The position in natural order of the k-th coefficient of a block.
extern const std::array<uint8_t, 64> kNaturalOrder;

/// Reads the header of a whole file. Fails, with a reason, for everything that libjpeg-turbo would
/// not decode without a warning and for what only the host decodes: progressive, arithmetic and
/// lossless files, 12 bits, four components, several scans, fractional sampling ratios.
Outcome<Header> read_header(Bytes file);

}  // namespace vg::cuda::jpeg
