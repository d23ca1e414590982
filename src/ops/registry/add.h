// The registry's parts: one per family, each compiled on its own.
#pragma once

#include "graph/op_def.h"

namespace vg {

/// Appends the operators of a list; opcode = position in it.
template <class... Op>
void add(std::vector<OpDef>& to, [[maybe_unused]] Family family, TypeList<Op...>) {
  [[maybe_unused]] int opcode = 0;
  (to.push_back(make_def<Op>(family, opcode++)), ...);
}

void add_point(std::vector<OpDef>& to);
void add_measured(std::vector<OpDef>& to);
void add_warp(std::vector<OpDef>& to);
void add_stencil(std::vector<OpDef>& to);
void add_resample(std::vector<OpDef>& to);
void add_scatter(std::vector<OpDef>& to);
void add_view(std::vector<OpDef>& to);
void add_elementwise(std::vector<OpDef>& to);
void add_reduce(std::vector<OpDef>& to);
void add_decode(std::vector<OpDef>& to);
void add_opaque(std::vector<OpDef>& to);

}  // namespace vg
