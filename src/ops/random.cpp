// Shapes of random tensors, and distributions that need more than a line.
#include "ops/random.h"

#include "ops/random_beta.h"
#include "ops/random_uniform.h"
#include "ops/shape_argument.h"

namespace vg::random {

Schema random_schema(std::string name, std::string doc, DType dtype) {
  return Schema(std::move(name), std::move(doc))
      .optional_input("shape_like", "the output has its shape; its elements do not matter")
      .tensor_arg("shape", ArgType::Ints, "extents of the output; default: a scalar per sample")
      .arg("dtype", ArgType::DType, static_cast<int64_t>(dtype),
           "element type of the output; integers are rounded and clamped")
      .random()
      .needs_shape_only();
}

Status describe_output(Plan& p, int like, DType dtype, std::span<const int64_t> tail) {
  Shape shape;
  if (p.inputs() > like) {
    if (p.has("shape")) return p.bad("shape", "and shape_like exclude each other");
    shape = p.in(like).shape;
  } else {
    VG_ASSIGN(shape, shape_argument(p));
  }
  for (int64_t extent : tail) shape.push_back(extent);
  p.out() = TensorDesc{dtype, shape, {}};
  return {};
}

double below(DType dtype, double x) {
  if (dtype == DType::Float64) return std::nextafter(x, -HUGE_VAL);
  if (dtype == DType::Float) {
    const float f = static_cast<float>(x);
    return f < x ? f : std::nextafter(f, -HUGE_VALF);
  }
  if (dtype != DType::Float16) return x;
  Half h = double_to_half(x);
  if (half_to_float(h) < x) return half_to_float(h);
  if (half_to_float(h) == 0) return -0x1p-24;  // from either zero
  h.bits = static_cast<uint16_t>(half_to_float(h) > 0 ? h.bits - 1 : h.bits + 1);
  return half_to_float(h);
}

// Marsaglia and Tsang, "A Simple Method for Generating Gamma Variables" (2000), for shapes from 1
// on; below, a gamma of shape + 1 times a power of a uniform number. The logarithm does not
// underflow where a small shape makes the number itself too small.
double log_gamma_draw(ElementDraws& draws, double shape) {
  if (shape < 1) {
    const double boosted = log_gamma_draw(draws, shape + 1);
    return boosted + math::log(draws.positive()) / shape;
  }
  const double d = shape - 1.0 / 3, c = 1 / std::sqrt(9 * d);
  for (;;) {
    const double x = draws.normal(), u = draws.positive();
    const double root = 1 + c * x, v = root * root * root;
    if (v <= 0) continue;
    const double log_v = math::log(v);
    if (math::log(u) < 0.5 * x * x + d - d * v + d * log_v) return math::log(d) + log_v;
  }
}

double beta_draw(ElementDraws& draws, double alpha, double beta) {
  const double x = log_gamma_draw(draws, alpha), y = log_gamma_draw(draws, beta);
  return 1 / (1 + math::exp(y - x));
}

}  // namespace vg::random
