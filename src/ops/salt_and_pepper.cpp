// Probabilities of salt and pepper as counts of random numbers.
#include "ops/salt_and_pepper.h"

#include <cmath>
#include <limits>

namespace vg {

Outcome<SaltAndPepper> SaltAndPepper::plan(Plan& p) {
  for (ArgName name : {ArgName("prob"), ArgName("salt_vs_pepper")})
    if (const auto x = p.get<double>(name); !(x >= 0 && x <= 1))
      return p.bad(name, "= {} is not in [0, 1]", x);
  const DType type = p.in().dtype;
  constexpr double kEnd = std::numeric_limits<double>::infinity();  // clamped to the type's end
  const double one = is_float(type) ? 1 : kEnd;
  const auto value = [&](ArgName name, double otherwise) {
    return element_of(type, p.has(name) ? p.get<double>(name) : otherwise);
  };
  const double prob = p.get<double>("prob"), share = p.get<double>("salt_vs_pepper");
  SaltAndPepper op{};
  op.choice = {{p.draw_key(), p.sample().key},
               p.get<bool>("per_channel"),
               {value("salt_val", one), value("pepper_val", -one)}};
  op.salt = static_cast<uint64_t>(std::ceil(prob * share * 0x1p32));
  op.either = static_cast<uint64_t>(std::ceil(prob * 0x1p32));
  return scatter_plan(p, op);
}

}  // namespace vg
