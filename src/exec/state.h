// Where a pipeline stands: what a checkpoint holds, and failures at the door of the API.
#pragma once

#include <string>
#include <vector>

#include "exec/executor.h"

namespace vg {

/// Matches what was taken, not what was prefetched.
struct Progress {
  uint64_t iteration = 0;
  uint64_t epoch = 0, position = 0;  ///< without a reader: since `reset`
  std::vector<std::string> sources;  ///< a JSON value each

  static Progress of(const Prepared& prepared);
  void advance(const Job& job);
  std::string to_json(const Prepared& prepared) const;
  /// Fails if the state belongs to another seed or another graph.
  static Outcome<Progress> from_json(const std::string& json, const Prepared& prepared);
};

/// The exception of the public API. A callback's own exception travels as its cause.
[[noreturn]] void throw_failure(const Failure& failure);

/// Thrown instead of Error where a callback failed: the binding raises the cause as it was.
class CallbackError : public Error {
 public:
  CallbackError(const Failure& failure)
      : Error(failure.kind, failure.message), cause_(failure.cause) {}
  const std::shared_ptr<void>& cause() const { return cause_; }

 private:
  std::shared_ptr<void> cause_;
};

}  // namespace vg
