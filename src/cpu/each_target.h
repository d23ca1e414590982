// Compiles the file that includes it once for each kind of vector instructions, with Highway.
//
//   #undef HWY_TARGET_INCLUDE
//   #define HWY_TARGET_INCLUDE "cpu/some_kernels.cpp"
//   #include "cpu/each_target.h"
//
// Our own choice (cpu/target.h) takes the place of Highway's: only its headers are used, and there
// is nothing to link.

// Each target is as much again to compile; these would gain little.
#ifndef HWY_DISABLED_TARGETS
#define HWY_DISABLED_TARGETS                                                                   \
  (HWY_SSSE3 | HWY_AVX3_DL | HWY_AVX3_ZEN4 | HWY_AVX3_SPR | HWY_AVX10_2 | HWY_SVE | HWY_SVE2 | \
   HWY_SVE_256 | HWY_SVE2_128 | HWY_NEON_BF16)
#define HWY_DISABLE_PCLMUL_AES
#define HWY_DISABLE_F16C
#include <hwy/detect_targets.h>
// What this version of Highway does not know.
#ifndef HWY_AVX3_ZEN4
#define HWY_AVX3_ZEN4 0
#endif
#ifndef HWY_AVX3_SPR
#define HWY_AVX3_SPR 0
#endif
#ifndef HWY_AVX10_2
#define HWY_AVX10_2 0
#endif
#ifndef HWY_NEON_BF16
#define HWY_NEON_BF16 0
#endif
#endif

#include <hwy/foreach_target.h>  // IWYU pragma: keep
