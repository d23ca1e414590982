// Tensors of one value: full, zeros, ones and their `_like` forms.
#pragma once

#include "ops/elementwise.h"
#include "ops/shape_argument.h"

namespace vg {

inline Schema shape_schema(std::string name, std::string doc) {
  return Schema(std::move(name), std::move(doc))
      .tensor_arg("shape", ArgType::Ints, "extents; default: a scalar")
      .arg("dtype", ArgType::DType, static_cast<int64_t>(DType::Int32), "element type");
}

inline Schema like_schema(std::string name, std::string doc) {
  return Schema(std::move(name), std::move(doc))
      .input("data_like", "its shape and layout are taken")
      .arg("dtype", ArgType::DType, "element type; default: that of data_like");
}

inline Outcome<ElementwiseParams> fill_plan(Plan& p) {
  VG_ASSIGN(const Shape shape, shape_argument(p));
  p.out() = TensorDesc{p.get<DType>("dtype"), shape, {}};
  return ElementwiseParams{};
}

inline Outcome<ElementwiseParams> fill_like_plan(Plan& p) {
  p.out() = p.in();
  p.out().dtype = p.dtype(p.in().dtype);
  return ElementwiseParams{};
}

struct Zeros {
  static Schema schema() { return shape_schema("zeros", "A tensor of zeros."); }
  static Outcome<ElementwiseParams> plan(Plan& p) { return fill_plan(p); }
  static constexpr int kValue = 0;
};

struct Ones {
  static Schema schema() { return shape_schema("ones", "A tensor of ones."); }
  static Outcome<ElementwiseParams> plan(Plan& p) { return fill_plan(p); }
  static constexpr int kValue = 1;
};

struct ZerosLike {
  static Schema schema() {
    return like_schema("zeros_like", "Zeros in the shape of another tensor.");
  }
  static Outcome<ElementwiseParams> plan(Plan& p) { return fill_like_plan(p); }
  static constexpr int kValue = 0;
};

struct OnesLike {
  static Schema schema() {
    return like_schema("ones_like", "Ones in the shape of another tensor.");
  }
  static Outcome<ElementwiseParams> plan(Plan& p) { return fill_like_plan(p); }
  static constexpr int kValue = 1;
};

struct Full {
  static Schema schema() {
    return Schema("full", "A tensor of one value (or of a value broadcast to the shape).")
        .input("fill_value", "a scalar, or a tensor that broadcasts to the shape; gives the type")
        .tensor_arg("shape", ArgType::Ints, "extents; default: a scalar");
  }
  static Outcome<ElementwiseParams> plan(Plan& p) {
    VG_ASSIGN(const Shape shape, shape_argument(p));
    return conversion_plan(p, 0, TensorDesc{p.in().dtype, shape, {}});
  }
};

struct FullLike {
  static Schema schema() {
    return Schema("full_like", "One value in the shape of another tensor.")
        .input("data_like", "its shape and layout are taken")
        .input("fill_value", "a scalar, or a tensor that broadcasts to the shape; gives the type");
  }
  static Outcome<ElementwiseParams> plan(Plan& p) {
    return conversion_plan(p, 1, TensorDesc{p.in(1).dtype, p.in(0).shape, p.in(0).layout});
  }
};

}  // namespace vg
