// Reads files with plain system calls: no locale, no stream buffers, no mapping that can fault
// but where one is asked for.
#include "io/file.h"

#include <fcntl.h>
#include <sys/mman.h>
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

/// Does not wait for a pipe's other end: that it is none is known only once it is open.
int open_file(const std::string& path) {
  int fd = -1;
  do fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  while (fd < 0 && errno == EINTR);
  return fd;
}

}  // namespace

Outcome<File> File::open(const std::string& path) {
  const int fd = open_file(path);
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

Outcome<std::shared_ptr<const std::byte>> File::map() const {
  const size_t size = size_;
  void* data = ::mmap(nullptr, std::max<size_t>(size, 1), PROT_READ, MAP_SHARED, fd_, 0);
  if (data == MAP_FAILED) return failure(path_, reason_of(errno));
  return std::shared_ptr<const std::byte>(
      static_cast<const std::byte*>(data), [size](const std::byte* p) {
        ::munmap(const_cast<std::byte*>(p), std::max<size_t>(size, 1));
      });
}

void will_need(Bytes mapped) {
  if (mapped.empty()) return;
  const auto page = static_cast<uintptr_t>(::sysconf(_SC_PAGESIZE));
  const auto begin = reinterpret_cast<uintptr_t>(mapped.data());
  const uintptr_t first = begin / page * page;
  ::madvise(reinterpret_cast<void*>(first), begin + mapped.size() - first, MADV_WILLNEED);
}

bool read_known(const std::string& path, std::span<std::byte> to) {
  const int fd = open_file(path);
  if (fd < 0) return false;
  const ssize_t n = ::read(fd, to.data(), to.size());
  ::close(fd);
  return n >= 0 && static_cast<size_t>(n) + 1 == to.size();
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
