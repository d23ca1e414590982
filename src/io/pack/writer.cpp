// Packed files are written beside their place and renamed once they are whole.
#include "io/pack/writer.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <system_error>

#include "io/pack/pack.h"

namespace vg {
namespace {

/// A file that is gone again unless it is put in its place.
class Unfinished {
 public:
  explicit Unfinished(const std::string& place)
      : place_(place), path_(fmt::format("{}.{}.part", place, ::getpid())) {
    fd_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    error_ = fd_ < 0 ? errno : 0;
  }
  ~Unfinished() {
    if (fd_ < 0) return;
    ::close(fd_);
    ::unlink(path_.c_str());
  }
  Unfinished(const Unfinished&) = delete;
  Unfinished& operator=(const Unfinished&) = delete;

  Status write(Bytes bytes, uint64_t offset) {
    if (fd_ < 0) return failure(error_);
    while (!bytes.empty()) {
      const ssize_t n = ::pwrite(fd_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return failure(n < 0 ? errno : ENOSPC);
      bytes = bytes.subspan(static_cast<size_t>(n));
      offset += static_cast<uint64_t>(n);
    }
    return {};
  }

  /// What the system still keeps for itself is written first: after a crash there is an old file or
  /// a whole one.
  Status finish() {
    if (::fsync(fd_) != 0 || std::rename(path_.c_str(), place_.c_str()) != 0) return failure(errno);
    ::close(fd_);
    fd_ = -1;
    return {};
  }

 private:
  Failure failure(int error) const {
    return fail("cannot write \"{}\": {}", place_, std::generic_category().message(error));
  }
  std::string place_, path_;
  int fd_, error_ = 0;
};

uint64_t aligned(uint64_t offset) {
  return (offset + PackHeader::kAlignment - 1) / PackHeader::kAlignment * PackHeader::kAlignment;
}

}  // namespace

Outcome<uint64_t> write_pack(const std::string& path, const std::vector<FileEntry>& files,
                             const PackProgress& progress) {
  Unfinished pack(path);
  std::vector<PackEntry> entries;
  std::string names;
  std::vector<std::byte> buffer;
  uint64_t at = sizeof(PackHeader);
  const std::byte zeros[PackHeader::kAlignment] = {};
  VG_TRY(pack.write(Bytes(zeros, sizeof(PackHeader)), 0));
  for (const FileEntry& file : files) {
    VG_ASSIGN(const Bytes bytes, read_file(file.path, buffer));
    entries.push_back({at, bytes.size(), pack_checksum(bytes), names.size(),
                       static_cast<uint32_t>(file.name().size()), file.label});
    names += file.name();
    VG_TRY(pack.write(bytes, at));
    const uint64_t end = at + bytes.size();
    at = aligned(end);
    VG_TRY(pack.write(Bytes(zeros, at - end), end));
    if (progress && !progress(entries.size(), at)) return fail("interrupted");
  }
  const std::span<const PackEntry> all(entries);
  std::vector<std::byte> index(all.size_bytes() + names.size());
  if (!entries.empty()) std::memcpy(index.data(), all.data(), all.size_bytes());
  if (!names.empty()) std::memcpy(index.data() + all.size_bytes(), names.data(), names.size());
  VG_TRY(pack.write(index, at));
  PackHeader h{{}, PackHeader::kVersion, PackHeader::kAlignment, files.size(),
               at, index.size(),         pack_checksum(index),   at + index.size(),
               0};
  std::memcpy(h.magic, PackHeader::kMagic.data(), sizeof h.magic);
  const Bytes header = std::as_bytes(std::span(&h, 1));
  h.checksum = pack_checksum(header.first(sizeof h - sizeof h.checksum));
  VG_TRY(pack.write(header, 0));
  VG_TRY(pack.finish());
  return h.pack_size;
}

}  // namespace vg
