// Batch operators that give samples to each other.
#include "ops/permute_batch.h"

#include <numeric>

namespace vg {
namespace {

/// One position per item: a list for the batch, or each item's own number.
Outcome<std::vector<int64_t>> positions(const BatchWork& work) {
  const auto n = static_cast<int64_t>(work.items().size());
  const Node& node = work.node();
  const auto at = static_cast<size_t>(node.schema().index_of("indices"));
  std::vector<int64_t> wanted;
  if (auto* list = std::get_if<std::vector<int64_t>>(&node.args[at])) {
    wanted = *list;
  } else if (auto* tensor = std::get_if<Tensor>(&node.args[at])) {
    for (int64_t i = 0; i < tensor->shape.elements(); i++)
      wanted.push_back(static_cast<int64_t>(element({*tensor, tensor->data.get()}, i)));
  } else {
    for (const BatchItem& item : work.items()) {
      if (item.args[at].desc.shape.elements() != 1)
        return node.problem(ErrorKind::Runtime, "indices", "must be one number per sample");
      wanted.push_back(static_cast<int64_t>(element(item.args[at], 0)));
    }
  }
  if (static_cast<int64_t>(wanted.size()) != n)
    return node.problem(ErrorKind::Runtime, "indices",
                        fmt::format("has {} elements for a batch of {}", wanted.size(), n));
  for (int64_t i : wanted)
    if (i < 0 || i >= n)
      return node.problem(ErrorKind::Runtime, "indices",
                          fmt::format("= {} is out of range for a batch of {}", i, n));
  return wanted;
}

}  // namespace

Outcome<> PermuteBatch::plan(Plan& p) { return p.bad("", "needs a batch"); }

Status PermuteBatch::run_batch(BatchWork& work) {
  VG_ASSIGN(const std::vector<int64_t> wanted, positions(work));
  for (size_t i = 0; i < wanted.size(); i++) {
    const TensorRef& from = work.items()[static_cast<size_t>(wanted[i])].in[0];
    Tensor& to = work.items()[i].out[0];
    VG_ASSIGN(to, work.allocate(from.desc));
    if (from.source) to.source = std::make_shared<const std::string>(*from.source);
    if (from.desc.bytes() > 0)
      std::memcpy(to.data.get(), from.data, static_cast<size_t>(from.desc.bytes()));
  }
  return {};
}

Outcome<> BatchPermutation::plan(Plan& p) { return p.bad("", "needs a batch"); }

Status BatchPermutation::run_batch(BatchWork& work) {
  const Node& node = work.node();
  const auto flag = [&](std::string_view name) {
    const auto* b =
        std::get_if<bool>(&node.args[static_cast<size_t>(node.schema().index_of(name))]);
    return b && *b;
  };
  const size_t n = work.items().size();
  const bool repeat = flag("allow_repetitions"), moving = flag("no_fixed_points") && n > 1;
  DrawStream draws = work.draws();
  std::vector<int32_t> order(n);
  std::iota(order.begin(), order.end(), 0);
  for (size_t i = 0; i < n && repeat; i++) {
    // One of the others is drawn from n - 1, and those from the own place on move up.
    const uint32_t drawn = uniform_below(draws.next_u32(), moving ? n - 1 : n);
    order[i] = static_cast<int32_t>(drawn + (moving && drawn >= i ? 1 : 0));
  }
  // Fisher and Yates; Sattolo's variant (never the own place) gives one cycle: no fixed point.
  for (size_t i = n; i-- > 1 && !repeat;)
    std::swap(order[i], order[uniform_below(draws.next_u32(), moving ? i : i + 1)]);
  for (size_t i = 0; i < n; i++) {
    Tensor& to = work.items()[i].out[0];
    VG_ASSIGN(to, work.allocate(TensorDesc{DType::Int32, {}, {}}));
    *to.as<int32_t>() = order[i];
  }
  return {};
}

}  // namespace vg
