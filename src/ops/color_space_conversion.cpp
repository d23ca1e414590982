// The matrices between colour spaces, all of them by way of RGB.
#include "ops/color_space_conversion.h"

namespace vg {
namespace {

struct Affine {
  double m[3][3];
  double shift[3];
};

constexpr Affine kIdentity{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}, {}};
constexpr Affine kSwap{{{0, 0, 1}, {0, 1, 0}, {1, 0, 0}}, {}};
constexpr Affine kGray{{{.299, .587, .114}, {.299, .587, .114}, {.299, .587, .114}}, {}};
constexpr Affine kToYCbCr{{{.25678824, .50412941, .09790588},
                           {-.14822290, -.29099279, .43921569},
                           {.43921569, -.36778831, -.07142737}},
                          {16, 128, 128}};
constexpr double kY = 255.0 / 219;
constexpr Affine kFromYCbCr{{{kY, 0, 1.5960268}, {kY, -.39176229, -.81296765}, {kY, 2.0172321, 0}},
                            {-16 * kY - 128 * 1.5960268, -16 * kY + 128 * (.39176229 + .81296765),
                             -16 * kY - 128 * 2.0172321}};
// Grey is full range, Y is not; neither way needs the colours.
constexpr Affine kGrayToYCbCr{{{1 / kY, 0, 0}, {0, 0, 0}, {0, 0, 0}}, {16, 128, 128}};
constexpr Affine kYCbCrToGray{{{kY, 0, 0}, {kY, 0, 0}, {kY, 0, 0}}, {-16 * kY, -16 * kY, -16 * kY}};

constexpr Affine after(const Affine& b, const Affine& a) {
  Affine out{};
  for (int i = 0; i < 3; i++) {
    out.shift[i] = b.shift[i];
    for (int k = 0; k < 3; k++) {
      out.shift[i] += b.m[i][k] * a.shift[k];
      for (int j = 0; j < 3; j++) out.m[i][j] += b.m[i][k] * a.m[k][j];
    }
  }
  return out;
}

constexpr Affine to_rgb(ImageType from) {
  return from == ImageType::Bgr ? kSwap : from == ImageType::YCbCr ? kFromYCbCr : kIdentity;
}

constexpr Affine from_rgb(ImageType to) {
  return to == ImageType::Bgr     ? kSwap
         : to == ImageType::YCbCr ? kToYCbCr
         : to == ImageType::Gray  ? kGray
                                  : kIdentity;
}

Affine conversion(ImageType from, ImageType to) {
  if (from == ImageType::Gray) return to == ImageType::YCbCr ? kGrayToYCbCr : kIdentity;
  if (from == ImageType::YCbCr && to == ImageType::Gray) return kYCbCrToGray;
  return after(from_rgb(to), to_rgb(from));
}

}  // namespace

Outcome<ColorSpaceConversion> ColorSpaceConversion::plan(Plan& p) {
  const auto from = p.get<ImageType>("image_type"), to = p.get<ImageType>("output_type");
  VG_TRY(p.status());
  const auto known = [](ImageType t) { return t >= ImageType::Rgb && t <= ImageType::YCbCr; };
  if (!known(from) || !known(to) || from == to)
    return p.bad("output_type", "= {}: conversion not supported from image_type {}",
                 static_cast<int>(to), static_cast<int>(from));
  if (p.in().dtype != DType::Uint8)
    return p.bad("", "supports uint8 only; the input is {}", name_of(p.in().dtype));
  VG_ASSIGN(const ImageDims dims, image_dims(p));
  const int expected = from == ImageType::Gray ? 1 : 3;
  if (dims.channels != expected)
    return p.bad("image_type", "needs {} channels; the input has {}", expected, dims.channels);
  p.out() = p.in();
  p.out().shape[p.in().shape.ndim() - 1] = to == ImageType::Gray ? 1 : 3;
  const Affine a = conversion(from, to);
  ColorSpaceConversion op{};
  for (int i = 0; i < 9; i++) op.m[i] = static_cast<float>(a.m[i / 3][i % 3]);
  for (int i = 0; i < 3; i++) op.shift[i] = static_cast<float>(a.shift[i]);
  return op;
}

}  // namespace vg
