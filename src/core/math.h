// Elementary functions of the parameter plane. Ours, because libm's last bits differ between
// versions and processors, and a drawn parameter must not. IEEE + - * / only, no contraction, so
// equal everywhere.
#pragma once

namespace vg::math {

double exp(double x);  ///< within 1 ulp
double log(double x);  ///< within 1.5 ulp; -infinity at 0, NaN below

/// Within 1 ulp for |x| < 2^20. Farther out x is first reduced by the double nearest 2 pi: the same
/// result everywhere, but the sine of a slightly wrong period. NaN for infinities.
double sin(double x);
double cos(double x);
double tan(double x);  ///< within 2.5 ulp, otherwise as sin

/// sin and cos of an angle in degrees, exact at multiples of 90.
double sin_degrees(double x);
double cos_degrees(double x);

}  // namespace vg::math
