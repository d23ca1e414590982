// JPEG files made of the photos: of any size, sampling, quality and tables, as many as a test
// wants.
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "jpeg_files.h"
#include "source_dir.h"

namespace vg::jpeg_files {

inline std::vector<File> photos() {
  std::vector<File> all;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(
           std::filesystem::path(test::source_dir()) / "tests/photos/small")) {
    if (entry.path().extension() != ".jpg") continue;
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(in)), {});
    const auto* begin = reinterpret_cast<const std::byte*>(bytes.data());
    all.emplace_back(begin, begin + bytes.size());
  }
  if (all.empty()) throw std::runtime_error("there are no photos");
  return all;
}

/// A part of a photo, scaled, with the noise of a camera.
inline File patch(const std::vector<Decoded>& from, Recipe r) {
  std::mt19937 random(r.seed);
  const Decoded& photo = from[random() % from.size()];
  const int w = std::min(photo.width, std::max(8, static_cast<int>(static_cast<unsigned>(r.width) *
                                                                   (50 + random() % 50) / 100)));
  const int h = std::min(
      photo.height,
      std::max(8, static_cast<int>(static_cast<unsigned>(r.height) * (50 + random() % 50) / 100)));
  const int left = static_cast<int>(random() % static_cast<unsigned>(photo.width - w + 1));
  const int top = static_cast<int>(random() % static_cast<unsigned>(photo.height - h + 1));
  std::vector<uint8_t> pixels(static_cast<size_t>(r.width) * static_cast<size_t>(r.height) * 3);
  const float sx = static_cast<float>(w - 1) / static_cast<float>(r.width),
              sy = static_cast<float>(h - 1) / static_cast<float>(r.height);
  const auto at = [&](int x, int y, int k) {
    return static_cast<float>(
        photo.pixels[(static_cast<size_t>(y) * static_cast<size_t>(photo.width) +
                      static_cast<size_t>(x)) *
                         3 +
                     static_cast<size_t>(k)]);
  };
  for (int y = 0; y < r.height; y++)
    for (int x = 0; x < r.width; x++) {
      const float fx = static_cast<float>(left) + sx * static_cast<float>(x),
                  fy = static_cast<float>(top) + sy * static_cast<float>(y);
      const int ix = static_cast<int>(fx), iy = static_cast<int>(fy);
      const float ax = fx - static_cast<float>(ix), ay = fy - static_cast<float>(iy);
      const int jx = std::min(ix + 1, photo.width - 1), jy = std::min(iy + 1, photo.height - 1);
      const int noise =
          r.noise ? static_cast<int>(random() % r.noise) - static_cast<int>(r.noise) / 2 : 0;
      for (int k = 0; k < 3; k++) {
        const float v = (at(ix, iy, k) * (1 - ax) + at(jx, iy, k) * ax) * (1 - ay) +
                        (at(ix, jy, k) * (1 - ax) + at(jx, jy, k) * ax) * ay;
        pixels[(static_cast<size_t>(y) * static_cast<size_t>(r.width) + static_cast<size_t>(x)) *
                   3 +
               static_cast<size_t>(k)] =
            static_cast<uint8_t>(std::clamp(static_cast<int>(v) + noise, 0, 255));
      }
    }
  return encode(r, pixels);
}

inline std::vector<Decoded> decoded_photos() {
  std::vector<Decoded> all;
  for (const File& f : photos()) all.push_back(decode(f));
  return all;
}

struct Sampling {
  std::array<int, 3> h, v;
};
inline const std::vector<Sampling> kSamplings = {
    {{1, 1, 1}, {1, 1, 1}}, {{2, 1, 1}, {1, 1, 1}}, {{2, 1, 1}, {2, 1, 1}}, {{1, 1, 1}, {2, 1, 1}},
    {{4, 1, 1}, {1, 1, 1}}, {{2, 1, 2}, {2, 2, 1}}, {{1, 2, 2}, {1, 1, 1}}};

/// A large image of copies of a small one.
inline File mosaic(const Recipe& large) {
  constexpr int kSide = 1000;
  const auto tile = picture({.width = kSide, .height = kSide, .noise = 40});
  const auto row_bytes = static_cast<size_t>(large.width) * 3;
  std::vector<uint8_t> pixels;
  pixels.reserve(row_bytes * static_cast<size_t>(large.height));
  for (int y = 0; y < large.height; y++)
    for (size_t left = row_bytes; left > 0;) {
      const size_t part = std::min(left, size_t{kSide} * 3);
      const auto row = tile.begin() + y % kSide * kSide * 3;
      pixels.insert(pixels.end(), row, row + static_cast<int64_t>(part));
      left -= part;
    }
  return encode(large, pixels);
}

/// The `k`-th of a set in which all that a baseline file may choose occurs, in all mixtures.
inline File some_file(const std::vector<Decoded>& from, unsigned k) {
  const Sampling& s = kSamplings[k % kSamplings.size()];
  Recipe r{.width = static_cast<int>(16 + k * 37 % 190),
           .height = static_cast<int>(12 + k * 53 % 170),
           .h = s.h,
           .v = s.v,
           .quality = static_cast<int>(30 + k * 11 % 70),
           .optimised = k % 3 == 0,
           .restart_interval = k % 4 == 1 ? k / 4 % 13 : 0,
           .one_table = k % 11 == 5,
           .noise = k * 7 % 40,
           .seed = k + 1};
  if (k % 17 == 4) r.components = 1, r.h = r.v = {1}, r.one_table = false;
  if (k % 23 == 6) r.components = 3, r.as_rgb = true, r.h = r.v = {1, 1, 1};
  if (k % 101 == 50) r.width = 500, r.height = 375;
  return patch(from, r);
}

/// Files [begin, begin + count) of that set, made by all processors.
inline std::vector<File> some_files(unsigned begin, unsigned count) {
  const auto from = decoded_photos();
  std::vector<File> files(count);
  std::vector<std::thread> threads;
  const unsigned workers = std::max(1u, std::thread::hardware_concurrency());
  for (unsigned t = 0; t < workers; t++)
    threads.emplace_back([&, t] {
      for (unsigned i = t; i < count; i += workers) files[i] = some_file(from, begin + i);
    });
  for (auto& t : threads) t.join();
  return files;
}

}  // namespace vg::jpeg_files
