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
  Block b{nullptr, nullptr, bytes, 0, 0, {}};
  VG_ASSIGN(b.device, pool_->take(bytes));
  auto host = pool_->machine().allocate_host(bytes);
  if (!host.ok()) {
    pool_->give(b.device, bytes);
    return std::move(host.failure());
  }
  b.host = *host;
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

std::byte* Staging::bring(const std::byte* host, int64_t bytes) {
  std::lock_guard lock(mutex_);
  for (Block& b : blocks_) {
    if (std::less<>()(host, b.host) || !std::less<>()(host, b.host + b.used)) continue;
    const int64_t begin = host - b.host;
    b.chosen.push_back({begin, begin + bytes});
    return b.device + begin;
  }
  return nullptr;
}

/// Puts runs in order; those with small gaps between them become one.
void Staging::join(std::vector<Run>& runs) {
  std::sort(runs.begin(), runs.end(), [](Run a, Run b) { return a.begin < b.begin; });
  size_t n = 0;
  for (const Run& r : runs) {
    if (n > 0 && r.begin - runs[n - 1].end <= kGap)
      runs[n - 1].end = std::max(runs[n - 1].end, r.end);
    else
      runs[n++] = r;
  }
  runs.resize(n);
}

Status Staging::upload() {
  std::lock_guard lock(mutex_);
  for (Block& b : blocks_) {
    if (sends_ == Sends::Chosen) {
      join(b.chosen);
      for (const Run& r : b.chosen)
        VG_TRY(pool_->machine().upload(b.device + r.begin, b.host + r.begin, r.end - r.begin));
      b.chosen.clear();
      continue;
    }
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
  for (Block& b : blocks_) {
    b.used = b.sent = 0;
    b.chosen.clear();
  }
}

}  // namespace vg::cuda
