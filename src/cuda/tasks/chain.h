// A chain of stages: a whole image goes through them in the memory of one block of threads, and
// nothing but its input and its output passes through the device's memory.
#pragma once

#include "cuda/tasks/stage_quad.h"

namespace vg::cuda {

/// A stage that moves pixels reads the block's memory and writes the scratch, or the other way
/// round, if it does not have its input brought into the block's memory first; any other works in
/// place.
struct ChainTask {
  static constexpr int kThreads = 1024, kTile = 1;
  struct Shared {
    ImageStage stage;
    StageTables tables;
    ImageStatistics statistics;
  };

  const uint8_t* in;
  std::byte* out;
  std::byte* scratch;  ///< device memory, as large as the largest image between
  Table<ImageStage> stages;
  int64_t cost;  ///< of all stages together

  VG_FN int64_t elements() const { return 1; }
  VG_FN int64_t weight() const { return cost; }

  VG_INLINED void work(Shared& s, std::byte* memory, const std::byte* blob, Threads t) const {
    const auto* own = reinterpret_cast<const uint8_t*>(memory);
    const uint8_t* from = in;
    for (uint32_t k = 0; k < stages.size; k++) {
      copy_words(s.stage, stages.in(blob)[k], t);
      barrier();
      const ImageStage& g = s.stage;
      const bool last = k + 1 == stages.size, moves = g.head != Head::None;
      if (from != own && g.brings) {
        bring(memory, from, static_cast<int>(g.bytes_in()), t);
        barrier();
        from = own;
      }
      std::byte* to = last ? out : moves && from == own ? scratch : memory;
      if (g.channels == 3)
        run_stage<3>(s, own, from, to, t);
      else
        run_stage<1>(s, own, from, to, t);
      barrier();
      from = reinterpret_cast<const uint8_t*>(to);
    }
  }

 private:
  /// Copies into the block's memory.
  VG_INLINED static void bring(std::byte* to, const uint8_t* from, int bytes, Threads t) {
    struct alignas(16) Sixteen {
      uint32_t word[4];
    };
    constexpr int kAhead = 5;  // on their way at the same time
    int done = 0;
    if (reinterpret_cast<uintptr_t>(from) % sizeof(Sixteen) == 0) {
      const auto* source = reinterpret_cast<const Sixteen*>(from);
      auto* target = reinterpret_cast<Sixteen*>(to);
      const int all = bytes / static_cast<int>(sizeof(Sixteen));
      for (int i = t.index; i < all; i += kAhead * t.count) {
        Sixteen piece[kAhead];
        VG_UNROLL
        for (int k = 0; k < kAhead; k++)
          if (i + k * t.count < all) piece[k] = source[i + k * t.count];
        VG_UNROLL
        for (int k = 0; k < kAhead; k++)
          if (i + k * t.count < all) target[i + k * t.count] = piece[k];
      }
      done = all * static_cast<int>(sizeof(Sixteen));
    }
    for (int i = done + t.index; i < bytes; i += t.count) to[i] = std::byte{from[i]};
  }

  /// `from` is `memory` or not: taps are read from there as from a block's own memory where it is.
  template <int Channels>
  VG_INLINED static void run_stage(Shared& s, const uint8_t* memory, const uint8_t* from,
                                   std::byte* to, Threads t) {
    const ImageStage& g = s.stage;
    if (g.measured >= 0) {
      with_op(MeasuredOps{}, g.measured, [&]<class Op>() {
        s.statistics.template measure<Op::statistic, Channels>(s.tables.statistics, from,
                                                               g.pixels_in(), t);
      });
      barrier();
    }
    if (g.tables) {
      make_stage_tables(g, s.tables, t);
      barrier();
    }
    if (Channels == 3 && g.head == Head::Stencil && from == memory && has_word_rows(g)) {
      const auto done = [&](QuadPlace q, Pixel* p) { look_up_and_store<3>(g, s.tables, to, q, p); };
      filter_columns(g, memory, t, done);
      return;
    }
    const Stride stride(g, t);
    const int all = g.pixels();
    QuadPlace q = quad_place(g, 4 * t.index);
    if (g.head != Head::None) {
      for (; q.first < all; q = stride.next(g, q)) {
        Pixel p[4] = {0, 0, 0, 0};
        if (from == memory && g.head == Head::Warp)
          warp_quad<Channels>(g, memory, q, p);
        else
          fetch_quad<Channels>(g, from, q, p);
        look_up_and_store<Channels>(g, s.tables, to, q, p);
      }
      return;
    }
    // The next pixels are on their way while these are finished. In place that is no harm: nobody
    // else writes them.
    Pixel p[4] = {0, 0, 0, 0};
    if (q.first < all) load_pixels<Channels>(from + q.first * Channels, q.n, p);
    while (q.first < all) {
      const QuadPlace ahead = stride.next(g, q);
      Pixel next[4] = {0, 0, 0, 0};
      if (ahead.first < all) load_pixels<Channels>(from + ahead.first * Channels, ahead.n, next);
      finish_quad<Channels>(g, s.tables, to, q, p);
      for (int k = 0; k < 4; k++) p[k] = next[k];
      q = ahead;
    }
  }

  /// The way from a thread's quad to its next.
  struct Stride {
    int step, rows, rest;
    VG_FN Stride(const ImageStage& g, Threads t)
        : step(4 * t.count), rows(step / g.width), rest(step - rows * g.width) {}
    VG_FN QuadPlace next(const ImageStage& g, QuadPlace q) const {
      q.first += step, q.x += rest, q.y += rows;
      if (q.x >= g.width) q.x -= g.width, q.y++;
      const int left = g.pixels() - q.first;
      q.n = left < 4 ? left : 4;
      return q;
    }
  };
};

}  // namespace vg::cuda
