// Operators of C++ as calls.
#include "variegate/arithmetic.h"

#include <limits>

#include "core/outcome.h"

namespace vg {
namespace {

int32_t narrow(int64_t number) {
  if (number < std::numeric_limits<int32_t>::min() || number > std::numeric_limits<int32_t>::max())
    throw Error(ErrorKind::Overflow,
                fmt::format("the constant {} is out of range of int32", number));
  return static_cast<int32_t>(number);
}

Value binary(std::string_view op, const Operand& a, const Operand& b) {
  return call(op, {a.value(), b.value()})[0];
}

}  // namespace

Operand::Operand(bool number) : value_(constant(number)) {}
Operand::Operand(int number) : value_(constant(int32_t{number})) {}
Operand::Operand(int64_t number) : value_(constant(narrow(number))) {}
Operand::Operand(float number) : value_(constant(number)) {}
Operand::Operand(double number) : value_(constant(static_cast<float>(number))) {}

Value operator+(const Operand& a, const Operand& b) { return binary("_add", a, b); }
Value operator-(const Operand& a, const Operand& b) { return binary("_sub", a, b); }
Value operator*(const Operand& a, const Operand& b) { return binary("_mul", a, b); }
Value operator/(const Operand& a, const Operand& b) { return binary("_div", a, b); }
Value operator%(const Operand& a, const Operand& b) { return binary("_mod", a, b); }
Value operator&(const Operand& a, const Operand& b) { return binary("_and", a, b); }
Value operator|(const Operand& a, const Operand& b) { return binary("_or", a, b); }
Value operator^(const Operand& a, const Operand& b) { return binary("_xor", a, b); }
Value operator-(const Value& x) { return call("_neg", {x})[0]; }
Value operator~(const Value& x) { return call("_bitwise_not", {x})[0]; }

Value operator<(const Operand& a, const Operand& b) { return binary("_lt", a, b); }
Value operator<=(const Operand& a, const Operand& b) { return binary("_le", a, b); }
Value operator>(const Operand& a, const Operand& b) { return binary("_gt", a, b); }
Value operator>=(const Operand& a, const Operand& b) { return binary("_ge", a, b); }
Value equal(const Operand& a, const Operand& b) { return binary("_eq", a, b); }
Value not_equal(const Operand& a, const Operand& b) { return binary("_ne", a, b); }

}  // namespace vg
