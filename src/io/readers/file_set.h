// What a file reader reads: files of a folder, or the same files packed into one.
#pragma once

#include <memory>
#include <string>

#include "core/outcome.h"
#include "exec/source.h"
#include "io/readers/file_list.h"

namespace vg {

/// How long the bytes that are read are needed.
enum class BytesFor {
  Anybody,   ///< as long as somebody holds the tensor, and may be written
  Operators  ///< read only, by operators of the same batch
};

class FileSet {
 public:
  virtual ~FileSet() = default;
  virtual uint64_t size() const = 0;
  virtual std::string_view name(uint64_t id) const = 0;
  virtual int32_t label(uint64_t id) const = 0;
  /// The bytes of a file: 1-d uint8, for operators at a place that `room` gives. Called by any
  /// number of threads.
  virtual Status read(uint64_t id, BytesFor use, const FileRoom& room, Tensor& bytes) const = 0;
  /// Where all bytes for operators lie; empty: in memory of their own.
  virtual std::span<const std::byte> mapping() const { return {}; }
};

std::unique_ptr<FileSet> listed_files(std::vector<FileEntry> files);
/// Fails if the packed file at `path` is damaged, or has no files.
Outcome<std::unique_ptr<FileSet>> packed_files(const std::string& path);

}  // namespace vg
