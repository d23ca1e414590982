// Memory that is handed out in order and taken back at once; it keeps its blocks for the next
// sample.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace vg {

class Arena {
 public:
  /// Zeroing is left to the caller. Blocks are 64-byte aligned, so is any request up to that.
  void* allocate(size_t bytes, size_t alignment = 16) {
    const uintptr_t at = (next_ + alignment - 1) & ~(alignment - 1);
    if (at + bytes > end_) return next_block(bytes);
    next_ = at + bytes;
    return reinterpret_cast<void*>(at);
  }

  template <class T, class... A>
  T* make(A&&... a) {
    static_assert(std::is_trivially_destructible_v<T>, "an arena runs no destructors");
    return new (allocate(sizeof(T), alignof(T))) T(std::forward<A>(a)...);
  }

  /// `n` value-initialised elements.
  template <class T>
  std::span<T> array(size_t n) {
    static_assert(std::is_trivially_destructible_v<T>, "an arena runs no destructors");
    T* p = static_cast<T*>(allocate(n * sizeof(T), alignof(T)));
    for (size_t i = 0; i < n; i++) new (p + i) T();
    return {p, n};
  }

  template <class T>
  std::span<T> copy(std::span<const T> from) {
    std::span<T> to = array<T>(from.size());
    for (size_t i = 0; i < from.size(); i++) to[i] = from[i];
    return to;
  }

  /// Everything handed out becomes invalid; the memory stays.
  void reset() {
    current_ = 0;
    if (!blocks_.empty()) start(blocks_[0], 0);
  }

  size_t bytes() const {
    size_t n = 0;
    for (const Block& b : blocks_) n += b.size;
    return n;
  }

 private:
  static constexpr size_t kBlock = size_t{1} << 16;
  struct Free {
    void operator()(std::byte* p) const { ::operator delete (p, std::align_val_t{64}); }
  };
  struct Block {
    std::unique_ptr<std::byte, Free> data;
    size_t size;
  };

  void start(const Block& block, size_t used) {
    next_ = reinterpret_cast<uintptr_t>(block.data.get()) + used;
    end_ = reinterpret_cast<uintptr_t>(block.data.get()) + block.size;
  }

  /// Makes a block current that has room, and takes `bytes` of it.
  void* next_block(size_t bytes) {
    const size_t from = blocks_.empty() ? 0 : current_ + 1;
    size_t i = from;
    while (i < blocks_.size() && blocks_[i].size < bytes) i++;
    if (i < blocks_.size()) {
      std::swap(blocks_[i], blocks_[from]);
    } else {
      const size_t size = bytes > kBlock ? bytes : kBlock;
      auto* p = static_cast<std::byte*>(::operator new (size, std::align_val_t{64}));
      blocks_.insert(blocks_.begin() + static_cast<std::ptrdiff_t>(from),
                     Block{std::unique_ptr<std::byte, Free>(p), size});
    }
    current_ = from;
    start(blocks_[from], bytes);
    return blocks_[from].data.get();
  }

  std::vector<Block> blocks_;
  size_t current_ = 0;
  uintptr_t next_ = 0, end_ = 0;  ///< of the current block: what is free
};

}  // namespace vg
