// Planning and running random.choice.
#include "ops/random_choice.h"

#include <algorithm>
#include <cstring>

namespace vg::random {

Outcome<Choice> Choice::plan(Plan& p) {
  const TensorDesc& a = p.in();
  const bool scalar = a.shape.ndim() == 0;
  if (scalar && !is_integer(a.dtype))
    return p.bad("a", "is a scalar of type {}; a whole number is expected", name_of(a.dtype));
  const double count = scalar ? element(p.input(0), 0) : static_cast<double>(a.shape[0]);
  if (!(count >= 1)) return p.bad("a", "= {} leaves nothing to choose from", count);
  std::span<double> until;
  if (p.has("p")) {
    const std::span<const double> given = p.numbers("p");
    if (static_cast<double>(given.size()) != count)
      return p.bad("p", "has {} elements; {} are expected", given.size(), count);
    until = p.arena().array<double>(given.size());
    double sum = 0;
    for (size_t i = 0; i < given.size(); i++) {
      if (!(given[i] >= 0)) return p.bad("p", "has {}, which is not a probability", given[i]);
      until[i] = sum += given[i];
    }
    if (std::fabs(sum - 1) > 1e-4) return p.bad("p", "sums to {}, not to 1", sum);
  }
  const std::span<const int64_t> all(a.shape.begin(), a.shape.end());
  VG_TRY(describe_output(p, 1, a.dtype, scalar ? all : all.subspan(1)));
  return Choice{draw_of(p), static_cast<int64_t>(count), until};
}

Status Choice::run(const Work& work) {
  const Choice& op = work.param<Choice>();
  const TensorRef &a = work.in[0], &out = work.out[0];
  const bool scalar = a.desc.shape.ndim() == 0;
  const int64_t size = size_of(out.desc.dtype), slice = scalar ? size : a.desc.bytes() / op.count;
  const int64_t choices = slice > 0 ? out.desc.bytes() / slice : 0;
  for (int64_t i = 0; i < choices; i++) {
    ElementDraws draws(op.draw.key, op.draw.sample, static_cast<uint32_t>(i));
    const double x = draws();
    int64_t chosen = static_cast<int64_t>(x * static_cast<double>(op.count));
    if (!op.until.empty()) {
      // The sum may miss 1 a little: a share of the sum that there is.
      const auto at = std::upper_bound(op.until.begin(), op.until.end(), x * op.until.back());
      chosen = std::min<int64_t>(at - op.until.begin(), op.count - 1);
    }
    if (scalar)
      store_number(static_cast<double>(chosen), out.desc.dtype, out.data + i * size);
    else
      std::memcpy(out.data + i * slice, a.data + chosen * slice, static_cast<size_t>(slice));
  }
  return {};
}

}  // namespace vg::random
