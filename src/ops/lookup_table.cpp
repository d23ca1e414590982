// The dense table behind `lookup_table`.
#include "ops/lookup_table.h"

namespace vg {
namespace {

constexpr double kLargestKey = 65535;

Status check_keys(Plan& p) {
  const auto keys = p.numbers("keys"), values = p.numbers("values");
  VG_TRY(p.status());
  if (keys.size() != values.size())
    return p.bad("keys", "has {} elements and values has {}; each key needs its value", keys.size(),
                 values.size());
  for (double key : keys)
    if (!(key >= 0 && key <= kLargestKey))
      return p.bad("keys", "contains {}, which is not in [0, 65535]", key);
  return {};
}

}  // namespace

Status LookupTable::check(const Node& node) {
  Arena arena;
  const Sample none;
  Plan p(node, none, DrawKey{}, {}, {}, {}, arena);
  return check_keys(p);
}

Outcome<LookupTable> LookupTable::plan(Plan& p) {
  VG_TRY(check_keys(p));
  if (!is_integer(p.in().dtype))
    return p.bad("", "needs integers; the input is {}", name_of(p.in().dtype));
  const auto keys = p.numbers("keys"), values = p.numbers("values");
  LookupTable op{{}, p.get<float>("default_value")};
  double largest = -1;
  for (double key : keys) largest = std::max(largest, key);
  const auto table = p.arena().array<float>(static_cast<size_t>(largest + 1));
  std::fill(table.begin(), table.end(), op.otherwise);
  for (size_t i = 0; i < keys.size(); i++)
    table[static_cast<size_t>(keys[i])] = static_cast<float>(values[i]);
  op.values = table;
  return point_plan(p, p.dtype(DType::Float), op);
}

}  // namespace vg
