// Loops of the conversions: one per pair of element types.
#include "core/cast.h"

#include <cstring>

namespace vg {
namespace {

template <class From, class To>
void convert(const std::byte* in, std::byte* out, int64_t n) {
  const auto* from = reinterpret_cast<const Stored<From>*>(in);
  auto* to = reinterpret_cast<Stored<To>*>(out);
  for (int64_t i = 0; i < n; i++) to[i] = cast_to<To>(static_cast<From>(from[i]));
}

}  // namespace

void cast_elements(DType from, const std::byte* in, DType to, std::byte* out, int64_t n) {
  if (n <= 0) return;
  if (from == to) {
    std::memcpy(out, in, static_cast<size_t>(n * size_of(to)));
    return;
  }
  with_type(from, [&]<class From>(std::type_identity<From>) {
    with_type(to, [&]<class To>(std::type_identity<To>) { convert<From, To>(in, out, n); });
  });
}

void store_number(double x, DType dtype, std::byte* out) {
  cast_elements(DType::Float64, reinterpret_cast<const std::byte*>(&x), dtype, out, 1);
}

}  // namespace vg
