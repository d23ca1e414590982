// The matrix of hue, saturation and twist.
#include "ops/color_map.h"

#include "core/math.h"

namespace vg {
namespace {

// RGB to YIQ with three decimals, as broadcasting tables print it.
constexpr double kQ[3][3] = {{.299, .587, .114}, {.596, -.274, -.321}, {.211, -.523, .311}};

struct Inverse {
  double m[3][3];
  constexpr Inverse() : m{} {
    double determinant = 0;
    for (int i = 0; i < 3; i++)
      for (int j = 0; j < 3; j++) {
        const int a = (i + 1) % 3, b = (i + 2) % 3, c = (j + 1) % 3, d = (j + 2) % 3;
        m[j][i] = kQ[a][c] * kQ[b][d] - kQ[a][d] * kQ[b][c];
        if (i == 0) determinant += kQ[0][j] * m[j][0];
      }
    for (auto& row : m)
      for (double& x : row) x /= determinant;
  }
};
constexpr Inverse kInverse;

}  // namespace

ColorMap twist(double hue, double saturation, double gain, double offset) {
  const double c = math::cos_degrees(hue) * saturation, s = math::sin_degrees(hue) * saturation;
  // Identity plus what the colour plane adds to it, so that no turn adds exactly nothing.
  const double plane[2][2] = {{c - 1, s}, {-s, c - 1}};
  ColorMap map{};
  for (int i = 0; i < 3; i++) {
    for (int j = 0; j < 3; j++) {
      double x = i == j ? 1 : 0;
      for (int k = 0; k < 2; k++)
        x += kInverse.m[i][k + 1] * (plane[k][0] * kQ[1][j] + plane[k][1] * kQ[2][j]);
      map.m[3 * i + j] = static_cast<float>(gain * x);
    }
    map.shift[i] = static_cast<float>(offset);
  }
  return map;
}

Schema color_map_arguments(ArgValue dtype, std::string type_doc) {
  Schema s;
  s.arg("image_type", ArgType::ImageType, static_cast<int64_t>(ImageType::Rgb),
        "accepted for compatibility: pixels are taken as RGB")
      .arg("dtype", ArgType::DType, std::move(dtype),
           "element type of the output; default: " + std::move(type_doc));
  return s;
}

}  // namespace vg
