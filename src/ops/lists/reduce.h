// The reduce operators. Adding one: its file, and its line here.
#pragma once

#include "ops/normalize.h"
#include "ops/reductions.h"

namespace vg {

using ReduceOps =
    TypeList<reductions::Sum, reductions::Mean, reductions::MeanSquare, reductions::Rms,
             reductions::Variance, reductions::StdDev, reductions::Min, reductions::Max, Normalize>;

}  // namespace vg
