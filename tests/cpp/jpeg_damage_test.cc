// Damaged JPEG files: the device gives the bytes of libjpeg-turbo or leaves the file to the host,
// and touches no memory but its own (sanitizers watch).
#include <gtest/gtest.h>

#include <functional>

#include "jpeg_play.h"

namespace vg::cuda::jpeg {
namespace {

using namespace jpeg_files;

struct Outcomes {
  int decoded = 0, given_up = 0, refused = 0;
};

/// Decodes all files as one batch; those that the device claims must be right.
Outcomes check(const std::vector<File>& files) {
  Outcomes outcomes;
  std::vector<Job> jobs;
  for (const File& f : files) {
    const auto header = read_header(f);
    if (!header.ok() || int64_t{header->width} * header->height > 1 << 20)
      outcomes.refused++;
    else
      jobs.push_back({f, whole(*header)});
  }
  const auto results = play(jobs, int64_t{256} << 20);
  for (size_t i = 0; i < jobs.size(); i++) {
    if (results[i].status != 0) {
      outcomes.given_up++;
      continue;
    }
    outcomes.decoded++;
    const Decoded reference = decode(jobs[i].file);
    EXPECT_TRUE(reference.ok) << i;
    EXPECT_EQ(wrong_bytes(results[i].pixels, reference.pixels), 0u) << i;
  }
  return outcomes;
}

std::vector<File> samples() {
  return {
      encode({.width = 120, .height = 90}),
      encode({.width = 120, .height = 90, .optimised = true, .restart_interval = 3}),
      encode({.width = 90, .height = 70, .h = {1, 1, 1}, .v = {1, 1, 1}, .restart_interval = 1}),
      encode({.width = 90, .height = 70, .h = {2, 1, 1}, .v = {1, 1, 1}, .quality = 30}),
      encode({.width = 90, .height = 70, .components = 1, .h = {1}, .v = {1}, .optimised = true}),
      encode({.width = 500, .height = 375, .quality = 96, .noise = 90})};
}

size_t scan_of(const File& f) { return read_header(f).take().scan_begin; }

TEST(JpegDamage, ChangedBytesOfScans) {
  std::mt19937 random(1);
  std::vector<File> files;
  for (const File& sample : samples())
    for (int k = 0; k < 60; k++) {
      File f = sample;
      const size_t scan = scan_of(f);
      for (int n = 0; n <= k % 4; n++)
        f[scan + random() % (f.size() - scan)] = static_cast<std::byte>(random());
      files.push_back(std::move(f));
    }
  const Outcomes o = check(files);
  EXPECT_GT(o.given_up, 150);  // others are damaged without being against the rules
  EXPECT_GT(o.decoded, 50);
}

TEST(JpegDamage, CutScans) {
  std::vector<File> files;
  for (const File& sample : samples()) {
    const size_t scan = scan_of(sample), room = sample.size() - scan;
    for (size_t k = 0; k < 40; k++) {
      const size_t left = k < 20 ? room * k / 20 : room - std::min(room, k - 18);
      files.emplace_back(sample.begin(), sample.begin() + static_cast<int64_t>(scan + left));
      File ended = files.back();  // with an end marker where none belongs
      ended.push_back(std::byte{0xFF});
      ended.push_back(std::byte{0xD9});
      files.push_back(std::move(ended));
    }
  }
  const Outcomes o = check(files);
  EXPECT_EQ(o.decoded, 6);  // the end marker alone was cut, and was put back
}

TEST(JpegDamage, ChangedBytesOfHeaders) {
  std::mt19937 random(2);
  std::vector<File> files;
  for (const File& sample : samples()) {
    const size_t scan = scan_of(sample);
    if (sample.size() > 20000) continue;
    for (size_t at = 2; at < scan; at++) {
      File f = sample;
      f[at] = static_cast<std::byte>(random());
      files.push_back(std::move(f));
    }
  }
  const Outcomes o = check(files);
  EXPECT_GT(o.refused, 200);
  EXPECT_GT(o.given_up, 200);
  EXPECT_GT(o.decoded, 200);
}

TEST(JpegDamage, HeadersOfAnyLength) {
  for (const File& sample : samples()) {
    const size_t scan = scan_of(sample);
    for (size_t size = 0; size < scan; size++) {
      const auto cut = std::make_unique<std::byte[]>(size);
      std::copy_n(sample.begin(), size, cut.get());
      EXPECT_FALSE(read_header({cut.get(), size}).ok()) << size;
    }
  }
}

TEST(JpegDamage, RandomScans) {
  std::mt19937 random(3);
  std::vector<File> files;
  for (const File& sample : samples())
    for (int k = 0; k < 12; k++) {
      File f = sample;
      for (size_t at = scan_of(f); at + 2 < f.size(); at++)
        f[at] = static_cast<std::byte>(k % 3 == 0   ? random() % 255
                                       : k % 3 == 1 ? 0
                                                    : random() % 2 * 254);
      files.push_back(std::move(f));
    }
  EXPECT_EQ(check(files).decoded, 0);
}

TEST(JpegDamage, MarkersInsideOfScans) {
  std::mt19937 random(4);
  std::vector<File> files;
  for (const File& sample : samples())
    for (int k = 0; k < 24; k++) {
      File f = sample;
      const size_t scan = scan_of(f);
      const auto at = f.begin() + static_cast<int64_t>(scan + random() % (f.size() - scan - 2));
      const std::byte marker[2] = {std::byte{0xFF},
                                   static_cast<std::byte>(k % 3 ? 0xD0 + k % 8 : random())};
      f.insert(at, marker, marker + 2);
      files.push_back(std::move(f));
    }
  // A million restart markers in a row, and nothing between them.
  File many = encode({.width = 2048,
                      .height = 2048,
                      .h = {1, 1, 1},
                      .v = {1, 1, 1},
                      .restart_interval = 1,
                      .noise = 0});
  many.resize(scan_of(many));
  for (int k = 0; k < 1 << 16; k++) {
    many.push_back(std::byte{0xFF});
    many.push_back(static_cast<std::byte>(0xD0 + k % 8));
  }
  many.push_back(std::byte{0xFF});
  many.push_back(std::byte{0xD9});
  std::vector<uint8_t> out(2048 * 2048 * 3);
  const Header header = read_header(many).take();
  const PlacedBytes scan{std::span(many).subspan(header.scan_begin), 0};
  const Request request{&header,
                        scan.begin(),
                        static_cast<int64_t>(many.size() - header.scan_begin),
                        {0, 0, 2048, 2048},
                        reinterpret_cast<std::byte*>(out.data()),
                        2048 * 3,
                        3};
  Batch batch;
  batch.lay_out({&request, 1}, 0);
  EXPECT_NE(Player(batch).play()[0], 0u);
  EXPECT_LT(check(files).decoded, 30);
}

TEST(JpegDamage, WhatFollowsTheImage) {
  std::vector<File> files;
  for (const File& sample : samples()) {
    File f = sample;
    f.insert(f.end(), sample.begin(), sample.end());  // another image, as cameras store them
    files.push_back(f);
    f.resize(sample.size());
    f.insert(f.end(), 5000, std::byte{0xFF});
    files.push_back(f);
  }
  EXPECT_EQ(check(files).decoded, static_cast<int>(files.size()));
}

TEST(JpegDamage, SmallFilesOfHugeImages) {
  for (const File& sample : samples()) {
    File f = sample;
    for (size_t at = 2; at + 9 < f.size(); at++)
      if (f[at] == std::byte{0xFF} && f[at + 1] == std::byte{0xC0})
        for (size_t k = 5; k < 9; k++) f[at + k] = std::byte{k % 2 ? uint8_t{0xFF} : uint8_t{0xDC}};
    const Header header = read_header(f).take();
    EXPECT_EQ(header.width, 65500);
    const PlacedBytes scan{std::span(f).subspan(header.scan_begin), 0};
    std::byte out[192];
    const Request request{&header,
                          scan.begin(),
                          static_cast<int64_t>(f.size() - header.scan_begin),
                          {0, 0, 8, 8},
                          out,
                          24,
                          3};
    Batch batch;
    batch.lay_out({&request, 1}, 0);
    EXPECT_TRUE(batch.parts().empty());
    EXPECT_EQ(Player(batch).play()[0], kRefused);
  }
}

/// Replaces the values of all quantisation tables.
void requantise(File& f, const std::function<unsigned(size_t)>& value) {
  for (size_t at = 2; at + 4 < f.size() && f[at + 1] != std::byte{0xDA};) {
    const size_t length =
        std::to_integer<size_t>(f[at + 2]) << 8 | std::to_integer<size_t>(f[at + 3]);
    if (f[at + 1] == std::byte{0xDB})
      for (size_t k = 1; k <= 64; k++) f[at + 4 + k] = static_cast<std::byte>(value(k));
    at += 2 + length;
  }
}

TEST(JpegDamage, CoefficientsOutOfRange) {
  std::mt19937 random(6);
  std::vector<File> files;
  for (const File& sample : samples())
    for (unsigned k = 0; k < 40; k++) {
      File f = sample;
      requantise(f, [&](size_t) { return 1 + random() % (k * 6 + 1); });
      files.push_back(std::move(f));
    }
  for (int quality : {1, 100})
    for (unsigned most : {255u, 60u}) {
      File f = encode({.width = 64, .height = 64, .quality = quality, .noise = 255});
      requantise(f, [&](size_t) { return most; });
      files.push_back(std::move(f));
    }
  const Outcomes o = check(files);
  EXPECT_GT(o.decoded, 20);
  EXPECT_GT(o.given_up, 20);
}

}  // namespace
}  // namespace vg::cuda::jpeg
