// The exceptions of the public API: one class, whose kind says which built-in Python class it is.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

#include "variegate/export.h"

namespace vg {

/// What went wrong, in the vocabulary of Python's built-in exceptions (spec of each call).
enum class ErrorKind {
  Runtime,         ///< bad data, or values that do not fit at run time
  Value,           ///< an argument outside its range
  Type,            ///< an argument of the wrong type
  Key,             ///< an unknown name
  Index,           ///< an index out of range
  NotImplemented,  ///< a graph that cannot be built
  Overflow,        ///< a number that its type cannot hold
  Memory,          ///< a byte ceiling was reached
  Assertion,       ///< a broken rule of the iterators
  StopIteration,   ///< the data ended
  Plain,           ///< automatic augmentation raises plain `Exception`s
};

/// Thrown by the public API. Inside the library errors are values (`vg::Outcome`).
class VG_API Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, const std::string& message) : std::runtime_error(message), kind_(kind) {}
  ErrorKind kind() const { return kind_; }

 private:
  ErrorKind kind_;
};

}  // namespace vg
