// The device's decoder of JPEG files, played on the host, against libjpeg-turbo: every coefficient
// and every byte.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "jpeg_play.h"

namespace vg::cuda::jpeg {
namespace {

using namespace jpeg_files;

File read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  const std::string all((std::istreambuf_iterator<char>(in)), {});
  const auto* begin = reinterpret_cast<const std::byte*>(all.data());
  return {begin, begin + all.size()};
}

std::vector<File> photos() {
  std::vector<File> all;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(
           std::filesystem::path(VG_SOURCE_DIR) / "tests/photos/small"))
    if (entry.path().extension() == ".jpg") all.push_back(read_file(entry.path()));
  std::erase_if(all, [](const File& f) { return !read_header(f).ok(); });  // progressive ones
  EXPECT_GT(all.size(), 10u);
  return all;
}

/// Differences of coefficients from libjpeg's; an image that is decoded as a whole.
int64_t wrong_coefficients(const Work& work, const Image& image, const Decoded& reference) {
  int64_t wrong = 0;
  for (uint32_t c = 0; c < static_cast<uint32_t>(image.components); c++) {
    const Component& component = image.component[c];
    const auto& expected = reference.coefficients[c];
    const auto blocks = static_cast<size_t>(component.blocks_x * component.blocks_y);
    if (expected.size() != blocks * 64) return -1;
    for (size_t b = 0; b < blocks; b++) {
      const KeptBlock block{c, static_cast<int32_t>(b) % component.blocks_x,
                            static_cast<int32_t>(b) / component.blocks_x};
      wrong += dc_of(work, image, block) != expected[b * 64];
      for (size_t k = 1; k < 64; k++)
        wrong += work.at<int16_t>(component.coefficients)[b * 64 + k] != expected[b * 64 + k];
    }
  }
  return wrong;
}

/// Decodes whole files, in one batch, and compares everything.
void expect_equal(const std::vector<File>& files, const std::vector<std::string>& names = {}) {
  std::vector<Job> jobs;
  std::vector<Decoded> coefficients;
  for (const File& f : files) {
    jobs.push_back({f, whole(read_header(f).take())});
    coefficients.push_back(decode(f, {.coefficients = true}));
  }
  const auto results = play(jobs, 0, [&](const Work& work, const Image& image) {
    EXPECT_EQ(wrong_coefficients(work, image, coefficients[image.status]), 0) << image.status;
  });
  for (size_t i = 0; i < files.size(); i++) {
    SCOPED_TRACE(i < names.size() ? names[i] : std::to_string(i));
    EXPECT_EQ(results[i].status, 0u);
    EXPECT_EQ(wrong_bytes(results[i].pixels, decode(files[i]).pixels), 0u);
  }
}

void expect_equal(const std::vector<Recipe>& recipes) {
  std::vector<File> files;
  std::vector<std::string> names;
  for (const Recipe& r : recipes) {
    files.push_back(encode(r));
    names.push_back(r.name());
  }
  expect_equal(files, names);
}

struct Sampling {
  std::array<int, 3> h, v;
};
const std::vector<Sampling> kSamplings = {
    {{1, 1, 1}, {1, 1, 1}}, {{2, 1, 1}, {1, 1, 1}}, {{2, 1, 1}, {2, 1, 1}}, {{1, 1, 1}, {2, 1, 1}},
    {{4, 1, 1}, {1, 1, 1}}, {{2, 2, 2}, {1, 1, 1}}, {{2, 1, 2}, {2, 2, 1}}, {{1, 1, 1}, {4, 1, 1}},
    {{1, 2, 2}, {1, 1, 1}}, {{4, 2, 1}, {1, 1, 1}}, {{1, 1, 1}, {4, 2, 1}}};

TEST(JpegDecode, EverySamplingAndSize) {
  for (const Sampling& s : kSamplings) {
    std::vector<Recipe> recipes;
    unsigned seed = 1;
    for (int w : {1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 66})
      for (int h : {1, 2, 3, 8, 9, 16, 17, 35})
        recipes.push_back({.width = w, .height = h, .h = s.h, .v = s.v, .seed = seed++});
    expect_equal(recipes);
  }
}

TEST(JpegDecode, EveryQualityAndTable) {
  std::vector<Recipe> recipes;
  unsigned seed = 100;
  for (const Sampling& s : {kSamplings[0], kSamplings[1], kSamplings[2]})
    for (int quality : {1, 10, 30, 50, 75, 90, 95, 100})
      for (bool optimised : {false, true})
        for (unsigned noise : {0u, 30u, 200u})
          recipes.push_back({.width = 133,
                             .height = 91,
                             .h = s.h,
                             .v = s.v,
                             .quality = quality,
                             .optimised = optimised,
                             .noise = noise,
                             .seed = seed++});
  expect_equal(recipes);
}

TEST(JpegDecode, GreyStoredColoursAndSharedTables) {
  std::vector<Recipe> recipes;
  for (bool optimised : {false, true}) {
    recipes.push_back(
        {.width = 75, .height = 50, .components = 1, .h = {1}, .v = {1}, .optimised = optimised});
    recipes.push_back(
        {.width = 75, .height = 50, .components = 1, .h = {2}, .v = {2}, .optimised = optimised});
    recipes.push_back({.width = 75,
                       .height = 50,
                       .h = {1, 1, 1},
                       .v = {1, 1, 1},
                       .optimised = optimised,
                       .as_rgb = true});
    for (const Sampling& s : {kSamplings[0], kSamplings[2]})
      recipes.push_back({.width = 275,
                         .height = 150,
                         .h = s.h,
                         .v = s.v,
                         .optimised = optimised,
                         .one_table = true});
  }
  expect_equal(recipes);
}

TEST(JpegDecode, RestartIntervals) {
  std::vector<Recipe> recipes;
  unsigned seed = 200;
  for (const Sampling& s : {kSamplings[0], kSamplings[2]})
    for (unsigned interval : {1u, 2u, 3u, 7u, 8u, 9u, 50u, 1000u, 65535u})
      for (bool optimised : {false, true})
        recipes.push_back({.width = 260,
                           .height = 130,
                           .h = s.h,
                           .v = s.v,
                           .quality = 92,
                           .optimised = optimised,
                           .restart_interval = interval,
                           .seed = seed++});
  recipes.push_back(
      {.width = 700, .height = 620, .h = {1, 1, 1}, .v = {1, 1, 1}, .restart_interval = 3});
  recipes.push_back(
      {.width = 75, .height = 50, .components = 1, .h = {1}, .v = {1}, .restart_interval = 1});
  expect_equal(recipes);
}

TEST(JpegDecode, PhotosAreTheSameBytes) { expect_equal(photos()); }

TEST(JpegDecode, ImagesOfManyTiles) {
  expect_equal(
      {{.width = 1601, .height = 1203, .quality = 97, .noise = 90},
       {.width = 1024, .height = 2048, .h = {1, 1, 1}, .v = {1, 1, 1}, .quality = 98, .noise = 120},
       {.width = 4000, .height = 2500, .quality = 50, .noise = 0}});
}

TEST(JpegDecode, WindowsAreTheWholeCut) {
  std::mt19937 random(5);
  for (const Sampling& s : kSamplings) {
    const File file = encode(
        {.width = 211, .height = 157, .h = s.h, .v = s.v, .seed = static_cast<unsigned>(random())});
    for (bool smooth : {true, false}) {
      const Decoded reference = decode(file, {.smooth = smooth});
      std::vector<Job> jobs;
      for (int k = 0; k < 40; k++) {
        const auto x = static_cast<int32_t>(random() % 211),
                   y = static_cast<int32_t>(random() % 157);
        const auto w = static_cast<int32_t>(1 + random() % static_cast<unsigned>(211 - x));
        const auto h = static_cast<int32_t>(1 + random() % static_cast<unsigned>(157 - y));
        jobs.push_back({file,
                        {x, y, k % 4 ? w : std::min(w, 9), k % 4 ? h : std::min(h, 9)},
                        Colors::Rgb,
                        smooth});
      }
      const auto results = play(jobs, int64_t{1} << 20);
      for (size_t k = 0; k < jobs.size(); k++) {
        const Window w = jobs[k].window;
        ASSERT_EQ(results[k].status, 0u);
        for (int32_t y = 0; y < w.height; y++)
          ASSERT_EQ(std::memcmp(results[k].pixels.data() + y * w.width * 3,
                                reference.pixels.data() + ((w.y + y) * 211 + w.x) * 3,
                                static_cast<size_t>(w.width) * 3),
                    0)
              << "job " << k << ", row " << y << " of " << w.width << "x" << w.height << " at "
              << w.x << "," << w.y << " smooth " << smooth << " h " << s.h[0] << s.h[1];
      }
    }
  }
}

TEST(JpegDecode, OtherColours) {
  for (const Sampling& s : kSamplings) {
    const File file = encode({.width = 83, .height = 51, .h = s.h, .v = s.v});
    const Window w{0, 0, 83, 51};
    const auto results =
        play({{file, w, Colors::Bgr}, {file, w, Colors::Gray}, {file, w, Colors::Rgb, false}});
    EXPECT_EQ(wrong_bytes(results[0].pixels, decode(file, {.space = JCS_EXT_BGR}).pixels), 0u);
    EXPECT_EQ(wrong_bytes(results[1].pixels, decode(file, {.space = JCS_GRAYSCALE}).pixels), 0u);
    EXPECT_EQ(wrong_bytes(results[2].pixels, decode(file, {.smooth = false}).pixels), 0u);
  }
}

TEST(JpegDecode, PixelsGoWhereTheyAreSent) {
  // Turned by a quarter, as EXIF's orientation 6 wants it.
  const File file = encode({.width = 83, .height = 51});
  const Header header = read_header(file).take();
  const PlacedBytes scan{std::span(file).subspan(header.scan_begin), 3};
  std::vector<uint8_t> out(83 * 51 * 3);
  const Request request{&header,
                        scan.begin(),
                        static_cast<int64_t>(file.size() - header.scan_begin),
                        {0, 0, 83, 51},
                        reinterpret_cast<std::byte*>(out.data()) + 50 * 3,
                        -3,
                        51 * 3};
  Batch batch;
  batch.lay_out({&request, 1}, 0);
  EXPECT_EQ(Player(batch).play()[0], 0u);
  const Decoded reference = decode(file);
  for (size_t y = 0; y < 51; y++)
    for (size_t x = 0; x < 83; x++)
      ASSERT_EQ(std::memcmp(&out[(x * 51 + 50 - y) * 3], &reference.pixels[(y * 83 + x) * 3], 3),
                0);
}

TEST(JpegDecode, FilesOfEqualTablesShareThem) {
  const auto of = [](bool optimised, unsigned seed) {
    return encode({.width = 90, .height = 70, .optimised = optimised, .seed = seed});
  };
  const File grey = encode({.width = 90, .height = 70, .components = 1, .h = {1}, .v = {1}});
  // Usual tables, then tables of two files' own, again in another order, and a part of the usual.
  const std::vector<File> files = {of(false, 1), of(false, 2), of(true, 3), of(true, 4),
                                   of(false, 5), of(true, 3),  grey,        of(true, 4)};
  std::vector<Header> headers;
  for (const File& f : files) headers.push_back(read_header(f).take());
  std::vector<Request> requests;
  for (size_t i = 0; i < files.size(); i++)
    requests.push_back({&headers[i],
                        nullptr,
                        static_cast<int64_t>(files[i].size() - headers[i].scan_begin),
                        {0, 0, 90, 70},
                        nullptr,
                        270,
                        3});
  const Batch batch(requests, 0);
  ASSERT_EQ(batch.parts().size(), 1u);
  EXPECT_EQ(batch.parts()[0].image_count, 8u);
  EXPECT_EQ(batch.parts()[0].set_count, 4u);
  expect_equal(files);
}

TEST(JpegDecode, MemoryIsBoundedByParts) {
  std::vector<File> files;
  for (unsigned seed = 1; seed <= 12; seed++)
    files.push_back(
        encode({.width = 200, .height = 150, .optimised = seed % 2 == 0, .seed = seed}));
  files.push_back(encode({.width = 1000, .height = 800}));
  std::vector<Job> jobs;
  for (const File& f : files) jobs.push_back({f, whole(read_header(f).take())});
  const auto results = play(jobs, 1 << 20);
  for (size_t i = 0; i < files.size(); i++) {
    EXPECT_EQ(results[i].status, 0u);
    EXPECT_EQ(wrong_bytes(results[i].pixels, decode(files[i]).pixels), 0u);
  }
  EXPECT_EQ(play(jobs, 150'000)[12].status, kRefused);  // its scan alone is larger
}

/// How many parts a job becomes.
size_t parts(const Job& job, int64_t max_scratch) {
  const Header header = read_header(job.file).take();
  const Request request{
      &header,    nullptr,    static_cast<int64_t>(job.file.size() - header.scan_begin),
      job.window, nullptr,    0,
      0,          job.colors, job.smooth};
  return Batch({&request, 1}, max_scratch).parts().size();
}

TEST(JpegDecode, LargeImagesAreDecodedInBands) {
  unsigned k = 0;
  for (const Sampling& s : kSamplings) {
    SCOPED_TRACE(testing::Message() << "sampling " << k);
    const File file = encode({.width = 333,
                              .height = 257,
                              .h = s.h,
                              .v = s.v,
                              .restart_interval = k % 3 == 1 ? 7u : 0u,
                              .seed = ++k});
    const auto bottom = static_cast<int32_t>(100 + k * 13 % 100);
    const std::vector<Job> jobs = {{file, {0, 0, 333, 257}},
                                   {file, {41, 19, 201, bottom}, Colors::Rgb, false},
                                   {file, {40, 33, 11, bottom}, Colors::Bgr},
                                   {file, {3, 8, 330, bottom}, Colors::Gray}};
    const auto whole = play(jobs);
    for (size_t i = 0; i < jobs.size(); i++) {
      int64_t least = 0;  // memory with which it can be decoded
      for (int64_t step = int64_t{1} << 20; step >= 256; step /= 2)
        if (parts(jobs[i], least + step) == 0) least += step;
      EXPECT_EQ(play({jobs[i]}, least)[0].status, kRefused);
      EXPECT_GE(parts(jobs[i], least + 256), size_t{i == 0 ? 8u : 1u});
      for (int64_t more : {256, 10'000, 40'000}) {
        const auto banded = play({jobs[i]}, least + more);
        ASSERT_EQ(banded[0].status, 0u);
        EXPECT_EQ(wrong_bytes(banded[0].pixels, whole[i].pixels), 0u)
            << "job " << i << " in " << parts(jobs[i], least + more) << " parts";
      }
    }
    EXPECT_EQ(wrong_bytes(whole[0].pixels, decode(file).pixels), 0u);
  }
}

TEST(JpegDecode, FlatImagesNeedManyRoundsAndNoMore) {
  const File flat =
      encode({.width = 4096, .height = 3072}, std::vector<uint8_t>(4096u * 3072 * 3, 90));
  int rounds = 0;
  const auto results = play(
      {{flat, {0, 0, 4096, 3072}}}, 0, [](const Work&, const Image&) {}, &rounds);
  EXPECT_EQ(results[0].status, 0u);
  EXPECT_EQ(wrong_bytes(results[0].pixels, decode(flat).pixels), 0u);
  EXPECT_LE(rounds, static_cast<int>(kTileWindows));
}

}  // namespace
}  // namespace vg::cuda::jpeg
