// Size classes, free lists, and the one place where the byte ceiling is enforced.
#include "exec/buffers.h"

#include <new>

#include "exec/device.h"

namespace vg {
namespace {

constexpr std::align_val_t kAlign{64}, kPage{4096};
/// Pinning is by pages and costs a call: only blocks of so many bytes, which are whole pages, are.
constexpr int64_t kPinned = 64 << 10;

}  // namespace

int64_t HostPool::size_class(int64_t bytes) {
  int64_t size = 64;
  while (size < bytes) size *= 2;
  if (size > 256) {
    const int64_t quarter = size / 8;  // of the octave below
    int64_t fit = size / 2;
    while (fit < bytes) fit += quarter;
    size = fit;
  }
  return size;
}

HostPool::~HostPool() { trim_locked(); }

std::byte* HostPool::allocate(int64_t size) {
  const bool pin = pins_ && size >= kPinned;
  auto* block = static_cast<std::byte*>(
      ::operator new(static_cast<size_t>(size), pin ? kPage : kAlign, std::nothrow));
  // Refused, it is memory like other memory.
  if (block && pin && pins_->pin(block, size)) {
    pinned_.insert(block);
    pinned_bytes_ += size;
  }
  return block;
}

void HostPool::release(std::byte* block, int64_t size) {
  if (pinned_.erase(block) > 0) {
    pins_->unpin(block);
    pinned_bytes_ -= size;
  }
  ::operator delete(block, pins_&& size >= kPinned ? kPage : kAlign);
}

void HostPool::trim_locked() {
  for (auto& [size, blocks] : free_) {
    for (std::byte* b : blocks) release(b, size);
    reserved_ -= size * static_cast<int64_t>(blocks.size());
    blocks.clear();
  }
}

void HostPool::trim() {
  std::lock_guard lock(mutex_);
  trim_locked();
}

std::byte* HostPool::take(int64_t bytes) {
  const int64_t size = size_class(bytes);
  std::lock_guard lock(mutex_);
  std::vector<std::byte*>& blocks = free_[size];
  std::byte* block = nullptr;
  if (!blocks.empty()) {
    block = blocks.back();
    blocks.pop_back();
  } else {
    if (max_bytes_ > 0 && reserved_ + size > max_bytes_) trim_locked();
    if (max_bytes_ > 0 && reserved_ + size > max_bytes_) return nullptr;
    block = allocate(size);
    if (!block) return nullptr;
    reserved_ += size;
  }
  in_use_ += size;
  return block;
}

void HostPool::give(std::byte* block, int64_t bytes) {
  const int64_t size = size_class(bytes);
  std::lock_guard lock(mutex_);
  in_use_ -= size;
  free_[size].push_back(block);
}

Outcome<std::shared_ptr<std::byte>> HostPool::take_shared(int64_t bytes) {
  std::byte* block = take(bytes);
  if (!block)
    return fail(ErrorKind::Memory,
                "{} bytes for an output are above max_host_bytes = {}: {} bytes are in use, and {} "
                "blocks of earlier outputs are held by the program or on their way to it",
                bytes, max_bytes_, in_use_.load(), held_.load());
  held_++;
  std::shared_ptr<HostPool> self = shared_from_this();
  return std::shared_ptr<std::byte>(block, [self, bytes](std::byte* b) {
    self->held_--;
    self->give(b, bytes);
  });
}

void Buffer::give_back() { cache_->give(data_, bytes_); }

BufferCache::~BufferCache() { clear(); }

void BufferCache::clear() {
  for (auto& [size, blocks] : free_) {
    for (std::byte* b : blocks) pool_->give(b, size);
    blocks.clear();
  }
  kept_ = 0;
}

Outcome<Buffer> BufferCache::take(int64_t bytes) {
  const int64_t size = HostPool::size_class(bytes);
  std::vector<std::byte*>& blocks = free_[size];
  if (!blocks.empty()) {
    std::byte* block = blocks.back();
    blocks.pop_back();
    kept_ -= size;
    return Buffer(this, block, size);
  }
  std::byte* block = pool_->take(size);
  if (!block)
    return fail(ErrorKind::Memory, "{} bytes for a sample are above max_host_bytes = {}", bytes,
                pool_->max_bytes());
  return Buffer(this, block, size);
}

void BufferCache::give(std::byte* block, int64_t size) {
  if (kept_ + size > kKeep) {
    pool_->give(block, size);
    return;
  }
  kept_ += size;
  free_[size].push_back(block);
}

}  // namespace vg
