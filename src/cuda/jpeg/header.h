// What the host reads of a JPEG file before the device decodes it: the markers up to the scan.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "core/outcome.h"

namespace vg::cuda::jpeg {

/// A Huffman table as a DHT segment stores it: how many codes there are of each length, and what
/// they stand for, in the order of the codes.
struct HuffmanCodes {
  std::array<uint8_t, 17> counts{};  ///< [1] to [16]
  std::array<uint8_t, 256> symbols{};
  bool operator==(const HuffmanCodes&) const = default;
};

/// The frame, the tables and the place of the one scan of a file that the device can decode.
struct Header {
  struct Component {
    uint8_t h = 1, v = 1;     ///< sampling factors; 1 if there is one component
    uint8_t dc = 0, ac = 0;   ///< positions in `dc_codes` and `ac_codes`
    uint16_t quant[64] = {};  ///< in the natural order
  };
  int32_t width = 0, height = 0;  ///< of the stored image, 1 to 65,500
  int components = 0;             ///< 1 or 3
  bool stored_as_rgb = false;     ///< three components that are red, green and blue
  uint32_t restart_interval = 0;  ///< in MCUs; 0: no restart markers
  size_t scan_begin = 0;  ///< where the entropy-coded data begin; they end somewhere in the file
  std::array<Component, 3> component;
  std::array<HuffmanCodes, 4> dc_codes, ac_codes;
};

/// The position in natural order of the k-th coefficient of a block.
extern const std::array<uint8_t, 64> kNaturalOrder;

/// Reads the header of a whole file. Fails, with a reason, for everything that libjpeg-turbo would
/// not decode without a warning and for what only the host decodes: progressive, arithmetic and
/// lossless files, 12 bits, four components, several scans, fractional sampling ratios.
Outcome<Header> read_header(std::span<const std::byte> file);

}  // namespace vg::cuda::jpeg
