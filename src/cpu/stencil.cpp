// The stencil driver of the host: rows of floats with their borders, held only as long as a window
// needs them, and one loop that sums weighted rows.
#include "ops/stencil.h"

#include <algorithm>

#include "core/lane.h"
#include "cpu/convert.h"
#include "cpu/drivers.h"
#include "cpu/row_cache.h"
#include "cpu/stencil_whole.h"
#include "cpu/weighted_rows.h"

namespace vg::cpu {
namespace {

float* floats(Arena& scratch, int64_t n) {
  return static_cast<float*>(scratch.allocate(static_cast<size_t>(n) * sizeof(float), 64));
}

/// A plane of the input (height x width pixels of `inner` channels) as rows of floats.
struct Plane {
  DType dtype;
  int64_t height, width, inner;
  Border border;
  float fill;
  const std::byte* data;

  /// Row `y` (-1: the constant) with `left` and `right` pixels of border.
  void load(int64_t y, int64_t left, int64_t right, float* to) const {
    const BorderedRows<float> lines{border, fill, width, inner, left, right};
    lines.make(y, to, [&](float* row) {
      load_tile(dtype, data + y * width * inner * size_of(dtype), row, width * inner);
    });
  }
};

/// Rounds `n` sums and stores them.
void store(bool halves_to_even, const TensorRef& out, int64_t at, float* sums, int64_t n) {
  const DType dtype = out.desc.dtype;
  if (halves_to_even && dtype != DType::Float)
    for (int64_t i = 0; i < n; i++) sums[i] = round_even(sums[i]);
  round_tile(dtype, sums, n);
  store_tile(dtype, sums, out.data + at * size_of(dtype), n);
}

/// A kernel in the plane: all its taps are shifted rows.
class Dense {
 public:
  Dense(const StencilParams& s, const Plane& plane, Arena& scratch)
      : s_(s),
        left_(s.origin[1]),
        right_(s.out_extents[1] + s.kernel_extents[1] - 1 - left_ - plane.width),
        n_(s.out_extents[1] * plane.inner),
        height_(static_cast<size_t>(s.kernel_extents[0])),
        cache_(scratch, height_, (left_ + plane.width + right_) * plane.inner),
        window_(scratch.array<int64_t>(height_)),
        rows_(scratch.array<const float*>(height_)),
        taps_(scratch.array<const float*>(s.kernel.size())),
        sums_(floats(scratch, n_)) {}

  void run(const Plane& plane, const TensorRef& out, int64_t at) {
    cache_.forget();
    const int columns = s_.kernel_extents[1];
    for (int64_t y = 0; y < s_.out_extents[0]; y++) {
      places_of_window(plane.border, y - s_.origin[0], plane.height, window_);
      cache_.collect(window_, rows_.data(),
                     [&](int64_t row, float* to) { plane.load(row, left_, right_, to); });
      const float** tap = taps_.data();
      for (const float* row : rows_)
        for (int c = 0; c < columns; c++) *tap++ = row + c * plane.inner;
      const int64_t to = at + y * n_;
      if (out.desc.dtype == DType::Uint8) {
        weighted_bytes(taps_, s_.kernel, s_.halves_to_even, n_, out.as<uint8_t>() + to);
      } else {
        weighted_sum(taps_, s_.kernel, n_, sums_);
        store(s_.halves_to_even, out, to, sums_, n_);
      }
    }
  }

 private:
  const StencilParams& s_;
  int64_t left_, right_, n_;
  size_t height_;
  RowCache<float> cache_;
  std::span<int64_t> window_;
  std::span<const float*> rows_, taps_;
  float* sums_;
};

/// Windows across and down of one plane: rows filtered across are kept, and summed down into each
/// output row.
class AcrossAndDown {
 public:
  AcrossAndDown(const StencilTerm& term, const Plane& plane, Arena& scratch)
      : down_(term.windows[1]),
        across_(term.windows[2]),
        n_(plane.width * plane.inner),
        cache_(scratch, down_.size(), n_),
        window_(scratch.array<int64_t>(down_.size())),
        rows_(scratch.array<const float*>(down_.size())),
        taps_(scratch.array<const float*>(across_.size())),
        sums_(floats(scratch, n_)) {
    const int64_t side = static_cast<int64_t>(across_.size()) / 2;
    line_ = floats(scratch, (plane.width + 2 * side) * plane.inner);
    for (size_t t = 0; t < taps_.size(); t++)
      taps_[t] = line_ + static_cast<int64_t>(t) * plane.inner;
  }

  void forget() { cache_.forget(); }
  const float* sums() const { return sums_; }

  void run(const Plane& plane, int64_t y) { weighted_sum(rows(plane, y), down_, n_, sums_); }

  /// The same, rounded: of a plane that is alone.
  void run_to_bytes(const Plane& plane, int64_t y, bool halves_to_even, uint8_t* to) {
    weighted_bytes(rows(plane, y), down_, halves_to_even, n_, to);
  }

 private:
  /// What output row `y` is summed up from.
  std::span<const float*> rows(const Plane& plane, int64_t y) {
    const int64_t side = static_cast<int64_t>(across_.size()) / 2;
    places_of_window(plane.border, y - static_cast<int64_t>(down_.size()) / 2, plane.height,
                     window_);
    cache_.collect(window_, rows_.data(), [&](int64_t row, float* to) {
      plane.load(row, side, side, line_);
      weighted_sum(taps_, across_, n_, to);
    });
    return rows_;
  }

  std::span<const float> down_, across_;
  int64_t n_;
  RowCache<float> cache_;
  std::span<int64_t> window_;
  std::span<const float*> rows_, taps_;
  float *sums_, *line_;
};

/// The sum of separable terms. A row of all planes is made before the windows through them.
class Separable {
 public:
  Separable(const StencilParams& s, const Plane& plane, Arena& scratch)
      : s_(s),
        depth_(s.field.extents[0]),
        n_(plane.width * plane.inner),
        sums_(floats(scratch, depth_ * n_)),
        line_(floats(scratch, n_)) {
    for (int i = 0; i < s.terms; i++) {
      const StencilTerm& term = s.term[static_cast<size_t>(i)];
      Term t{scratch.array<AcrossAndDown*>(static_cast<size_t>(depth_)),
             scratch.array<int64_t>(term.windows[0].size()),
             scratch.array<const float*>(term.windows[0].size())};
      for (AcrossAndDown*& planes : t.planes)
        planes = scratch.make<AcrossAndDown>(term, plane, scratch);
      terms_[static_cast<size_t>(i)] = t;
    }
  }

  void run(const Plane& first, const TensorRef& out, int64_t at) {
    for (Term& term : terms_)
      for (AcrossAndDown* plane : term.planes) plane->forget();
    const bool to_bytes = is_plain() && out.desc.dtype == DType::Uint8;
    for (int64_t y = 0; y < first.height; y++) {
      if (to_bytes) {
        terms_[0].planes[0]->run_to_bytes(first, y, s_.halves_to_even,
                                          out.as<uint8_t>() + at + y * n_);
        continue;
      }
      for (int i = 0; i < s_.terms; i++) add(i, first, y);
      for (int64_t z = 0; z < depth_; z++)
        store(s_.halves_to_even, out, at + (z * first.height + y) * n_, sums_ + z * n_, n_);
    }
  }

 private:
  struct Term {
    std::span<AcrossAndDown*> planes;
    std::span<int64_t> window;
    std::span<const float*> rows;
  };

  /// One plane, and nothing is done to it but what is done across and down.
  bool is_plain() const {
    const StencilTerm& term = s_.term[0];
    return s_.terms == 1 && depth_ == 1 && term.scale == 1 && term.windows[0].size() == 1 &&
           term.windows[0][0] == 1;
  }

  void add(int i, const Plane& first, int64_t y) {
    Term& t = terms_[static_cast<size_t>(i)];
    const StencilTerm& term = s_.term[static_cast<size_t>(i)];
    Plane plane = first;
    for (AcrossAndDown* planes : t.planes) {
      planes->run(plane, y);
      plane.data += plane.height * n_ * size_of(plane.dtype);
    }
    for (int64_t z = 0; z < depth_; z++) {
      places_of_window(s_.border, z - static_cast<int64_t>(t.window.size()) / 2, depth_, t.window);
      for (size_t k = 0; k < t.rows.size(); k++)
        t.rows[k] = t.planes[static_cast<size_t>(t.window[k])]->sums();
      weighted_sum(t.rows, term.windows[0], n_, line_);
      float* sums = sums_ + z * n_;
      for (int64_t j = 0; j < n_; j++)
        sums[j] = i == 0 ? term.scale * line_[j] : sums[j] + term.scale * line_[j];
    }
  }

  const StencilParams& s_;
  int64_t depth_, n_;
  float *sums_, *line_;
  std::array<Term, 3> terms_;
};

template <class Method>
void run_fields(const StencilParams& s, const Work& work) {
  const TensorRef &in = work.in[0], &out = work.out[0];
  const auto [depth, height, width] = s.field.extents;
  const int64_t in_step = in.desc.bytes() / s.field.outer;
  const int64_t out_step = out.desc.shape.elements() / s.field.outer;
  Plane plane{in.desc.dtype, height, width, s.field.inner, s.border, s.fill, in.data};
  Method method(s, plane, work.scratch);
  for (int64_t f = 0; f < s.field.outer; f++, plane.data += in_step)
    method.run(plane, out, f * out_step);
}

}  // namespace

Status run_stencil(const OpDef&, const Work& work) {
  const auto& s = work.param<StencilParams>();
  if (work.out[0].desc.shape.elements() == 0) return {};
  if (!s.whole.empty())
    run_whole_stencil(s, work);
  else if (s.dense)
    run_fields<Dense>(s, work);
  else
    run_fields<Separable>(s, work);
  return {};
}

}  // namespace vg::cpu
