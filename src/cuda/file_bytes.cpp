// Few copies for many files.
#include "cuda/file_bytes.h"

#include <algorithm>
#include <functional>

namespace vg::cuda {

std::byte* FileBytes::room(int64_t bytes) {
  const auto piece = read_.take(bytes);
  return piece.ok() ? piece->host : nullptr;
}

std::byte* FileBytes::bring(const std::byte* data, int64_t bytes, bool lent) {
  const Staging::Found found = read_.find(data);
  std::lock_guard lock(mutex_);
  std::byte* to = found.device;
  if (!to && lent) {
    const auto copy = copies_.take(bytes);
    to = copy.ok() ? *copy : nullptr;
  }
  if (to) wanted_.push_back({found.block, {to, data, bytes}});
  return to;
}

/// Copies in order of their blocks; those with small gaps between them become one.
void FileBytes::join() {
  std::sort(wanted_.begin(), wanted_.end(), [](const Wanted& a, const Wanted& b) {
    return a.block != b.block ? a.block < b.block : std::less<>()(a.copy.from, b.copy.from);
  });
  uploads_.clear();
  int last = -1;
  for (const auto& [block, copy] : wanted_) {
    if (block >= 0 && block == last) {
      Upload& before = uploads_.back();
      const int64_t apart = copy.from - before.from;
      if (apart <= before.bytes + kGap) {
        before.bytes = std::max(before.bytes, apart + copy.bytes);
        continue;
      }
    }
    uploads_.push_back(copy);
    last = block;
  }
}

Status FileBytes::upload() {
  std::lock_guard lock(mutex_);
  if (wanted_.empty()) return {};
  join();
  wanted_.clear();
  // The batch before that used this memory has ended. What was new in it may still be in use.
  const bool staged_new = read_.grew(), copied_new = copies_.grew();
  return pool_->machine().upload_all(uploads_, !staged_new && !copied_new);
}

void FileBytes::reset() {
  wanted_.clear();
  read_.reset();
  copies_.reset();
}

}  // namespace vg::cuda
