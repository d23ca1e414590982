// Reading whole files, or their beginnings, into memory of the caller.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/outcome.h"

namespace vg {

/// An open regular file. Failures carry its name as their source.
class File {
 public:
  static Outcome<File> open(const std::string& path);
  File(File&& other) noexcept : path_(std::move(other.path_)), fd_(other.fd_), size_(other.size_) {
    other.fd_ = -1;
  }
  File(const File&) = delete;
  File& operator=(File other) = delete;
  ~File();

  size_t size() const { return size_; }  ///< bytes, when it was opened
  /// Fills `to` from an offset; the end of the file before that is a failure.
  Status read(std::span<std::byte> to, size_t offset = 0) const;
  /// Its bytes as they are, to be read only. Who cuts the file meanwhile takes the process down.
  Outcome<std::shared_ptr<const std::byte>> map() const;

 private:
  File(std::string path, int fd, size_t size) : path_(std::move(path)), fd_(fd), size_(size) {}
  std::string path_;
  int fd_;
  size_t size_;
};

using Bytes = std::span<const std::byte>;

/// Has the system read mapped bytes before somebody waits for them page by page.
void will_need(Bytes mapped);

/// Reads a file whose size is known from an earlier time into `to`, which is a byte larger: three
/// system calls. False: it is not that any more, or it cannot be read; `File` tells why.
bool read_known(const std::string& path, std::span<std::byte> to);

/// The bytes of a file, in `buffer`, which grows where it is too small and never shrinks.
Outcome<Bytes> read_file(const std::string& path, std::vector<std::byte>& buffer);

/// Like read_file, but no more than the first `limit` bytes.
Outcome<Bytes> peek_file(const std::string& path, size_t limit, std::vector<std::byte>& buffer);

}  // namespace vg
