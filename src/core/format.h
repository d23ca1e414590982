// The formatting of messages. The compiler of device code cannot compile fmt and formats nothing:
// it sees the names alone.
#pragma once

#if defined(__CUDACC__)
#include <string>
#include <type_traits>

namespace fmt {

struct Text {
  constexpr Text(const char*) {}
};
template <class... A>
using format_string = std::type_identity_t<Text>;
template <class... A>
std::string format(format_string<A...> text, A&&... a);  // defined nowhere

}  // namespace fmt
#else
#include <fmt/format.h>
#endif
