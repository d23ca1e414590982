// Which vector instructions the drivers use: chosen once, at run time. Bytes never depend on it.
//
// `on_target([=]() VG_LAMBDA_INLINE { a loop });` compiles a loop once for each kind and runs the
// right one. What it calls has to be inlined; it captures values, since stores of bytes might
// change what references refer to. Where a compiler does not find the instructions by itself, a
// file has them by name, under `#if defined(__x86_64__)`.
#pragma once

#include <string_view>
#include <vector>

#if defined(__x86_64__)
#define VG_AVX2 __attribute__((target("avx2")))
#endif
#define VG_INLINE inline __attribute__((always_inline))
#define VG_LAMBDA_INLINE __attribute__((always_inline))

namespace vg::cpu {

enum class Target { Portable, Avx2 };

/// The best that this machine has; the environment variable VARIEGATE_SIMD ("portable", "avx2")
/// asks for less.
Target target();
/// Only for tests, while no pipeline runs: one of `targets()`.
void set_target(Target target);
/// What this machine has, the best last.
std::vector<Target> targets();
std::string_view name_of(Target target);

inline bool has_avx2() { return target() >= Target::Avx2; }

#if defined(__x86_64__)
template <class F>
VG_AVX2 void run_avx2(F loop) {
  loop();
}
#endif

template <class F>
void on_target(F loop) {
#if defined(__x86_64__)
  if (has_avx2()) return run_avx2(loop);
#endif
  loop();
}

}  // namespace vg::cpu
