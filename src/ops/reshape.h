// The same bytes under another shape or type: reshape, reinterpret, squeeze, expand_dims.
#pragma once

#include "ops/view.h"

namespace vg {

struct Reshape {
  static Schema schema();
  static Status check(const Node& node);
  static Outcome<ViewParams> plan(Plan& p);
};

struct Reinterpret {
  static Schema schema();
  static Status check(const Node& node);
  static Outcome<ViewParams> plan(Plan& p);
};

struct Squeeze {
  static Schema schema();
  static Status check(const Node& node);
  static Outcome<ViewParams> plan(Plan& p);
};

struct ExpandDims {
  static Schema schema();
  static Status check(const Node& node);
  static Outcome<ViewParams> plan(Plan& p);
};

}  // namespace vg
