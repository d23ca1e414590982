// The choice of vector instructions.
#include "cpu/target.h"

#include <array>
#include <atomic>
#include <cstdlib>

#if defined(__aarch64__) && defined(__linux__)
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif

namespace vg::cpu {
namespace {

constexpr std::array<std::string_view, 5> kNames{"portable", "neon", "sse4", "avx2", "avx512"};

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
  // What Highway lets compilers use for each of its targets.
  const auto has_all = [](auto... has) { return (has && ...); };
  if (!has_all(__builtin_cpu_supports("sse4.2"))) return all;
  all.push_back(Target::Sse4);
  if (!has_all(__builtin_cpu_supports("avx2"), __builtin_cpu_supports("bmi"),
               __builtin_cpu_supports("bmi2"), __builtin_cpu_supports("fma")))
    return all;
  all.push_back(Target::Avx2);
  if (has_all(__builtin_cpu_supports("avx512f"), __builtin_cpu_supports("avx512vl"),
              __builtin_cpu_supports("avx512dq"), __builtin_cpu_supports("avx512bw")))
    all.push_back(Target::Avx512);
#elif defined(__aarch64__) && defined(__linux__)
  // Highway's NEON includes these instructions; nothing here asks for them.
  if (getauxval(AT_HWCAP) & HWCAP_AES) all.push_back(Target::Neon);
#elif defined(__aarch64__)
  all.push_back(Target::Neon);
#endif
  return all;
}

std::string_view name_of(Target target) { return kNames[static_cast<size_t>(target)]; }

}  // namespace vg::cpu
