// Colour, element type, orientation and region of decoded rows.
#include "io/codecs/pixels.h"

#include <cstring>
#include <type_traits>

#include "core/round.h"

namespace vg {
namespace {

/// BT.601, limited range, in 1/65536 of a level; the sums of the rows are exact.
template <class T, class Wide>
void to_ycbcr(Wide r, Wide g, Wide b, T* to) {
  constexpr Wide scale = std::is_same_v<T, uint8_t> ? 1 : 257;
  constexpr Wide black = (scale * 16 << 16) + 32768, middle = (scale * 128 << 16) + 32768;
  to[0] = static_cast<T>((16829 * r + 33039 * g + 6416 * b + black) >> 16);
  to[1] = static_cast<T>((-9714 * r - 19070 * g + 28784 * b + middle) >> 16);
  to[2] = static_cast<T>((28784 * r - 24103 * g - 4681 * b + middle) >> 16);
}

template <class T>
void recolor_as(const std::byte* from, std::byte* to, int64_t pixels, const NativeForm& native,
                ColorType color) {
  using Wide = std::conditional_t<std::is_same_v<T, uint8_t>, int32_t, int64_t>;
  const T* in = reinterpret_cast<const T*>(from);
  T* out = reinterpret_cast<T*>(to);
  const bool gray = native.channels < 3;
  const int green = gray ? 0 : 1, blue = gray ? 0 : 2;
  // A wide value is rounded even where a narrow one is cut: libpng does so.
  const Luma& luma = native.luma;
  const Wide bias = std::is_same_v<T, uint8_t> ? luma.bias : 16384;
  for (int64_t i = 0; i < pixels; i++, in += native.channels) {
    const Wide r = in[0], g = in[green], b = in[blue];
    switch (color) {
      case ColorType::Gray:
        *out++ =
            static_cast<T>(gray ? r : (r * luma.red + g * luma.green + b * luma.blue + bias) >> 15);
        break;
      case ColorType::YCbCr:
        to_ycbcr<T, Wide>(r, g, b, out);
        out += 3;
        break;
      default: {
        const bool bgr = color == ColorType::Bgr;
        out[bgr ? 2 : 0] = static_cast<T>(r);
        out[1] = static_cast<T>(g);
        out[bgr ? 0 : 2] = static_cast<T>(b);
        out += 3;
      }
    }
  }
}

template <class T, class S>
T rescaled(S x) {
  constexpr double kMax = std::numeric_limits<S>::max();
  if constexpr (std::is_same_v<T, double>)
    return x / kMax;
  else if constexpr (std::is_same_v<T, float> || std::is_same_v<T, Half>)
    return round_to<T>(static_cast<float>(x) * (1.0f / static_cast<float>(kMax)));
  else
    return round_to<T>(x * (static_cast<double>(std::numeric_limits<T>::max()) / kMax));
}

template <class T, class S>
void retype_as(const std::byte* from, std::byte* to, int64_t elements) {
  const S* in = reinterpret_cast<const S*>(from);
  T* out = reinterpret_cast<T*>(to);
  for (int64_t i = 0; i < elements; i++) out[i] = rescaled<T, S>(in[i]);
}

using TypeFn = void (*)(const std::byte*, std::byte*, int64_t);

template <class S>
TypeFn retype_from(DType dtype) {
  switch (dtype) {
    case DType::Uint8:
      return std::is_same_v<S, uint8_t> ? nullptr : &retype_as<uint8_t, S>;
    case DType::Uint16:
      return std::is_same_v<S, uint16_t> ? nullptr : &retype_as<uint16_t, S>;
    case DType::Uint32:
      return &retype_as<uint32_t, S>;
    case DType::Uint64:
      return &retype_as<uint64_t, S>;
    case DType::Int8:
      return &retype_as<int8_t, S>;
    case DType::Int16:
      return &retype_as<int16_t, S>;
    case DType::Int32:
      return &retype_as<int32_t, S>;
    case DType::Int64:
      return &retype_as<int64_t, S>;
    case DType::Float16:
      return &retype_as<Half, S>;
    case DType::Float:
      return &retype_as<float, S>;
    case DType::Float64:
      return &retype_as<double, S>;
    default:
      return nullptr;  // decoded_desc refuses the others
  }
}

template <size_t kBytes>
void scatter(const std::byte* from, std::byte* to, int64_t pixels, int64_t step) {
  for (int64_t i = 0; i < pixels; i++)
    std::memcpy(to + i * step * static_cast<int64_t>(kBytes), from + i * kBytes, kBytes);
}

void scatter_any(const std::byte* from, std::byte* to, int64_t pixels, int64_t step, size_t bytes) {
  if (bytes == 1) return scatter<1>(from, to, pixels, step);
  if (bytes == 3) return scatter<3>(from, to, pixels, step);
  for (int64_t i = 0; i < pixels; i++)
    std::memcpy(to + i * step * static_cast<int64_t>(bytes), from + static_cast<size_t>(i) * bytes,
                bytes);
}

}  // namespace

RowSink::RowSink(const ImageInfo& info, const NativeForm& native, const DecodeOptions& options,
                 std::byte* out)
    : native_(native), color_(options.color), out_(out) {
  place_ = place(info, options);
  const size_t element = native.wide ? 2 : 1;
  const size_t native_pixel = static_cast<size_t>(native.channels) * element;
  row_bytes_ = native_pixel * static_cast<size_t>(info.width);
  first_pixel_bytes_ = native_pixel * static_cast<size_t>(place_.stored.x);

  const bool keep_color = native.as_asked || color_ == ColorType::Any ||
                          (color_ == ColorType::Rgb && native.channels == 3) ||
                          (color_ == ColorType::Gray && native.channels == 1);
  channels_ = keep_color ? native.channels : color_ == ColorType::Gray ? 1 : 3;
  if (!keep_color) recolor_ = native.wide ? &recolor_as<uint16_t> : &recolor_as<uint8_t>;
  retype_ =
      native.wide ? retype_from<uint16_t>(options.dtype) : retype_from<uint8_t>(options.dtype);
  pixel_bytes_ = static_cast<size_t>(channels_) * static_cast<size_t>(size_of(options.dtype));

  direct_ = !recolor_ && !retype_ && place_.col_step == 1 && place_.stored.width == info.width;
  const auto width = static_cast<size_t>(place_.stored.width);
  native_row_.resize(row_bytes_);
  if (recolor_ && (retype_ || place_.col_step != 1))
    colored_row_.resize(width * static_cast<size_t>(channels_) * element);
  if (retype_ && place_.col_step != 1) typed_row_.resize(width * pixel_bytes_);
}

std::byte* RowSink::row(int64_t y) {
  if (!direct_ || y < top() || y >= bottom()) return native_row_.data();
  const int64_t pixel = place_.origin + (y - top()) * place_.row_step;
  return out_ + pixel * static_cast<int64_t>(pixel_bytes_);
}

void RowSink::put_from(int64_t y, const std::byte* pixels) {
  if (y < top() || y >= bottom()) return;
  const int64_t pixel = place_.origin + (y - top()) * place_.row_step;
  std::byte* to = out_ + pixel * static_cast<int64_t>(pixel_bytes_);
  if (to == pixels) return;  // the codec wrote it where it belongs
  const int64_t width = place_.stored.width;
  const bool in_order = place_.col_step == 1;
  if (recolor_) {
    std::byte* colored = !retype_ && in_order ? to : colored_row_.data();
    recolor_(pixels, colored, width, native_, color_);
    pixels = colored;
  }
  if (retype_) {
    std::byte* typed = in_order ? to : typed_row_.data();
    retype_(pixels, typed, width * channels_);
    pixels = typed;
  }
  if (pixels == to) return;
  if (in_order)
    std::memcpy(to, pixels, static_cast<size_t>(width) * pixel_bytes_);
  else
    scatter_any(pixels, to, width, place_.col_step, pixel_bytes_);
}

}  // namespace vg
