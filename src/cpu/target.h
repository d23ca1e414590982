// Which vector instructions the drivers use: chosen once, at run time. Bytes never depend on it.
//
// `on_target([=]() VG_LAMBDA_INLINE { a loop });` compiles a loop once for each kind and runs the
// right one. What it calls has to be inlined; it captures values, since stores of bytes might
// change what references refer to. Loops that a compiler does not turn into vectors by itself are
// written with Highway: see cpu/vectors.h.
#pragma once

#include <string_view>
#include <vector>

#define VG_INLINE inline __attribute__((always_inline))
#define VG_LAMBDA_INLINE __attribute__((always_inline))

namespace vg::cpu {

enum class Target { Portable, Neon, Sse4, Avx2, Avx512 };

/// The best that this machine has; the environment variable VARIEGATE_SIMD ("portable", "sse4",
/// "avx2", "avx512", "neon") asks for less.
Target target();
/// Only for tests, while no pipeline runs: one of `targets()`.
void set_target(Target target);
/// What this machine has, the best last.
std::vector<Target> targets();
std::string_view name_of(Target target);

#if defined(__x86_64__)
template <class F>
__attribute__((target("sse4.2"))) void run_sse4(F loop) {
  loop();
}
template <class F>
__attribute__((target("avx2"))) void run_avx2(F loop) {
  loop();
}
template <class F>
__attribute__((target("avx2,avx512f,avx512vl,avx512dq,avx512bw"))) void run_avx512(F loop) {
  loop();
}
#endif

template <class F>
void on_target(F loop) {
#if defined(__x86_64__)
  switch (target()) {
    case Target::Avx512:
      return run_avx512(loop);
    case Target::Avx2:
      return run_avx2(loop);
    case Target::Sse4:
      return run_sse4(loop);
    default:
      break;
  }
#endif
  loop();
}

}  // namespace vg::cpu
