// The view family as tasks: a thread makes a few neighbouring elements of a block of the output.
#pragma once

#include "cuda/tasks/number.h"
#include "ops/scatter.h"
#include "ops/view.h"

namespace vg::cuda {

/// A ViewAxis in 32 bits, since a GPU divides 64 bits slowly.
struct BlockAxis {
  uint32_t extent = 1, stride = 0, out_stride = 0;
  uint32_t channel_stride = 0;  ///< 1 along the channels
  int32_t start = 0, step = 1, size = 1;
};

/// Where the elements of a group come from and go to.
struct Places {
  static constexpr uint32_t kOutside = ~0u;
  uint32_t n;
  uint32_t from[kGroup], to[kGroup], channel[kGroup];
};

/// What the tasks of views share: the block and its axes.
struct ViewBlock : SimpleTask {
  const std::byte* in;  ///< where index 0 of every axis lies
  std::byte* out;       ///< the block's first element
  uint32_t count;       ///< elements of the block
  bool dense;           ///< the block is one piece of the output
  Outside outside;
  int ndim;
  Table<Element> fill;
  BlockAxis axes[Shape::kMaxDims];  ///< the last `ndim` of them

  VG_FN int64_t elements() const { return (int64_t{count} + kGroup - 1) / kGroup; }

 protected:
  VG_FN Places places(int64_t i) const {
    const uint32_t first = static_cast<uint32_t>(i) * kGroup;
    return ndim <= kFew ? places_of<kFew>(first) : places_of<Shape::kMaxDims>(first);
  }

  template <class T>
  VG_FN T fill_of(const std::byte* blob, uint32_t channel) const {
    const uint32_t c = channel < fill.size ? channel : fill.size - 1;
    return *reinterpret_cast<const T*>(fill.in(blob) + c);
  }

  template <class T>
  VG_FN void store(const Places& p, const Group<T>& group) const {
    T* data = reinterpret_cast<T*>(out);
    if (dense) return store_group(group, p.n, data + p.to[0]);
    for (uint32_t j = 0; j < kGroup; j++)
      if (j < p.n) data[p.to[j]] = group.value[j];
  }

 private:
  static constexpr int kFew = 3;  // so many axes have their coordinates in registers

  /// Of a block whose last N axes may be longer than 1.
  template <int N>
  VG_FN Places places_of(uint32_t first) const {
    const BlockAxis* a = axes + Shape::kMaxDims - N;
    uint32_t at[N], rest = first;
    for (int d = N - 1; d > 0; d--) {
      const uint32_t outer = rest / a[d].extent;
      at[d] = rest - outer * a[d].extent;
      rest = outer;
    }
    at[0] = rest;
    Places p;
    p.n = group_size(first, count);
    for (uint32_t j = 0; j < kGroup; j++) {
      place<N>(at, p, j);
      bool carry = true;
      for (int d = N - 1; d > 0; d--) {
        at[d] += carry;
        carry = at[d] == a[d].extent;
        at[d] = carry ? 0 : at[d];
      }
      at[0] += carry;
    }
    return p;
  }

  template <int N>
  VG_FN void place(const uint32_t* at, Places& p, uint32_t j) const {
    uint32_t from = 0, to = 0, channel = 0;
    bool inside = j < p.n;
    for (int d = 0; d < N; d++) {
      const BlockAxis& a = axes[Shape::kMaxDims - N + d];
      const int32_t line = a.start + static_cast<int32_t>(at[d]) * a.step;
      const auto index = static_cast<int32_t>(index_inside(outside, line, a.size));
      inside = inside && index >= 0;
      from += static_cast<uint32_t>(index) * a.stride;
      to += at[d] * a.out_stride;
      channel += at[d] * a.channel_stride;
    }
    p.from[j] = inside ? from : Places::kOutside;
    p.to[j] = to;
    p.channel[j] = channel;
  }
};

/// Elements as they are.
struct CopyView : ViewBlock {
  int size;  ///< of an element

  VG_FN void run(Shared&, const std::byte* blob, int64_t i) const {
    const Places p = places(i);
    with_word(size, [&]<class T>(std::type_identity<T>) {
      Group<T> group;
      for (uint32_t j = 0; j < kGroup; j++)
        group.value[j] = p.from[j] == Places::kOutside ? fill_of<T>(blob, p.channel[j])
                                                       : reinterpret_cast<const T*>(in)[p.from[j]];
      store(p, group);
    });
  }
};

/// Elements of another type.
struct ConvertView : ViewBlock {
  DType from, to;
  bool cut;

  VG_FN void run(Shared&, const std::byte* blob, int64_t i) const {
    const Places p = places(i);
    with_type(from, [&]<class From>(std::type_identity<From>) {
      const auto* data = reinterpret_cast<const Stored<From>*>(in);
      with_type(to, [&]<class To>(std::type_identity<To>) {
        Group<Stored<To>> group;
        for (uint32_t j = 0; j < kGroup; j++)
          group.value[j] = p.from[j] == Places::kOutside
                               ? fill_of<Stored<To>>(blob, p.channel[j])
                               : Stored<To>(convert<To>(static_cast<From>(data[p.from[j]])));
        store(p, group);
      });
    });
  }

 private:
  template <class T>
  static constexpr bool kIsFraction = std::is_floating_point_v<T> || std::is_same_v<T, Half>;

  template <class To, class From>
  VG_FN To convert(From x) const {
    if constexpr (kIsFraction<From> && !kIsFraction<To> && !std::is_same_v<To, bool>)
      if (cut) return cast_to<To>(std::trunc(cast_to<double>(x)));
    return cast_to<To>(x);
  }
};

/// (element - mean) * factor + shift, of floats.
struct NormalizeView : ViewBlock {
  DType from, to;
  Table<Affine> affine;

  VG_FN void run(Shared&, const std::byte* blob, int64_t i) const {
    const Places p = places(i);
    Group<float> x;
    with_type(from, [&]<class From>(std::type_identity<From>) {
      const auto* data = reinterpret_cast<const Stored<From>*>(in);
      for (uint32_t j = 0; j < kGroup; j++)
        x.value[j] = p.from[j] == Places::kOutside ? 0.0f : as_float(data[p.from[j]]);
    });
    for (uint32_t j = 0; j < kGroup; j++) {
      const uint32_t c = p.channel[j] < affine.size ? p.channel[j] : affine.size - 1;
      const Affine a = affine.in(blob)[c];
      x.value[j] = (x.value[j] - a.mean) * a.factor + a.shift;
    }
    with_type(to, [&]<class To>(std::type_identity<To>) {
      Group<Stored<To>> group;
      for (uint32_t j = 0; j < kGroup; j++)
        group.value[j] = p.from[j] == Places::kOutside ? fill_of<Stored<To>>(blob, p.channel[j])
                                                       : Stored<To>(cast_to<To>(x.value[j]));
      store(p, group);
    });
  }
};

}  // namespace vg::cuda
