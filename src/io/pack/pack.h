// A packed file: the files of a data set one after the other, and an index of them.
//
// All numbers are little endian. Offsets are bytes from the beginning.
//   0   header, 64 bytes: "VGPACK\r\n"; u32 version (1); u32 alignment (64); u64 number of files;
//       u64 offset and u64 size of the index; u64 checksum of the index; u64 size of the packed
//       file; u64 checksum of the 56 bytes before it
//   64  the bytes of each file, each beginning at a multiple of the alignment, zeros between them
//   ... the index: for each file u64 offset, u64 size, u64 checksum, u64 offset and u32 size of its
//       name in what follows the entries, i32 label; then the names, without ends
// A checksum is `pack_checksum`.
#pragma once

#include <atomic>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "io/file.h"

namespace vg {

struct PackHeader {
  static constexpr std::string_view kMagic = "VGPACK\r\n";
  static constexpr uint32_t kVersion = 1;
  static constexpr uint64_t kAlignment = 64;  ///< the GPU reads 16 bytes at a time
  char magic[8];
  uint32_t version, alignment;
  uint64_t files, index_offset, index_size, index_checksum, pack_size, checksum;
};
static_assert(sizeof(PackHeader) == 64);

struct PackEntry {
  uint64_t offset, size, checksum, name_at;
  uint32_t name_size;
  int32_t label;
};
static_assert(sizeof(PackEntry) == 40);

/// Four lanes take a word of eight bytes each in turn: lane = rotate_left(lane ^ word, 29) *
/// 0x9E3779B97F4A7C15; lane k begins as k. What is left at the end is filled up with zeros to four
/// words. Then the lanes and the number of bytes are chained with `hash64`.
uint64_t pack_checksum(Bytes data);

/// An open packed file, mapped into memory. Whoever changes the file while it is open takes the
/// process down; `variegate pack` never writes to an existing one.
class Pack {
 public:
  /// Fails, naming `path`, if it is no packed file, is cut short, or its index is damaged.
  static Outcome<std::shared_ptr<const Pack>> open(const std::string& path);

  size_t size() const { return entries_.size(); }
  int32_t label(size_t i) const { return entries_[i].label; }
  std::string_view name(size_t i) const {
    return names_.substr(entries_[i].name_at, entries_[i].name_size);
  }
  /// The bytes of a file, as they lie in the mapping. The first time they are compared with their
  /// checksum.
  Outcome<Bytes> file(size_t i) const;
  /// All of the mapping.
  Bytes all() const { return all_; }

 private:
  Status check(const std::string& path);
  std::shared_ptr<const std::byte> mapping_;
  Bytes all_;
  std::span<const PackEntry> entries_;
  std::string_view names_;
  mutable std::vector<std::atomic<bool>> checked_;
};

}  // namespace vg
