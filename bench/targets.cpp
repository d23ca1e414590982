// The loops of every kind of vector instructions that this machine has: whether they give the bytes
// of the plain loops, and how long they take. Needs nothing but the host drivers, so that it can be
// built for another machine by itself:
//
//   c++ -std=c++20 -O3 -ffp-contract=off -DFMT_HEADER_ONLY -Isrc -Iinclude -static -o targets
//     bench/targets.cpp src/cpu/{target,resample,resample_simd,byte_map,byte_statistics}.cpp
//     src/cpu/{three_channels,weighted_rows}.cpp src/ops/resample_weights.cpp
//     src/core/{math,tensor,outcome,cast}.cpp
//
// With a cross compiler and an emulator it tests NEON: targets 1.
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <functional>
#include <vector>

#include "core/arena.h"
#include "cpu/byte_map.h"
#include "cpu/byte_statistics.h"
#include "cpu/resample.h"
#include "cpu/target.h"
#include "cpu/three_channels.h"
#include "cpu/weighted_rows.h"

namespace vg {
namespace {

using Bytes = std::vector<uint8_t>;

constexpr int64_t kSide = 224, kImage = kSide * kSide * 3;

Bytes noise(int64_t n) {
  Bytes bytes(static_cast<size_t>(n));
  uint32_t state = 1;
  for (uint8_t& b : bytes) b = static_cast<uint8_t>((state = state * 1664525 + 1013904223) >> 24);
  return bytes;
}

/// Fills `out` from `in`; both begin where nothing is aligned.
struct Loop {
  const char* name;
  std::function<void(const uint8_t* in, uint8_t* out)> run;
};

Loop resize(const char* name, ResampleParams params, int channels) {
  return {name, [=](const uint8_t* in, uint8_t* out) {
            static Arena scratch;
            scratch.reset();
            cpu::resample(
                {params, channels, 1, DType::Uint8, DType::Uint8,
                 reinterpret_cast<const std::byte*>(in), reinterpret_cast<std::byte*>(out)},
                scratch);
          }};
}

cpu::ByteTable table(int seed) {
  cpu::ByteTable t;
  for (int v = 0; v < 256; v++) t[static_cast<size_t>(v)] = static_cast<uint8_t>(v * v * seed >> 3);
  return t;
}

void blur(bool halves_to_even, const uint8_t* in, uint8_t* out) {
  constexpr int64_t kRow = kSide * 3;
  static std::vector<float> floats(kImage);
  std::copy_n(in, kImage, floats.begin());
  const float weights[] = {0.1f, 0.2f, 0.4f, 0.2f, 0.1f};
  for (int64_t y = 0; y + 5 <= kSide; y++) {
    const float* rows[5];
    for (int t = 0; t < 5; t++) rows[t] = floats.data() + (y + t) * kRow;
    cpu::weighted_bytes(rows, weights, halves_to_even, kRow, out + y * kRow);
  }
}

std::vector<Loop> all_loops() {
  const auto axis = [](double size, int64_t out, Filter filter, bool antialias) {
    return resample_axis(static_cast<int64_t>(size), 0, size, out, filter, antialias);
  };
  const auto square = [&](double h, double w, Filter filter, bool antialias) {
    return ResampleParams{axis(h, kSide, filter, antialias), axis(w, kSide, filter, antialias)};
  };
  return {
      resize("resize 300x340, antialias", square(300, 340, Filter::Linear, true), 3),
      resize("resize 120x150, antialias", square(120, 150, Filter::Linear, true), 3),
      resize("resize 300x340, cubic", square(300, 340, Filter::Cubic, true), 3),
      resize("resize 300x340, no antialias", square(300, 340, Filter::Linear, false), 3),
      resize("resize 300x201, across",
             {axis(224, 224, Filter::Linear, true), axis(201, 224, Filter::Linear, false)}, 4),
      resize("resize 61x7, grey", square(61, 7, Filter::Lanczos3, true), 1),
      {"table",
       [](const uint8_t* in, uint8_t* out) { cpu::map_bytes({{table(3)}}, in, out, kImage); }},
      {"three tables",
       [](const uint8_t* in, uint8_t* out) {
         const cpu::ByteTable tables[] = {table(3), table(5), table(7)};
         cpu::map_bytes(tables, in, out, kImage);
       }},
      {"solarize",
       [](const uint8_t* in, uint8_t* out) {
         cpu::ByteTable t;
         for (int v = 0; v < 256; v++) t[v] = static_cast<uint8_t>(v < 99 ? v : 255 - v);
         cpu::map_bytes({{t}}, in, out, kImage);
       }},
      {"extrema and sums",
       [](const uint8_t* in, uint8_t* out) {
         cpu::block_extrema(in, 257, out, out + 96);
         uint16_t sums[96];
         cpu::block_sums(in, 257, sums);
         std::copy_n(reinterpret_cast<const uint8_t*>(sums), sizeof sums, out + 192);
       }},
      {"split and join",
       [](const uint8_t* in, uint8_t* out) {
         static Bytes planes(kImage);
         constexpr int64_t kPixels = kSide * kSide;
         uint8_t *r = planes.data(), *g = r + kPixels, *b = g + kPixels;
         cpu::split_channels(in, kPixels - 5, {r, g, b});
         cpu::join_channels({g, b, r}, kPixels - 5, out);
       }},
      {"mirror",
       [](const uint8_t* in, uint8_t* out) {
         for (int64_t y = 0; y < kSide; y++)
           cpu::reverse_pixels(in + (y + 1) * kSide * 3 - 3, out + y * kSide * 3, kSide - y % 7);
       }},
      {"normalize to planes",
       [](const uint8_t* in, uint8_t* out) {
         const Affine affine{120.5f, 0.017f, 0.25f};
         for (int c = 0; c < 3; c++)
           cpu::normalize_channel(in + c, 3, affine,
                                  reinterpret_cast<float*>(out + 3) + c * kSide * kSide,
                                  kSide * kSide);
       }},
      {"normalize in reverse",
       [](const uint8_t* in, uint8_t* out) {
         const Affine affine{120.5f, 0.017f, 0.25f};
         cpu::normalize_channel(in + kImage - 2, -3, affine, reinterpret_cast<float*>(out + 3),
                                kSide * kSide - 5);
       }},
      {"weighted rows, ties to even", [](const uint8_t* in, uint8_t* out) { blur(true, in, out); }},
      {"weighted rows", [](const uint8_t* in, uint8_t* out) { blur(false, in, out); }},
  };
}

double processor_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// Turns alternate between the targets; the least counts.
bool measure(const Loop& loop, int turns) {
  const Bytes in = noise(340 * 340 * 4 + 1);
  const std::vector<cpu::Target> targets = cpu::targets();
  std::vector<Bytes> out(targets.size(), Bytes(4 * kImage + 65));
  std::vector<double> least(targets.size(), 1);
  for (int turn = 0; turn < turns; turn++)
    for (size_t t = 0; t < targets.size(); t++) {
      cpu::set_target(targets[t]);
      const double start = processor_seconds();
      loop.run(in.data() + 1, out[t].data() + 1);
      least[t] = std::min(least[t], processor_seconds() - start);
    }
  std::printf("%-30s", loop.name);
  bool equal = true;
  for (size_t t = 0; t < targets.size(); t++) {
    equal = equal && out[t] == out[0];
    std::printf(" %9.1f%s", 1e6 * least[t], out[t] == out[0] ? "" : " DIFFERS");
  }
  std::printf("\n");
  return equal;
}

}  // namespace
}  // namespace vg

int main(int argc, char** argv) {
  const int turns = argc > 1 ? std::atoi(argv[1]) : 200;
  std::printf("%-30s", "us, the least of the turns");
  for (const vg::cpu::Target t : vg::cpu::targets())
    std::printf(" %9s", std::string(vg::cpu::name_of(t)).c_str());
  std::printf("\n");
  bool equal = true;
  for (const vg::Loop& loop : vg::all_loops()) equal = vg::measure(loop, turns) && equal;
  return !equal;
}
