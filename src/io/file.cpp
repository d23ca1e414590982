// Reads files with plain system calls: no locale, no stream buffers, no mapping that can fault.
#include "io/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <system_error>

namespace vg {
namespace {

Failure failure(const std::string& path, const std::string& reason) {
  return {ErrorKind::Runtime, fmt::format("cannot read \"{}\": {}", path, reason), path};
}

std::string reason_of(int error) { return std::generic_category().message(error); }

}  // namespace

Outcome<File> File::open(const std::string& path) {
  // Not to wait for a pipe's other end: that it is none is known only once it is open.
  int fd = -1;
  do fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  while (fd < 0 && errno == EINTR);
  if (fd < 0) return failure(path, reason_of(errno));
  File file(path, fd, 0);
  struct stat facts {};
  if (fstat(fd, &facts) != 0) return failure(path, reason_of(errno));
  if (!S_ISREG(facts.st_mode)) return failure(path, "it is not a regular file");
  file.size_ = static_cast<size_t>(facts.st_size);
  return file;
}

File::~File() {
  if (fd_ >= 0) ::close(fd_);
}

Status File::read(std::span<std::byte> to, size_t offset) const {
  size_t done = 0;
  while (done < to.size()) {
    const ssize_t n =
        ::pread(fd_, to.data() + done, to.size() - done, static_cast<off_t>(offset + done));
    if (n > 0)
      done += static_cast<size_t>(n);
    else if (n == 0)
      return failure(path_, fmt::format("it ends at byte {}, {} were expected", offset + done,
                                        offset + to.size()));
    else if (errno != EINTR)
      return failure(path_, reason_of(errno));
  }
  return {};
}

Outcome<Bytes> peek_file(const std::string& path, size_t limit, std::vector<std::byte>& buffer) {
  VG_ASSIGN(const File file, File::open(path));
  const size_t size = std::min(file.size(), limit);
  if (buffer.size() < size) buffer.resize(size);
  const std::span<std::byte> to(buffer.data(), size);
  VG_TRY(file.read(to));
  return Bytes(to);
}

Outcome<Bytes> read_file(const std::string& path, std::vector<std::byte>& buffer) {
  return peek_file(path, SIZE_MAX, buffer);
}

}  // namespace vg
