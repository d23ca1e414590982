// Reading elements, and a table of small numbers in every type.
#include "graph/elements.h"

#include "core/cast.h"

namespace vg {
namespace {

class WholeNumbers {
 public:
  static constexpr int64_t kCount = 256;
  WholeNumbers() {
    for (int type = 0; type < kTypes; type++)
      for (int64_t i = 0; i < kCount; i++)
        store_number(static_cast<double>(i), static_cast<DType>(type),
                     at(static_cast<DType>(type), i));
  }
  std::byte* at(DType dtype, int64_t i) {
    return numbers_[static_cast<int>(dtype)] + i * size_of(dtype);
  }
  bool has(const std::byte* data) const {
    const auto at = reinterpret_cast<uintptr_t>(data),
               first = reinterpret_cast<uintptr_t>(numbers_);
    return at - first < sizeof(numbers_);
  }

 private:
  static constexpr int kTypes = static_cast<int>(DType::Bool) + 1;
  alignas(64) std::byte numbers_[kTypes][kCount * 8] = {};
};

// Made as the library is loaded: a sample asks several times.
WholeNumbers whole_numbers;

}  // namespace

double element(DType dtype, const std::byte* data, int64_t i) {
  const auto number = [&]<class T>(T) {
    return static_cast<double>(reinterpret_cast<const T*>(data)[i]);
  };
  switch (dtype) {
    case DType::Uint8:
      return number(uint8_t{});
    case DType::Uint16:
      return number(uint16_t{});
    case DType::Uint32:
      return number(uint32_t{});
    case DType::Uint64:
      return number(uint64_t{});
    case DType::Int8:
      return number(int8_t{});
    case DType::Int16:
      return number(int16_t{});
    case DType::Int32:
      return number(int32_t{});
    case DType::Int64:
      return number(int64_t{});
    case DType::Float16:
      return half_to_float(reinterpret_cast<const Half*>(data)[i]);
    case DType::Float:
      return number(float{});
    case DType::Float64:
      return number(double{});
    case DType::Bool:
      return number(uint8_t{}) != 0;
    case DType::None:
      break;
  }
  return 0;
}

std::byte* whole_number(DType dtype, int64_t number) { return whole_numbers.at(dtype, number); }

bool is_whole_number(const std::byte* data) { return whole_numbers.has(data); }

}  // namespace vg
