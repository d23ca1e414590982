// Placing samples, and lists of tensors.
#include "exec/outputs.h"

#include <fmt/format.h>

#include <cstring>
#include <tuple>

#include "variegate/error.h"

namespace vg {
namespace {

bool equal(const TensorDesc& a, const TensorDesc& b) {
  return a.dtype == b.dtype && a.shape == b.shape && a.layout == b.layout;
}

}  // namespace

void OutputBlock::begin(OutputMemory memory, size_t samples, bool one_block) {
  memory_ = std::move(memory);
  one_block_ = one_block;
  pieces_.resize(samples);
}

void OutputBlock::clear() {
  memory_ = nullptr;
  first_.reset();
  block_.reset();
  block_ready_.store(false, std::memory_order_relaxed);
  pieces_.clear();
}

Outcome<std::byte*> OutputBlock::place(int slot, const TensorDesc& desc) {
  Tensor& piece = pieces_[static_cast<size_t>(slot)];
  if (piece.data && equal(piece, desc)) return piece.data.get();
  const int64_t bytes = desc.bytes();
  if (!block_ready_.load(std::memory_order_acquire)) {
    std::lock_guard lock(mutex_);
    if (!first_) first_ = desc;
    if (one_block_ && !block_ && equal(*first_, desc)) {
      const int64_t all = bytes * static_cast<int64_t>(pieces_.size());
      VG_ASSIGN(block_, memory_(std::max<int64_t>(all, 1)));
      block_ready_.store(true, std::memory_order_release);
    }
  }
  std::shared_ptr<std::byte> data;
  if (block_ready_.load(std::memory_order_acquire) && equal(*first_, desc))
    data = {block_, block_.get() + slot * bytes};
  if (!data) {
    VG_ASSIGN(data, memory_(std::max<int64_t>(bytes, 1)));
  }
  static_cast<TensorDesc&>(piece) = desc;
  piece.data = std::move(data);
  return piece.data.get();
}

std::optional<TensorDesc> OutputBlock::example() const {
  std::lock_guard lock(mutex_);
  return first_;
}

bool OutputBlock::all_equal() const {
  const TensorDesc* first = nullptr;
  for (const Tensor& t : pieces_) {
    if (!t.data) continue;
    if (!first) first = &t;
    if (!equal(*first, t)) return false;
  }
  return true;
}

bool TensorList::is_dense() const {
  for (const Tensor& t : samples)
    if (!(t.shape == samples[0].shape)) return false;
  return true;
}

Tensor TensorList::as_tensor() const {
  Tensor all;
  all.dtype = dtype;
  all.shape.push_back(size());
  if (samples.empty()) return Tensor::allocate(all);
  const Shape& one = samples[0].shape;
  for (const Tensor& t : samples)
    if (!(t.shape == one))
      throw Error(
          ErrorKind::Runtime,
          fmt::format("The batch is not dense: shapes {} and {} differ. Take the samples one "
                      "by one, or make the sizes equal.",
                      one.text(), t.shape.text()));
  for (int64_t e : one) all.shape.push_back(e);
  if (!layout.empty()) all.layout = Layout("N" + std::string(layout.text()));
  const int64_t bytes = samples[0].bytes();
  bool adjacent = true;
  for (size_t i = 0; i < samples.size(); i++)
    adjacent = adjacent && samples[i].data.get() == samples[0].data.get() + bytes * int64_t(i);
  if (adjacent) {
    all.data = samples[0].data;
    all.device = samples[0].device;
    return all;
  }
  if (samples[0].device) {
    std::vector<const std::byte*> pieces;
    for (const Tensor& t : samples) pieces.push_back(t.data.get());
    std::tie(all.data, all.device) = samples[0].device->gather(pieces, bytes);
    return all;
  }
  all = Tensor::allocate(all);
  for (size_t i = 0; i < samples.size(); i++)
    std::memcpy(all.data.get() + static_cast<size_t>(bytes) * i, samples[i].data.get(),
                static_cast<size_t>(bytes));
  return all;
}

}  // namespace vg
