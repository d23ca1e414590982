// Blocks of pinned memory with their counterparts on the device.
#include "cuda/staging.h"

#include <algorithm>
#include <functional>

namespace vg::cuda {

Staging::~Staging() {
  for (const Block& b : blocks_) release(b);
}

void Staging::release(const Block& b) {
  pool_->machine().release_host(b.host);
  pool_->give(b.device, b.size);
}

Outcome<Staging::Block> Staging::make(int64_t bytes) {
  Block b{nullptr, nullptr, bytes, 0, 0};
  VG_ASSIGN(b.device, pool_->take(bytes));
  auto host = pool_->machine().allocate_host(bytes);
  if (!host.ok()) {
    pool_->give(b.device, bytes);
    return std::move(host.failure());
  }
  b.host = *host;
  grew_ = true;
  return b;
}

Outcome<Staging::Piece> Staging::take(int64_t bytes) {
  const int64_t size = (std::max<int64_t>(bytes, 1) + 255) / 256 * 256;
  std::lock_guard lock(mutex_);
  for (Block& b : blocks_) {
    if (b.used + size > b.size) continue;
    b.used += size;
    return Piece{b.host + b.used - size, b.device + b.used - size};
  }
  const int64_t last = blocks_.empty() ? kFirst / 2 : blocks_.back().size;
  VG_ASSIGN(Block b, make(std::max(size, 2 * last)));
  b.used = size;
  blocks_.push_back(b);
  return Piece{b.host, b.device};
}

Staging::Found Staging::find(const std::byte* host) {
  std::lock_guard lock(mutex_);
  for (size_t i = 0; i < blocks_.size(); i++) {
    const Block& b = blocks_[i];
    if (std::less<>()(host, b.host) || !std::less<>()(host, b.host + b.used)) continue;
    return {static_cast<int>(i), b.device + (host - b.host)};
  }
  return {};
}

Status Staging::upload() {
  std::lock_guard lock(mutex_);
  for (Block& b : blocks_) {
    if (b.used == b.sent) continue;
    VG_TRY(pool_->machine().upload(b.device + b.sent, b.host + b.sent, b.used - b.sent));
    b.sent = b.used;
  }
  return {};
}

void Staging::reset() {
  int64_t all = 0;
  for (const Block& b : blocks_) all += b.used;
  if (blocks_.size() > 1) {
    for (const Block& b : blocks_) release(b);
    blocks_.clear();
    if (auto b = make(all + all / 4); b.ok()) blocks_.push_back(*b);
  }
  for (Block& b : blocks_) b.used = b.sent = 0;
}

}  // namespace vg::cuda
