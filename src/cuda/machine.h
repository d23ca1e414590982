// The few things that a device does for the host, in the order of one stream. CUDA is behind it, or
// the host itself in tests.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "cuda/jpeg/batch.h"

namespace vg::cuda {

/// A point in a stream's work.
class Mark {
 public:
  virtual ~Mark() = default;
  virtual bool reached() const = 0;
  virtual Status wait() const = 0;  ///< the host waits
  virtual Status wait_on(uintptr_t stream) const = 0;
};
using MarkRef = std::shared_ptr<const Mark>;

/// Which element a block of threads begins with.
struct Tile {
  uint32_t task;   ///< position among the tasks of its launch
  uint32_t index;  ///< tile of that task
};

/// Bytes that go over.
struct Upload {
  std::byte* to;
  const std::byte* from;
  int64_t bytes;
};

/// A file that nvJPEG is to decode: interleaved bytes of the whole image.
struct NvjpegImage {
  std::span<const std::byte> file;  ///< on the host
  jpeg::Colors colors;
  int32_t width, height;
  std::byte* out;
};

/// Blocks of one kernel. Offsets are into the blob.
struct Launch {
  int kernel;
  uint32_t tasks, tiles;
  int count;  ///< of tiles: blocks
  int level;  ///< of the batch, for messages
};

class Machine {
 public:
  static constexpr int kBlockReserve = 36 << 10;
  virtual ~Machine() = default;
  virtual int device() const = 0;
  virtual uintptr_t stream() const = 0;
  /// Bytes of its own that a block of threads may have, beside `kBlockReserve` for its tables.
  virtual int block_memory() const = 0;

  virtual Outcome<std::byte*> allocate(int64_t bytes) = 0;
  virtual void release(std::byte* memory) = 0;
  /// Host memory that copies run from without help of the host.
  virtual Outcome<std::byte*> allocate_host(int64_t bytes) = 0;
  virtual void release_host(std::byte* memory) = 0;

  /// Lets copies run from memory of others that is only read, until it is forgotten. May fail.
  virtual Status register_host(const std::byte* memory, int64_t bytes) = 0;
  virtual void forget_host(const std::byte* memory) = 0;

  // In the order of the stream; the host does not wait.
  virtual Status upload(std::byte* to, const std::byte* from, int64_t bytes) = 0;
  /// Many of them, from memory that is pinned or registered. What follows in the stream waits for
  /// them; they wait for what precedes only if they are not to run `beside` it.
  virtual Status upload_all(std::span<const Upload> uploads, bool beside) = 0;
  virtual Status download(std::byte* to, const std::byte* from, int64_t bytes) = 0;
  virtual Status zero(std::byte* to, int64_t bytes) = 0;
  virtual Status launch(const Launch& launch, const std::byte* blob) = 0;
  virtual Status decode(const jpeg::Batch& batch, const jpeg::Places& places) = 0;
  /// Decodes with nvJPEG and waits for it. `refused` has a value per image: 1 if it gave none.
  /// Fails if there is no nvJPEG.
  virtual Status decode_nvjpeg(std::span<const NvjpegImage> images, std::span<uint8_t> refused) = 0;
  /// Rows of `bytes` that lie `pitch` apart, to memory without gaps.
  virtual Status pack_rows(std::byte* to, const std::byte* from, int64_t pitch, int64_t bytes,
                           int64_t rows) = 0;
  virtual Outcome<MarkRef> mark() = 0;

  virtual Outcome<MarkRef> mark_on(uintptr_t stream) = 0;
  /// Copies between memories of any kind in the order of `stream`.
  virtual Status copy_on(uintptr_t stream, std::byte* to, const std::byte* from, int64_t bytes) = 0;
};

}  // namespace vg::cuda
