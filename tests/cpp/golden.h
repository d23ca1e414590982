// Reads recorded cases and their data: JSON, encoded files and .npy arrays.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "variegate/tensor.h"

namespace vg::golden {

using Json = nlohmann::json;

inline std::vector<std::byte> read_bytes(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file) << path;
  const std::vector<char> chars{std::istreambuf_iterator<char>(file), {}};
  const auto* bytes = reinterpret_cast<const std::byte*>(chars.data());
  return {bytes, bytes + chars.size()};
}

inline DType dtype_of(const std::string& name) {
  for (int i = 0; i <= static_cast<int>(DType::Bool); i++)
    if (name_of(static_cast<DType>(i)) == name) return static_cast<DType>(i);
  return DType::None;
}

struct Array {
  DType dtype = DType::None;
  Shape shape;
  std::vector<std::byte> bytes;
};

/// One element as a number; of the types that decoders give.
inline double element(DType dtype, const std::byte* data, int64_t i) {
  const auto get = [&]<class T>(T value) {
    std::memcpy(&value, data + i * static_cast<int64_t>(sizeof(T)), sizeof(T));
    return static_cast<double>(value);
  };
  switch (dtype) {
    case DType::Uint8:
      return get(uint8_t{});
    case DType::Uint16:
      return get(uint16_t{});
    case DType::Int16:
      return get(int16_t{});
    case DType::Float:
      return get(float{});
    default:
      ADD_FAILURE() << "no reader for " << name_of(dtype);
      return 0;
  }
}

/// A recorded tensor: `values` in the JSON, or a version 1.0 .npy file below `root`.
inline Array read_array(const Json& record, const std::filesystem::path& root) {
  Array a{dtype_of(record.at("dtype")), {}, {}};
  for (int64_t e : record.at("shape")) a.shape.push_back(e);
  if (record.contains("file")) {
    const auto file = read_bytes(root / record.at("file").get<std::string>());
    const size_t header =
        10 + (std::to_integer<size_t>(file[9]) << 8 | std::to_integer<size_t>(file[8]));
    a.bytes.assign(file.begin() + static_cast<int64_t>(header), file.end());
  } else {
    EXPECT_EQ(a.dtype, DType::Uint8);
    for (int v : record.at("values")) a.bytes.push_back(static_cast<std::byte>(v));
  }
  EXPECT_EQ(static_cast<int64_t>(a.bytes.size()), a.shape.elements() * size_of(a.dtype));
  return a;
}

/// Empty if `got` is within the tolerance (`max_abs`, `mean_abs`) of the array, else why not.
inline std::string difference(const Array& want, const std::byte* got, double max_abs,
                              double mean_abs) {
  const int64_t n = want.shape.elements();
  double worst = 0, sum = 0;
  for (int64_t i = 0; i < n; i++) {
    const double d =
        std::abs(element(want.dtype, want.bytes.data(), i) - element(want.dtype, got, i));
    worst = std::max(worst, d);
    sum += d;
  }
  if (worst <= max_abs && sum <= mean_abs * static_cast<double>(n)) return "";
  return "differs by up to " + std::to_string(worst) + ", " +
         std::to_string(sum / static_cast<double>(n)) + " in the mean";
}

}  // namespace vg::golden
