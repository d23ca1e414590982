// A batch of JPEG files on its way to the device: which images, which of their pixels, where to.
//
//   auto header = read_header(file);              // or the host decodes, if it fails
//   Batch batch(requests, max_scratch);           // describes the work
//   batch.write(blob), which goes to the device; reserve batch.scratch_bytes() there
//   launch(batch, {blob, scratch, status}, stream);
//   download the status words; images whose word is not 0 (a set of `Fault`) are the host's
//
// Nothing here calls CUDA: tests play the phases on the host.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "cuda/jpeg/header.h"
#include "cuda/jpeg/layout.h"

namespace vg::cuda::jpeg {

/// A rectangle of pixels.
struct Window {
  int32_t x, y, width, height;
};

/// One image to decode.
struct Request {
  const Header* header;          ///< read until the batch is laid out, with its file
  const std::byte* scan;         ///< on the device: the file from `header->scan_begin` on
  int64_t scan_bytes;            ///< to the file's end; whole 16-byte words around them are read
  Window region;                 ///< of the stored image, within it
  std::byte* origin;             ///< on the device: where the region's first pixel goes
  int64_t row_step, pixel_step;  ///< bytes from one pixel to the one below, to the one on the right
  Colors colors = Colors::Rgb;   ///< interleaved bytes; grey of colours is their luma
  bool smooth = true;            ///< chroma is interpolated, as libjpeg does by default
};

/// The phases, in the order in which they run.
enum Phase : int {
  kPrepare,      ///< per chunk: what is data; and per set of tables (index kSet)
  kArrange,      ///< per image: sums over chunks
  kUnstuff,      ///< per chunk: data to bits
  kSynchronise,  ///< per tile: states of windows
  kJoin,         ///< per image of several tiles
  kWriteBlocks,  ///< per kWriteWindows: coefficients
  kSumDc,        ///< per DC tile
  kCarryDc,      ///< per image of several DC tiles
  kTransform,    ///< per kTransformBlocks: samples
  kColour,       ///< per kQuads: pixels
  kPhases
};

/// Images that are decoded together. Offsets are into the blob.
struct Part {
  uint32_t images, sets;                                    ///< Image[], TableSet[]
  uint32_t first_image, image_count, first_set, set_count;  ///< among those of all parts
  uint32_t shares[kPhases];                                 ///< Share[]: a block of threads each
  uint32_t counts[kPhases]{};
  int32_t tables = 0;  ///< of its largest set
  uint32_t longs = 0;  ///< of its largest set that is not above kSharedLongs
};

/// Used again for other requests, it needs no new memory.
class Batch {
 public:
  Batch();
  /// As `lay_out`.
  Batch(std::span<const Request> requests, int64_t max_scratch);
  ~Batch();
  Batch(Batch&&) noexcept;
  Batch& operator=(Batch&&) noexcept;

  /// Describes the decoding of `requests`. Parts are made so that each needs at most `max_scratch`
  /// bytes (0: no limit). An image that needs more becomes several parts: its scan is decoded once,
  /// its pixels are made in bands of rows. It is refused with `kRefused` if even its scan needs
  /// more.
  void lay_out(std::span<const Request> requests, int64_t max_scratch);

  int64_t blob_bytes() const;
  /// Writes the blob; some bytes of it mean nothing, and stay as they are.
  void write(std::byte* blob) const;
  /// 256-byte aligned; parts use it one after the other.
  int64_t scratch_bytes() const { return scratch_bytes_; }
  int64_t images() const { return images_; }
  const std::vector<Part>& parts() const { return parts_; }
  /// Where the blob holds the first values of the status words.
  uint32_t first_status() const { return first_status_; }
  uint32_t natural_order() const { return natural_order_; }

 private:
  struct Building;
  void close_part();
  bool add_in_bands(const Request& request, const Image& image, int64_t max_scratch);
  std::vector<Part> parts_;
  std::unique_ptr<Building> building_;
  int64_t images_ = 0, scratch_bytes_ = 0;
  uint32_t first_status_ = 0, natural_order_ = 0;
};

/// Memory of the device that a batch uses.
struct Places {
  const std::byte* blob;
  std::byte* scratch;
  uint32_t* status;  ///< a word per request; may be those in the blob, at `first_status`
};

/// What the phases of a part are given.
inline Work work_of(const Batch& batch, const Part& part, const Places& places) {
  return {reinterpret_cast<const Image*>(places.blob + part.images),
          reinterpret_cast<const TableSet*>(places.blob + part.sets),
          reinterpret_cast<const uint8_t*>(places.blob + batch.natural_order()), places.scratch,
          places.status};
}

}  // namespace vg::cuda::jpeg
