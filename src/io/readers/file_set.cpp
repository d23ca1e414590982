// Reading a file with one copy of its bytes, or none.
#include "io/readers/file_set.h"

#include <atomic>
#include <cstring>

#include "io/file.h"
#include "io/pack/pack.h"

namespace vg {
namespace {

Tensor lent(const std::byte* bytes, int64_t size, std::shared_ptr<const void> owner = {}) {
  Tensor t;
  static_cast<TensorDesc&>(t) = {DType::Uint8, {size}, {}};
  t.data = std::shared_ptr<std::byte>(std::const_pointer_cast<void>(owner),
                                      const_cast<std::byte*>(bytes));
  return t;
}

/// For `size` bytes, with so many behind them that may be written.
Tensor tensor_of(int64_t size, int64_t more, const FileRoom& room) {
  if (std::byte* there = room ? room(size + more) : nullptr) return lent(there, size);
  Tensor t = Tensor::allocate({DType::Uint8, {size + more}, {}});
  t.shape[0] = size;
  return t;
}

class ListedFiles : public FileSet {
 public:
  explicit ListedFiles(std::vector<FileEntry> files)
      : files_(std::move(files)), sizes_(files_.size()) {}
  uint64_t size() const override { return files_.size(); }
  std::string_view name(uint64_t id) const override { return files_[id].name(); }
  int32_t label(uint64_t id) const override { return files_[id].label; }

  /// The size that a file had the last time saves a question to the system.
  Status read(uint64_t id, BytesFor, const FileRoom& room, Tensor& bytes) const override {
    const std::string& path = files_[id].path;
    if (const int64_t size = sizes_[id].load(std::memory_order_relaxed); size > 0) {
      bytes = tensor_of(size, 1, room);
      if (read_known(path, {bytes.data.get(), static_cast<size_t>(size) + 1})) return {};
    }
    VG_ASSIGN(const File file, File::open(path));
    const auto size = static_cast<int64_t>(file.size());
    bytes = tensor_of(size, 0, room);
    VG_TRY(file.read({bytes.data.get(), file.size()}));
    sizes_[id].store(size, std::memory_order_relaxed);
    return {};
  }

 private:
  std::vector<FileEntry> files_;
  mutable std::vector<std::atomic<int64_t>> sizes_;  ///< when they were last read; 0: unknown
};

class PackedFiles : public FileSet {
 public:
  explicit PackedFiles(std::shared_ptr<const Pack> pack) : pack_(std::move(pack)) {}
  uint64_t size() const override { return pack_->size(); }
  std::string_view name(uint64_t id) const override { return pack_->name(id); }
  int32_t label(uint64_t id) const override { return pack_->label(id); }
  std::span<const std::byte> mapping() const override { return pack_->all(); }

  Status read(uint64_t id, BytesFor use, const FileRoom&, Tensor& bytes) const override {
    VG_ASSIGN(const Bytes there, pack_->file(id));
    const auto size = static_cast<int64_t>(there.size());
    if (use == BytesFor::Operators) {
      bytes = lent(there.data(), size, pack_);
      return {};
    }
    bytes = Tensor::allocate({DType::Uint8, {size}, {}});
    std::memcpy(bytes.data.get(), there.data(), there.size());
    return {};
  }

 private:
  std::shared_ptr<const Pack> pack_;
};

}  // namespace

std::unique_ptr<FileSet> listed_files(std::vector<FileEntry> files) {
  return std::make_unique<ListedFiles>(std::move(files));
}

Outcome<std::unique_ptr<FileSet>> packed_files(const std::string& path) {
  auto pack = Pack::open(path);
  if (!pack.ok()) {
    pack.failure().message = "packed: " + pack.failure().message;
    return std::move(pack.failure());
  }
  if ((*pack)->size() == 0) return fail("packed: \"{}\" holds no files", path);
  return std::unique_ptr<FileSet>(std::make_unique<PackedFiles>(std::move(*pack)));
}

}  // namespace vg
