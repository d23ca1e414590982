// The scatter family as tasks: every element of the output is copied from the input, or replaced
// where the operator says so.
#pragma once

#include <algorithm>

#include "cuda/tasks/number.h"
#include "ops/lists/scatter.h"

namespace vg::cuda {

struct ScatterTask : SimpleTask {
  const std::byte* in;
  std::byte* out;
  uint32_t count;  ///< elements of the tensor
  DType dtype;
  int size;  ///< of an element

 protected:
  VG_FN int64_t groups_of(uint32_t n) const { return (int64_t{n} + kGroup - 1) / kGroup; }
};

/// Boxes that are filled, all with the same values.
struct ScatterRegions : ScatterTask {
  int axes;  ///< along which a box is not the whole tensor
  uint32_t extent[Shape::kMaxDims], stride[Shape::kMaxDims];
  uint32_t boxes;
  Table<uint32_t> bounds;  ///< per box and axis: low, high
  Table<Element> fill;
  uint32_t channels, inner;

  VG_FN int64_t elements() const { return groups_of(count); }
  VG_FN void run(Shared&, const std::byte* blob, int64_t i) const {
    const uint32_t first = static_cast<uint32_t>(i) * kGroup, n = group_size(first, count);
    bool covered[kGroup] = {};
    uint32_t unit = ~0u;  // elements that differ in the last, whole axes only share their answer
    const uint32_t step = axes > 0 ? stride[axes - 1] : count;
    for (uint32_t j = 0; j < kGroup; j++) {
      const uint32_t mine = (first + j) / step;
      covered[j] = mine == unit ? covered[j > 0 ? j - 1 : 0] : is_covered(blob, first + j);
      unit = mine;
    }
    with_word(size, [&]<class T>(std::type_identity<T>) {
      const T* from = reinterpret_cast<const T*>(in) + first;
      Group<T> group;
      for (uint32_t j = 0; j < kGroup; j++)
        group.value[j] = covered[j] ? fill_of<T>(blob, first + j) : from[j < n ? j : 0];
      store_group(group, n, reinterpret_cast<T*>(out) + first);
    });
  }

 private:
  VG_FN bool is_covered(const std::byte* blob, uint32_t e) const {
    const uint32_t* bound = bounds.in(blob);
    for (uint32_t b = 0; b < boxes; b++) {
      bool inside = true;
      for (int k = 0; k < axes && inside; k++, bound += 2) {
        const uint32_t at = e / stride[k] % extent[k];
        inside = at >= bound[0] && at < bound[1];
      }
      if (inside) return true;
      bound = bounds.in(blob) + 2 * (b + 1) * static_cast<uint32_t>(axes);
    }
    return false;
  }

  template <class T>
  VG_FN T fill_of(const std::byte* blob, uint32_t e) const {
    const uint32_t c = fill.size > 1 ? e / inner % channels : 0;
    return *reinterpret_cast<const T*>(fill.in(blob) + c);
  }
};

template <class... Op>
constexpr size_t largest(TypeList<Op...>) {
  return std::max({sizeof(Op)...});
}

/// A task that carries an operator: its place in the list, and its parameters.
struct ScatterOpTask : ScatterTask {
  int opcode;
  alignas(8) std::byte params[largest(ScatterOps{})];

 protected:
  template <class Op>
  VG_FN const Op& op() const {
    return *reinterpret_cast<const Op*>(params);
  }
};

/// Pixels that become 0.
struct ScatterMask : ScatterOpTask {
  uint32_t height, width, channels;

  VG_FN int64_t elements() const { return groups_of(count); }
  VG_FN void run(Shared&, const std::byte*, int64_t i) const {
    const uint32_t first = static_cast<uint32_t>(i) * kGroup, n = group_size(first, count);
    bool masked[kGroup] = {};
    with_op(ScatterOps{}, opcode, [&]<class Op>() {
      if constexpr (MaskOp<Op>) {
        for (uint32_t j = 0; j < kGroup; j++) masked[j] = is_masked(op<Op>(), first + j);
      }
    });
    with_word(size, [&]<class T>(std::type_identity<T>) {
      const T* from = reinterpret_cast<const T*>(in) + first;
      Group<T> group;
      for (uint32_t j = 0; j < kGroup; j++) group.value[j] = masked[j] ? T{0} : from[j < n ? j : 0];
      store_group(group, n, reinterpret_cast<T*>(out) + first);
    });
  }

 private:
  template <class Op>
  VG_FN bool is_masked(const Op& op, uint32_t e) const {
    const uint32_t pixel = e / channels, row = pixel / width;
    return op(int64_t{pixel - row * width}, int64_t{row % height});
  }
};

/// Places that take one of several values, a Philox block of places at a time.
struct ScatterChoice : ScatterOpTask {
  uint32_t places, channels, inner;

  VG_FN int64_t elements() const { return groups_of(places); }
  VG_FN void run(Shared&, const std::byte*, int64_t i) const {
    with_op(ScatterOps{}, opcode, [&]<class Op>() {
      if constexpr (ChoiceOp<Op>)
        with_word(size, [&]<class T>(std::type_identity<T>) { choose<T>(op<Op>(), i); });
    });
  }

 private:
  template <class T, class Op>
  VG_FN void choose(const Op& op, int64_t i) const {
    const uint32_t first = static_cast<uint32_t>(i) * kGroup, n = group_size(first, places);
    const PhiloxBlock block = op.choice.key.block(i);
    for (uint32_t j = 0; j < n; j++) {
      const uint32_t place = first + j, outer = place / inner;
      const int k = op(block[j]);
      const T* from = reinterpret_cast<const T*>(in);
      if (k >= 0) from = reinterpret_cast<const T*>(op.choice.fill[k].bytes);
      uint32_t at = outer * channels * inner + (place - outer * inner);
      for (uint32_t c = 0; c < channels; c++, at += inner)
        reinterpret_cast<T*>(out)[at] = from[k >= 0 ? 0 : at];
    }
  }
};

/// Noise, a Philox block of elements at a time.
struct ScatterNoise : ScatterOpTask {
  VG_FN int64_t elements() const { return groups_of(count); }
  VG_FN void run(Shared&, const std::byte*, int64_t i) const {
    const uint32_t first = static_cast<uint32_t>(i) * kGroup, n = group_size(first, count);
    Group<float> x;
    load_floats(dtype, in, first, n, x);
    with_op(ScatterOps{}, opcode, [&]<class Op>() {
      if constexpr (NoiseOp<Op>) {
        const PhiloxBlock block = op<Op>().key.block(i);
        for (uint32_t j = 0; j < kGroup; j++) x.value[j] = op<Op>()(x.value[j], block[j]);
      }
    });
    store_floats(dtype, x, n, out, first);
  }
};

}  // namespace vg::cuda
