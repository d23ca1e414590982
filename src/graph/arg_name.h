// The name of an argument with its hash, which the compiler knows where the name is a literal.
#pragma once

#include <cstdint>
#include <string_view>

namespace vg {

/// The name of an argument. A literal gets its hash (FNV-1a) while it is compiled.
class ArgName {
 public:
  template <size_t N>
  consteval ArgName(const char (&literal)[N]) : ArgName(std::string_view(literal, N - 1)) {}
  constexpr explicit ArgName(std::string_view text)
      : text_(text.data()), size_(static_cast<uint32_t>(text.size())), hash_(2166136261u) {
    for (char c : text) hash_ = (hash_ ^ static_cast<uint8_t>(c)) * 16777619u;
  }
  constexpr operator std::string_view() const { return {text_, size_}; }
  constexpr uint32_t hash() const { return hash_; }

 private:
  const char* text_;
  uint32_t size_, hash_;
};

}  // namespace vg
