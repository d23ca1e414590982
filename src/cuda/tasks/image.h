// A stage on its own, in tiles: for images of any size.
#pragma once

#include "cuda/tasks/stage_quad.h"

namespace vg::cuda {

/// An element is four pixels of the output, in the order of rows.
struct ImageTask {
  static constexpr int kTile = 1024;
  using Shared = StageTables;

  const uint8_t* in;
  std::byte* out;
  const uint32_t* count;  ///< the histogram of a measured operator
  ImageStage stage;

  VG_FN int64_t elements() const { return (int64_t{stage.pixels()} + 3) / 4; }
  VG_FN void prepare(Shared& s, const std::byte*, Threads t) const {
    if (stage.measured >= 0) measure_channels(s.statistics, count, stage.channels, t);
  }
  VG_FN void make_tables(Shared& s, const std::byte*, Threads t) const {
    make_stage_tables(stage, s, t);
  }
  VG_FN void run(Shared& s, const std::byte*, int64_t i) const {
    if (stage.channels == 3)
      run_quad<3>(s, i);
    else
      run_quad<1>(s, i);
  }
  VG_FN void finish(Shared&, const std::byte*, Threads) const {}

 private:
  template <int Channels>
  VG_FN void run_quad(Shared& s, int64_t i) const {
    const QuadPlace q = quad_place(stage, static_cast<int>(4 * i));
    Pixel p[4] = {0, 0, 0, 0};
    fetch_quad<Channels>(stage, in, q, p);
    finish_quad<Channels>(stage, s, out, q, p);
  }
};

}  // namespace vg::cuda
