// Size classes and free lists of device memory.
#include "cuda/pool.h"

#include <algorithm>

namespace vg::cuda {

int64_t Pool::size_class(int64_t bytes) {
  constexpr int64_t kSmall = 4096, kLarge = int64_t{1} << 21;
  if (bytes >= kLarge) return (bytes + kLarge - 1) / kLarge * kLarge;
  int64_t size = kSmall;
  while (size < bytes) size *= 2;
  return size;
}

Pool::~Pool() { trim_locked(); }

void Pool::trim_locked() {
  for (auto& [size, blocks] : free_) {
    for (Block& b : blocks) {
      for (const MarkRef& m : b.marks) (void)m->wait();
      machine_->release(b.data);
      reserved_ -= size;
    }
    blocks.clear();
  }
}

Outcome<std::byte*> Pool::take(int64_t bytes) {
  const int64_t size = size_class(bytes);
  Block block{nullptr, {}};
  {
    std::lock_guard lock(mutex_);
    std::vector<Block>& blocks = free_[size];
    if (!blocks.empty()) {
      block = std::move(blocks.back());
      blocks.pop_back();
    } else {
      if (max_bytes_ > 0 && reserved_ + size > max_bytes_) trim_locked();
      if (max_bytes_ > 0 && reserved_ + size > max_bytes_)
        return fail(ErrorKind::Memory,
                    "{} bytes on the GPU are above max_gpu_bytes = {}: {} bytes are in use by "
                    "batches in flight and by outputs that the program holds",
                    size, max_bytes_, reserved_.load());
      auto fresh = machine_->allocate(size);
      if (!fresh.ok()) {  // the driver's memory may be in our free lists
        trim_locked();
        fresh = machine_->allocate(size);
      }
      if (!fresh.ok()) return std::move(fresh.failure());
      reserved_ += size;
      return *fresh;
    }
  }
  for (const MarkRef& m : block.marks) VG_TRY(m->wait_on(machine_->stream()));
  return block.data;
}

void Pool::give(std::byte* block, int64_t bytes, std::vector<MarkRef> marks) {
  std::lock_guard lock(mutex_);
  free_[size_class(bytes)].push_back({block, std::move(marks)});
}

Chunks::~Chunks() {
  for (const Block& b : blocks_) pool_->give(b.data, b.size);
}

Outcome<std::byte*> Chunks::take(int64_t bytes) {
  const int64_t size = rounded(std::max<int64_t>(bytes, 1));
  if (auto at = free_.find(size); at != free_.end() && !at->second.empty()) {
    std::byte* piece = at->second.back();
    at->second.pop_back();
    return piece;
  }
  for (Block& b : blocks_) {
    if (b.used + size > b.size) continue;
    b.used += size;
    return b.data + b.used - size;
  }
  const int64_t block = std::max(size, chunk_);
  VG_ASSIGN(std::byte * data, pool_->take(block));
  blocks_.push_back({data, block, size});
  grew_ = true;
  return data;
}

void Chunks::reset() {
  for (Block& b : blocks_) b.used = 0;
  free_.clear();
}

std::vector<Chunks::Run> Chunks::used() const {
  std::vector<Run> runs;
  for (const Block& b : blocks_)
    if (b.used > 0) runs.push_back({b.data, b.used});
  return runs;
}

}  // namespace vg::cuda
