// Marks what the shared library exports.
#pragma once

#if defined(_WIN32)
#define VG_API
#else
#define VG_API __attribute__((visibility("default")))
#endif
