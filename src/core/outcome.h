// Errors as values: inside the library nothing throws; an operation gives a value or a failure.
#pragma once

#include "core/format.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "variegate/error.h"

namespace vg {

/// Why something could not be done. `source` names the data (a file) where there is one.
struct Failure {
  ErrorKind kind = ErrorKind::Runtime;
  std::string message;
  std::string source = {};
  std::shared_ptr<void> cause = {};  ///< an exception of a callback, to be raised again as it is
};

/// A value or a failure; `Outcome<>` is success or a failure.
template <class T = std::monostate>
class [[nodiscard]] Outcome {
 public:
  Outcome(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Outcome(Failure failure) : state_(std::in_place_index<1>, std::move(failure)) {}
  Outcome() requires std::is_same_v<T, std::monostate> : state_(std::in_place_index<0>) {}

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }
  T& value() { return std::get<0>(state_); }
  const T& value() const { return std::get<0>(state_); }
  T& operator*() { return value(); }
  const T& operator*() const { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  Failure& failure() { return std::get<1>(state_); }
  const Failure& failure() const { return std::get<1>(state_); }

  /// At the door of the API: the value, or the failure as an exception.
  T take() && {
    if (!ok()) throw Error(failure().kind, failure().message);
    return std::move(value());
  }

 private:
  std::variant<T, Failure> state_;
};

using Status = Outcome<>;

/// `return fail(ErrorKind::Value, "size = {} is not positive", size);`
template <class... A>
Failure fail(ErrorKind kind, fmt::format_string<A...> text, A&&... a) {
  return Failure{kind, fmt::format(text, std::forward<A>(a)...), {}, {}};
}

/// The common kind: `return fail("cannot read {}", path);`
template <class... A>
Failure fail(fmt::format_string<A...> text, A&&... a) {
  return Failure{ErrorKind::Runtime, fmt::format(text, std::forward<A>(a)...), {}, {}};
}

}  // namespace vg

#define VG_CONCAT_(a, b) a##b
#define VG_CONCAT(a, b) VG_CONCAT_(a, b)

/// Leaves the function with the failure, if `expression` gives one.
#define VG_TRY(expression)                                                                        \
  do {                                                                                            \
    if (auto vg_outcome = (expression); !vg_outcome.ok()) return std::move(vg_outcome.failure()); \
  } while (false)

/// `VG_ASSIGN(auto image, decode(bytes));`: declares or assigns the value, or leaves with the
/// failure.
#define VG_ASSIGN(target, expression) \
  VG_ASSIGN_(VG_CONCAT(vg_outcome_, __LINE__), target, expression)
#define VG_ASSIGN_(name, target, expression)        \
  auto name = (expression);                         \
  if (!name.ok()) return std::move(name.failure()); \
  target = std::move(name.value())
