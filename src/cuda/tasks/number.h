// Elements of any type as floats and back, four neighbours at a time: what the tiles of the host
// do.
#pragma once

#include "core/cast.h"
#include "core/lane.h"
#include "cuda/task.h"

namespace vg::cuda {

/// Elements that one thread makes: four of the smallest type are one word of memory, and four
/// numbers are one Philox block.
constexpr uint32_t kGroup = 4;

/// What 32 bits count, with room for the elements of a last group.
constexpr int64_t kMost = (int64_t{1} << 31) - 1;

/// Elements of a group that begins with element `first` of `count`.
VG_FN uint32_t group_size(uint32_t first, uint32_t count) {
  return count - first < kGroup ? count - first : kGroup;
}

/// Calls `f` with the unsigned type of `size` bytes: elements that are moved have no other type.
template <class F>
constexpr void with_word(int64_t size, F&& f) {
  switch (size) {
    case 1:
      return f(std::type_identity<uint8_t>());
    case 2:
      return f(std::type_identity<uint16_t>());
    case 4:
      return f(std::type_identity<uint32_t>());
    default:
      return f(std::type_identity<uint64_t>());
  }
}

template <class T>
struct alignas(sizeof(T) < 4 ? 4 * sizeof(T) : 16) Group {
  T value[kGroup];
};

/// Stores the first `n` of a group, in one access if they are all and lie well.
template <class T>
VG_FN void store_group(const Group<T>& group, uint32_t n, T* to) {
  if (n == kGroup && reinterpret_cast<uintptr_t>(to) % alignof(Group<T>) == 0) {
    *reinterpret_cast<Group<T>*>(to) = group;
    return;
  }
  for (uint32_t j = 0; j < kGroup; j++)
    if (j < n) to[j] = group.value[j];
}

/// An element as a float; a bool is the number of its byte.
template <class T>
VG_FN float as_float(const T& x) {
  if constexpr (std::is_same_v<T, Half>)
    return half_to_float(x);
  else
    return static_cast<float>(x);
}

/// Elements from `first` on as floats.
VG_FN void load_floats(DType dtype, const std::byte* data, uint32_t first, uint32_t n,
                       Group<float>& to) {
  with_type(dtype, [&]<class T>(std::type_identity<T>) {
    const auto* from = reinterpret_cast<const Stored<T>*>(data) + first;
    for (uint32_t j = 0; j < kGroup; j++) to.value[j] = as_float(from[j < n ? j : 0]);
  });
}

/// Floats as elements from `first` on, rounded and clamped.
VG_FN void store_floats(DType dtype, const Group<float>& from, uint32_t n, std::byte* data,
                        uint32_t first) {
  with_type(dtype, [&]<class T>(std::type_identity<T>) {
    Group<Stored<T>> group;
    for (uint32_t j = 0; j < kGroup; j++) group.value[j] = cast_to<T>(from.value[j]);
    store_group(group, n, reinterpret_cast<Stored<T>*>(data) + first);
  });
}

/// The same of one element.
VG_FN void store_float(DType dtype, float x, std::byte* data, uint32_t at) {
  with_type(dtype, [&]<class T>(std::type_identity<T>) {
    reinterpret_cast<Stored<T>*>(data)[at] = cast_to<T>(x);
  });
}

}  // namespace vg::cuda
