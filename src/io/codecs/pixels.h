// From the pixels of a codec to those that were asked for: colour, element type, orientation and
// region, in one place for all formats.
#pragma once

#include <vector>

#include "io/codecs/placement.h"

namespace vg {

/// Weights of red, green and blue, in 1/32768, and what is added before the shift.
struct Luma {
  int red = 9798;
  int green = 19235;
  int blue = 3735;
  int bias = 16384;
};

/// How a codec hands over its rows.
struct NativeForm {
  int channels = 3;       ///< grey, grey + alpha, RGB, RGBA
  bool wide = false;      ///< uint16 in the machine's byte order, else uint8
  bool as_asked = false;  ///< the channels already are those of the asked colour
  Luma luma = {};
};

/// Takes the rows of an image as its codec gives them and writes the result. All of its memory is
/// taken by the constructor, so that a codec's long jump may leave from any of the other functions.
class RowSink {
 public:
  RowSink(const ImageInfo& info, const NativeForm& native, const DecodeOptions& options,
          std::byte* out);

  int64_t top() const { return place_.stored.y; }  ///< the first row that is wanted
  int64_t bottom() const { return place_.stored.y + place_.stored.height; }
  size_t row_bytes() const { return row_bytes_; }  ///< of a native row
  /// The window in stored coordinates.
  const Region& window() const { return place_.stored; }

  /// Where the codec shall write row y: into the result, where that needs no change.
  std::byte* row(int64_t y);
  /// Takes row y, from where `row` said or from anywhere else. Rows that are not wanted are
  /// ignored.
  void put(int64_t y, const std::byte* row) { put_from(y, row + first_pixel_bytes_); }
  /// Takes row y, of which the pixels from the window's left edge on are at `pixels`.
  void put_from(int64_t y, const std::byte* pixels);

 private:
  using ColorFn = void (*)(const std::byte* from, std::byte* to, int64_t pixels,
                           const NativeForm& native, ColorType color);
  using TypeFn = void (*)(const std::byte* from, std::byte* to, int64_t elements);

  NativeForm native_;
  ColorType color_;
  Placement place_;
  std::byte* out_;
  size_t row_bytes_;
  size_t first_pixel_bytes_;
  size_t pixel_bytes_;  // of the result
  bool direct_;         // native rows of full width are rows of the result
  int channels_;        // of the result
  ColorFn recolor_ = nullptr;
  TypeFn retype_ = nullptr;
  std::vector<std::byte> native_row_, colored_row_, typed_row_;
};

}  // namespace vg
