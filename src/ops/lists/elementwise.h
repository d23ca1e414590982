// The elementwise operators. Adding one: its file, and its line here.
#pragma once

#include "ops/arithmetic.h"
#include "ops/bitwise.h"
#include "ops/cast.h"
#include "ops/comparison.h"
#include "ops/elementary.h"
#include "ops/fill.h"

namespace vg {

using ElementwiseOps = TypeList<
    arithmetic::Add, arithmetic::Sub, arithmetic::Mul, arithmetic::Div, arithmetic::FloorDiv,
    arithmetic::Mod, arithmetic::Pow, arithmetic::Neg, arithmetic::Pos, arithmetic::Abs,
    arithmetic::Eq, arithmetic::Ne, arithmetic::Lt, arithmetic::Le, arithmetic::Gt, arithmetic::Ge,
    arithmetic::And, arithmetic::Or, arithmetic::Xor, arithmetic::Shl, arithmetic::Shr,
    arithmetic::BitwiseNot, elementary::Sqrt, elementary::Rsqrt, elementary::Cbrt, elementary::Exp,
    elementary::Log, elementary::Log2, elementary::Log10, elementary::Fabs, elementary::Floor,
    elementary::Ceil, elementary::Sin, elementary::Cos, elementary::Tan, elementary::Asin,
    elementary::Acos, elementary::Atan, elementary::Sinh, elementary::Cosh, elementary::Tanh,
    elementary::Asinh, elementary::Acosh, elementary::Atanh, elementary::Atan2, elementary::Fpow,
    elementary::Min, elementary::Max, elementary::Clamp, Cast, CastLike, Full, FullLike, Zeros,
    Ones, ZerosLike, OnesLike>;

}  // namespace vg
