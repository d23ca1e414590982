// The inner loops of the view driver: a row of units, moved, converted or filled.
#pragma once

#include <span>

#include "core/arena.h"
#include "ops/view.h"

namespace vg::cpu {

/// What one step along a row writes: `size` elements side by side, of which those in [low, high)
/// come from the input. Steps are in bytes.
struct Unit {
  int64_t size = 1, low = 0, high = 1;
  int64_t in_step = 0;       ///< from one of its elements to the next, in the input
  bool is_channels = false;  ///< its elements are the channels
};

/// Moves `n` blocks of `bytes` bytes.
void move_blocks(const std::byte* from, int64_t in_step, std::byte* to, int64_t out_step, int64_t n,
                 int64_t bytes);

/// Elements of one type to those of another.
struct Converter {
  DType in, out;
  std::span<const Affine> affine;
  bool cut;
  /// `n` units of `size` elements each, side by side. `tile` holds as many numbers.
  void run(const std::byte* from, std::byte* to, int64_t n, int64_t size, bool is_channels,
           int64_t channel, double* tile) const;
};

class Row {
 public:
  /// `elements`: how many the view writes in all.
  Row(const View& view, const Unit& unit, DType in, DType out, int64_t in_step, int64_t out_step,
      int64_t elements, Arena& scratch);
  /// `n` units from the input; `from` is where element 0 of the first unit would be.
  void copy(const std::byte* from, std::byte* to, int64_t n, int64_t channel) const;
  /// `n` units of fill.
  void fill(std::byte* to, int64_t n, int64_t channel) const;

 private:
  void gather(const std::byte* from, std::byte* to, int64_t to_step, int64_t n) const;
  template <class T>
  void look_up(const std::byte* from, std::byte* to, int64_t n, int64_t channel) const;
  std::span<const std::byte> fill_of(int64_t channel) const;

  const Unit unit_;
  const Converter converter_;
  const int64_t in_size_, out_size_, in_step_, out_step_;
  const bool same_;                    // bytes are moved as they are
  const bool channel_to_floats_;       // one of three channels, normalised
  const int64_t tile_;                 // units that are converted at once
  std::span<std::byte> fill_;          // a unit for each channel outside of the unit
  std::span<std::byte> table_;         // 256 output elements per channel, for uint8 inputs
  std::span<std::byte> raw_, packed_;  // a tile as input and as output elements
  std::span<double> numbers_;
};

}  // namespace vg::cpu
