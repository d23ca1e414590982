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

/// Out of line: failures are rare, successes are passed by the thousand.
struct DeleteFailure {
  void operator()(Failure* failure) const;
};

/// A value or a failure; `Outcome<>` is success or a failure.
template <class T = std::monostate>
class [[nodiscard]] Outcome {
  // The planner passes thousands of these for every batch: a success must cost one comparison.
  static constexpr bool kStatus = std::is_same_v<T, std::monostate>;

 public:
  Outcome(T value) : value_(std::move(value)) {}
  Outcome(Failure failure) : failure_(new Failure(std::move(failure))) {}
  Outcome() requires kStatus {}

  bool ok() const { return !failure_; }
  explicit operator bool() const { return ok(); }
  T& value() requires(!kStatus) { return *value_; }
  const T& value() const requires(!kStatus) { return *value_; }
  T& operator*() requires(!kStatus) { return *value_; }
  const T& operator*() const requires(!kStatus) { return *value_; }
  T* operator->() requires(!kStatus) { return &*value_; }
  const T* operator->() const requires(!kStatus) { return &*value_; }
  Failure& failure() { return *failure_; }
  const Failure& failure() const { return *failure_; }

  /// At the door of the API: the value, or the failure as an exception.
  T take() && {
    if (!ok()) throw Error(failure().kind, failure().message);
    if constexpr (kStatus)
      return {};
    else
      return std::move(value());
  }

 private:
  struct Nothing {
    explicit Nothing(std::monostate = {}) {}
  };
  [[no_unique_address]] std::conditional_t<kStatus, Nothing, std::optional<T>> value_;
  std::unique_ptr<Failure, DeleteFailure> failure_;
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
