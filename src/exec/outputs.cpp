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

Outcome<std::byte*> OutputBlock::place(int slot, const TensorDesc& desc) {
  Tensor& piece = pieces_[static_cast<size_t>(slot)];
  if (piece.data && equal(piece, desc)) return piece.data.get();
  const int64_t bytes = desc.bytes();
  std::shared_ptr<std::byte> data;
  {
    std::lock_guard lock(mutex_);
    if (!first_) first_ = desc;
    if (one_block_ && equal(*first_, desc)) {
      const int64_t all = bytes * static_cast<int64_t>(pieces_.size());
      if (!block_) {
        VG_ASSIGN(block_, memory_(std::max<int64_t>(all, 1)));
      }
      data = {block_, block_.get() + slot * bytes};
    }
  }
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

std::string Program::text() const {
  std::string text;
  for (const Operation& o : operations) {
    if (!text.empty()) text += ' ';
    text += o.name + "(";
    bool first = true;
    if (!o.route.empty()) {
      text += "route=" + o.route;
      first = false;
    }
    for (const auto& [name, values] : o.params) {
      if (!first) text += ", ";
      first = false;
      text += name + "=";
      if (values.size() != 1) text += '[';
      for (size_t i = 0; i < values.size() && i < 9; i++)
        text += fmt::format("{}{:.4g}", i ? ", " : "", values[i]);
      if (values.size() > 9) text += ", ...";
      if (values.size() != 1) text += ']';
    }
    text += ')';
  }
  return text;
}

}  // namespace vg
