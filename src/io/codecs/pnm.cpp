// The PNM family: bitmaps, grey and colour, as text (P1 to P3) or binary (P4 to P6).
#include <algorithm>

#include "io/codecs/formats.h"

namespace vg {
namespace {

bool is_space(uint32_t c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool is_digit(uint32_t c) { return c >= '0' && c <= '9'; }

/// Reads numbers, of which white space and comments are between.
class Text {
 public:
  explicit Text(Bytes b) : bytes_(b) {}
  size_t position() const { return at_; }

  void skip_space() {
    while (at_ < bytes_.size()) {
      if (u8(bytes_, at_) == '#') {
        while (at_ < bytes_.size() && u8(bytes_, at_) != '\n') at_++;
      } else if (is_space(u8(bytes_, at_))) {
        at_++;
      } else {
        return;
      }
    }
  }

  /// The next number of up to `digits` digits, or -1.
  int64_t number(int digits = 10) {
    skip_space();
    int64_t value = -1;
    for (; digits > 0 && at_ < bytes_.size() && is_digit(u8(bytes_, at_)); at_++, digits--)
      value = std::max<int64_t>(value, 0) * 10 + u8(bytes_, at_) - '0';
    return value;
  }

 private:
  Bytes bytes_;
  size_t at_ = 2;  // behind "P6"
};

struct Header {
  int64_t height = 0, width = 0;
  int64_t maximum = 1;
  bool bitmap = false, text = false;
  int channels = 1;
  size_t pixels_at = 0;

  bool wide() const { return maximum > 255; }
};

Outcome<Header> parse(Bytes b) {
  const uint32_t kind = u8(b, 1) - '0';
  Header h;
  h.text = kind <= 3;
  h.bitmap = kind == 1 || kind == 4;
  h.channels = kind == 3 || kind == 6 ? 3 : 1;
  Text text(b);
  h.width = text.number();
  h.height = text.number();
  if (!h.bitmap) h.maximum = text.number();
  h.pixels_at = text.position() + 1;  // one white space
  if (h.width < 1 || h.height < 1 || h.pixels_at > b.size())
    return fail("the PNM header is damaged or cut short");
  constexpr int64_t kMost = INT32_MAX;
  if (h.width > kMost || h.height > kMost || h.maximum < 1 || h.maximum > 65535)
    return fail("the PNM header is out of range (width {}, height {}, maximum {})", h.width,
                h.height, h.maximum);
  return h;
}

/// Stretches 0..maximum to the whole range of the type.
template <class T>
T stretched(int64_t value, int64_t maximum) {
  constexpr int64_t kFull = std::numeric_limits<T>::max();
  if (maximum == kFull) return static_cast<T>(value);
  return static_cast<T>((2 * value * kFull + maximum) / (2 * maximum));
}

template <class T>
Status text_row(Text& text, const Header& h, T* to) {
  for (int64_t i = 0; i < h.width * h.channels; i++) {
    const int64_t value = text.number(h.bitmap ? 1 : 10);  // a bitmap may do without spaces
    if (value < 0) return fail("PNM: the data is cut short");
    if (value > h.maximum) return fail("PNM: a value of {} is above {}", value, h.maximum);
    to[i] = stretched<T>(h.bitmap ? 1 - value : value, h.maximum);
  }
  return {};
}

template <class T>
Status binary_row(Bytes row, const Header& h, T* to) {
  for (size_t i = 0; i < static_cast<size_t>(h.width * h.channels); i++) {
    const int64_t value = h.bitmap   ? 1 - (u8(row, i / 8) >> (7 - i % 8) & 1)
                          : h.wide() ? be16(row, 2 * i)
                                     : u8(row, i);
    if (value > h.maximum) return fail("PNM: a value of {} is above {}", value, h.maximum);
    to[i] = stretched<T>(value, h.maximum);
  }
  return {};
}

template <class T>
Status decode_as(Bytes b, const Header& h, RowSink& sink) {
  const auto samples = static_cast<size_t>(h.width * h.channels);
  const size_t stride = h.bitmap ? (samples + 7) / 8 : samples * (h.wide() ? 2 : 1);
  if (!h.text && (b.size() - h.pixels_at) / stride < static_cast<size_t>(h.height))
    return fail("PNM: the data is cut short");
  Text text(b);
  for (int i = 0; i < (h.bitmap ? 2 : 3); i++) text.number();
  for (int64_t y = 0; y < h.height; y++) {
    std::byte* row = sink.row(y);
    T* to = reinterpret_cast<T*>(row);
    if (h.text)
      VG_TRY(text_row(text, h, to));
    else
      VG_TRY(binary_row(b.subspan(h.pixels_at + static_cast<size_t>(y) * stride, stride), h, to));
    sink.put(y, row);
  }
  return {};
}

bool pnm_matches(Bytes b) {
  return b.size() >= 3 && u8(b, 0) == 'P' && u8(b, 1) >= '1' && u8(b, 1) <= '6' &&
         (is_space(u8(b, 2)) || u8(b, 2) == '#');
}

Outcome<ImageInfo> pnm_probe(Bytes b) {
  VG_ASSIGN(const Header h, parse(b));
  return ImageInfo{h.height, h.width, h.channels, h.wide() ? 16 : 8};
}

Status pnm_decode(Bytes b, const ImageInfo& info, const DecodeOptions&, RowSink& sink) {
  VG_ASSIGN(const Header h, parse(b));
  if (h.height != info.height || h.width != info.width || h.channels != info.channels ||
      h.wide() != (info.bits == 16))
    return fail("PNM: the image is not what its header says");
  return h.wide() ? decode_as<uint16_t>(b, h, sink) : decode_as<uint8_t>(b, h, sink);
}

}  // namespace

const Codec kPnmCodec{"PNM",      pnm_matches,
                      pnm_probe,  stored_form,
                      pnm_decode, [] { return CodecVersion{"PNM", "built in", VG_VERSION}; }};

}  // namespace vg
