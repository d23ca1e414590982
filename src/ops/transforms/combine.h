// transforms.combine: the product of several matrices.
#pragma once

#include "ops/transforms/matrix.h"

namespace vg {

struct Combine {
  static Schema schema() {
    return Schema("transforms.combine",
                  "One matrix for several transforms, the first input being "
                  "applied first.")
        .inputs(2, 99, "matrices", "affine transforms (n, n + 1) of the same n")
        .arg("reverse_order", ArgType::Bool, false, "the last input is applied first")
        .eager()
        .cpu_only();
  }

  static Status plan(Plan& p) {
    const bool reverse = p.get<bool>("reverse_order");
    VG_ASSIGN(AffineMatrix product, matrix_input(p, 0));
    for (int i = 1; i < p.inputs(); i++) {
      VG_ASSIGN(const AffineMatrix next, matrix_input(p, i));
      if (next.n != product.n)
        return p.bad("", "combines transforms of one size; the shapes are {} and {}",
                     p.in(0).shape.text(), p.in(i).shape.text());
      product = reverse ? product.after(next) : next.after(product);
    }
    return matrix_output(p, product);
  }
};

}  // namespace vg
