// The choice of vector instructions.
#include "cpu/target.h"

#include <atomic>
#include <cstdlib>

namespace vg::cpu {
namespace {

Target choose() {
  const char* wish = std::getenv("VARIEGATE_SIMD");
  const std::vector<Target> all = targets();
  if (wish)
    for (Target t : all)
      if (name_of(t) == wish) return t;
  return all.back();
}

std::atomic<Target>& chosen() {
  static std::atomic<Target> target{choose()};
  return target;
}

}  // namespace

Target target() { return chosen().load(std::memory_order_relaxed); }

void set_target(Target target) { chosen() = target; }

std::vector<Target> targets() {
  std::vector<Target> all{Target::Portable};
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) all.push_back(Target::Avx2);
#endif
  return all;
}

std::string_view name_of(Target target) {
  return target == Target::Avx2 ? std::string_view("avx2") : std::string_view("portable");
}

}  // namespace vg::cpu
