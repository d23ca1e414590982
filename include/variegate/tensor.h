// Types that describe data: element type, shape, layout, and a tensor that shares its memory.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "variegate/device.h"
#include "variegate/export.h"

namespace vg {

/// Element types, under DALI's names and with its numbering order.
enum class DType : int8_t {
  None = -1,
  Uint8,
  Uint16,
  Uint32,
  Uint64,
  Int8,
  Int16,
  Int32,
  Int64,
  Float16,
  Float,
  Float64,
  Bool,
};

VG_API std::string_view name_of(DType dtype);  ///< NumPy's name: "uint8", "float32", "bool"

/// Bytes of an element; 0 for None.
constexpr int64_t size_of(DType dtype) {
  constexpr int8_t kSizes[] = {0, 1, 2, 4, 8, 1, 2, 4, 8, 2, 4, 8, 1};
  return kSizes[static_cast<int>(dtype) + 1];
}
constexpr bool is_float(DType dtype) { return dtype >= DType::Float16 && dtype <= DType::Float64; }
/// Signed integers and floats.
constexpr bool is_signed(DType dtype) { return dtype >= DType::Int8 && dtype <= DType::Float64; }
/// Integers without Bool.
constexpr bool is_integer(DType dtype) { return dtype >= DType::Uint8 && dtype <= DType::Int64; }

/// Extents of up to 8 dimensions.
class Shape {
 public:
  static constexpr int kMaxDims = 8;
  Shape() = default;
  Shape(std::initializer_list<int64_t> extents)
      : Shape(std::span(extents.begin(), extents.size())) {}
  explicit Shape(std::span<const int64_t> extents) {
    for (int64_t e : extents) push_back(e);
  }
  int ndim() const { return ndim_; }
  int64_t operator[](int i) const { return extents_[i]; }
  int64_t& operator[](int i) { return extents_[i]; }
  void push_back(int64_t extent) {
    if (ndim_ < kMaxDims) extents_[ndim_++] = extent;
  }
  const int64_t* begin() const { return extents_.data(); }
  const int64_t* end() const { return extents_.data() + ndim_; }
  int64_t elements() const {
    int64_t n = 1;
    for (int64_t e : *this) n *= e;
    return n;
  }
  bool operator==(const Shape& other) const {
    return std::equal(begin(), end(), other.begin(), other.end());
  }
  VG_API std::string text() const;  ///< "(480, 640, 3)"

 private:
  std::array<int64_t, kMaxDims> extents_{};
  int ndim_ = 0;
};

/// Names of the axes, a letter each: H W C D F. Empty: nothing is known.
class Layout {
 public:
  Layout() = default;
  Layout(std::string_view letters) {
    for (char c : letters.substr(0, Shape::kMaxDims)) letters_[size_++] = c;
  }
  Layout(const char* letters) : Layout(std::string_view(letters)) {}
  std::string_view text() const { return {letters_.data(), static_cast<size_t>(size_)}; }
  bool empty() const { return size_ == 0; }
  int size() const { return size_; }
  char operator[](int i) const { return letters_[i]; }
  /// Position of an axis, -1 if there is none of that name.
  int find(char axis) const {
    for (int i = 0; i < size_; i++)
      if (letters_[i] == axis) return i;
    return -1;
  }
  bool operator==(const Layout& other) const = default;

 private:
  std::array<char, Shape::kMaxDims> letters_{};
  int8_t size_ = 0;
};

/// What is known of a tensor before its elements.
struct TensorDesc {
  DType dtype = DType::None;
  Shape shape;
  Layout layout;
  int64_t bytes() const { return shape.elements() * size_of(dtype); }
};

/// Dense elements in C order, in memory that copies of the Tensor share.
struct Tensor : TensorDesc {
  /// Memory for what `desc` describes, not initialised; never null, even for no elements.
  static VG_API Tensor allocate(const TensorDesc& desc);

  std::shared_ptr<std::byte> data;
  std::shared_ptr<const std::string> source;  ///< name of the file that it came from, if any
  std::shared_ptr<DeviceMemory> device;       ///< not null: `data` is an address of a GPU

  template <class T>
  T* as() const {
    return reinterpret_cast<T*>(data.get());
  }
};

}  // namespace vg
