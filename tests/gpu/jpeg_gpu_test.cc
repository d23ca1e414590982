// The decoder of JPEG files on a GPU against libjpeg-turbo, byte for byte, and its figures.
#include <algorithm>
#include <chrono>
#include <thread>

#include "jpeg_gpu.h"
#include "photo_files.h"

namespace vg::cuda::jpeg {
namespace {

using namespace jpeg_files;

/// Pixels of a window as libjpeg gives them.
std::vector<uint8_t> expected(const Job& job) {
  const J_COLOR_SPACE space = job.colors == Colors::Rgb   ? JCS_RGB
                              : job.colors == Colors::Bgr ? JCS_EXT_BGR
                                                          : JCS_GRAYSCALE;
  const Decoded all = decode(job.file, {.space = space, .smooth = job.smooth});
  const auto channels = static_cast<size_t>(job.channels());
  const Window& w = job.window;
  std::vector<uint8_t> cut(static_cast<size_t>(job.bytes()));
  for (int32_t y = 0; y < w.height; y++)
    for (int32_t x = 0; x < w.width; x++) {
      const auto to = static_cast<size_t>(job.transposed ? x * w.height + y : y * w.width + x);
      const auto from = static_cast<size_t>((w.y + y) * all.width + w.x + x);
      std::copy_n(all.pixels.begin() + static_cast<int64_t>(from * channels), channels,
                  cut.begin() + static_cast<int64_t>(to * channels));
    }
  return cut;
}

/// Decodes in batches, and returns how many images are wrong; those the device gave up are counted.
int wrong(Slot& slot, const std::vector<Job>& jobs, size_t batch, int* given_up = nullptr,
          int64_t max_scratch = 0) {
  int wrong = 0;
  for (size_t from = 0; from < jobs.size(); from += batch) {
    const std::vector<Job> part(
        jobs.begin() + static_cast<int64_t>(from),
        jobs.begin() + static_cast<int64_t>(std::min(jobs.size(), from + batch)));
    slot.prepare(part, max_scratch, from % 3);
    slot.fill_output(0xEE);
    slot.upload_files();
    slot.upload_blob();
    slot.start();
    slot.wait();
    const auto status = slot.status();
    const auto images = slot.images();
    for (size_t i = 0; i < part.size(); i++) {
      if (status[i] != 0) {
        if (given_up)
          (*given_up)++;
        else
          ADD_FAILURE() << "image " << from + i << " has status " << status[i];
        continue;
      }
      if (images[i] == expected(part[i])) continue;
      wrong++;
      if (wrong < 5)
        ADD_FAILURE() << "image " << from + i << " is wrong, " << part[i].window.width << " x "
                      << part[i].window.height;
    }
  }
  return wrong;
}

class JpegGpu : public testing::Test {
 protected:
  void SetUp() override {
    if (!has_gpu()) GTEST_SKIP() << "there is no GPU";
    slot = std::make_unique<Slot>();
  }
  std::unique_ptr<Slot> slot;
};

std::vector<File> variants() {
  std::vector<File> files;
  unsigned seed = 1;
  for (const Sampling& s : kSamplings)
    for (int w : {1, 3, 8, 17, 33, 130})
      for (int h : {1, 7, 16, 35, 90})
        for (int quality : {40, 92})
          files.push_back(encode({.width = w,
                                  .height = h,
                                  .h = s.h,
                                  .v = s.v,
                                  .quality = quality,
                                  .optimised = seed % 3 == 0,
                                  .restart_interval = seed % 4 == 0 ? seed % 11 : 0,
                                  .seed = seed++}));
  for (bool optimised : {false, true}) {
    files.push_back(encode(
        {.width = 75, .height = 50, .components = 1, .h = {1}, .v = {1}, .optimised = optimised}));
    files.push_back(encode({.width = 75,
                            .height = 50,
                            .h = {1, 1, 1},
                            .v = {1, 1, 1},
                            .optimised = optimised,
                            .as_rgb = true}));
    files.push_back(
        encode({.width = 275, .height = 150, .optimised = optimised, .one_table = true}));
  }
  const auto from = decoded_photos();
  for (unsigned k = 0; k < 200; k++) {
    const Sampling& s = kSamplings[k % 4];
    files.push_back(patch(from, {.width = static_cast<int>(100 + k * 37 % 420),
                                 .height = static_cast<int>(90 + k * 53 % 300),
                                 .h = s.h,
                                 .v = s.v,
                                 .quality = static_cast<int>(60 + k % 40),
                                 .optimised = k % 5 == 0,
                                 .restart_interval = k % 7 == 0 ? k : 0,
                                 .noise = k % 30,
                                 .seed = k + 1}));
  }
  return files;
}

TEST_F(JpegGpu, EveryByteIsLibjpegs) {
  const auto files = variants();
  std::vector<Job> jobs;
  for (const File& f : files) jobs.push_back(whole(f));
  for (size_t batch : {size_t{1}, size_t{7}, size_t{64}, size_t{1024}})
    EXPECT_EQ(wrong(*slot, jobs, batch), 0) << "batch of " << batch;
  EXPECT_EQ(wrong(*slot, jobs, 1024, nullptr, int64_t{8} << 20), 0) << "in parts";
}

/// All kinds in one small batch, for compute-sanitizer, and with them a scan of several tiles.
TEST_F(JpegGpu, SanitizerOfEveryKind) {
  std::vector<File> files;
  for (unsigned k = 0; k < 64; k++) {
    const Sampling& s = kSamplings[k % kSamplings.size()];
    Recipe r{.width = static_cast<int>(1 + k * 7 % 50),
             .height = static_cast<int>(1 + k * 5 % 40),
             .h = s.h,
             .v = s.v,
             .optimised = k % 3 == 0,
             .restart_interval = k % 4 == 1 ? k % 5 : 0,
             .one_table = k % 11 == 5,
             .seed = k + 1};
    if (k % 8 == 7) r.components = 1, r.h = r.v = {1}, r.one_table = false;
    files.push_back(encode(r));
  }
  files.push_back(encode({.width = 300, .height = 310, .quality = 100, .noise = 255}));
  std::vector<Job> jobs;
  for (const File& f : files) jobs.push_back(whole(f));
  ASSERT_GT(files.back().size() * 8, kWindowBits * kTileWindows);
  EXPECT_EQ(wrong(*slot, jobs, jobs.size()), 0);
}

TEST_F(JpegGpu, Photos) {
  const auto files = photos();
  std::vector<Job> jobs;
  for (const File& f : files)
    if (read_header(f).ok()) jobs.push_back(whole(f));
  EXPECT_EQ(wrong(*slot, jobs, jobs.size()), 0);
}

TEST_F(JpegGpu, WindowsAndColours) {
  std::mt19937 random(3);
  std::vector<File> files;
  for (const Sampling& s : kSamplings)
    files.push_back(encode({.width = 211, .height = 157, .h = s.h, .v = s.v}));
  std::vector<Job> jobs;
  for (const File& f : files)
    for (int k = 0; k < 60; k++) {
      const auto x = static_cast<int32_t>(random() % 211), y = static_cast<int32_t>(random() % 157);
      jobs.push_back({f,
                      {x, y, static_cast<int32_t>(1 + random() % static_cast<unsigned>(211 - x)),
                       static_cast<int32_t>(1 + random() % static_cast<unsigned>(157 - y))},
                      static_cast<Colors>(k % 3),
                      k % 5 != 0,
                      k % 7 == 0});
    }
  EXPECT_EQ(wrong(*slot, jobs, 256), 0);
}

TEST_F(JpegGpu, LargeImages) {
  const auto from = decoded_photos();
  const std::vector<File> files = {
      encode({.width = 4000, .height = 3000, .quality = 93, .noise = 60}),
      patch(from, {.width = 4000, .height = 3000, .quality = 95, .noise = 12}),
      patch(from, {.width = 2900,
                   .height = 2100,
                   .h = {1, 1, 1},
                   .v = {1, 1, 1},
                   .quality = 95,
                   .restart_interval = 363,
                   .noise = 12}),
      encode({.width = 4096, .height = 3072}, std::vector<uint8_t>(4096u * 3072 * 3, 90))};
  std::vector<Job> jobs;
  for (const File& f : files) jobs.push_back(whole(f));
  EXPECT_EQ(wrong(*slot, jobs, 4), 0);
}

TEST_F(JpegGpu, AHundredMegapixels) {
  const File file = mosaic({.width = 10000, .height = 10000, .quality = 80});
  EXPECT_EQ(wrong(*slot, {whole(file)}, 1), 0);
  const int64_t all = slot->batch().scratch_bytes();
  EXPECT_EQ(wrong(*slot, {whole(file)}, 1, nullptr, all / 5), 0) << "in bands";
  EXPECT_GT(slot->batch().parts().size(), 5u);
  EXPECT_LE(slot->batch().scratch_bytes(), all / 5);
}

/// With which a job can be decoded at all.
int64_t least_memory(Slot& slot, const Job& job) {
  int64_t least = 0;
  for (int64_t step = int64_t{1} << 24; step >= 256; step /= 2) {
    slot.prepare({job}, least + step, 0);
    if (slot.batch().parts().empty()) least += step;
  }
  return least + 256;
}

/// All samplings, windows and colours again, with little memory.
TEST_F(JpegGpu, Bands) {
  std::vector<File> files;
  for (unsigned k = 0; k < kSamplings.size(); k++)
    files.push_back(encode({.width = 533,
                            .height = 457,
                            .h = kSamplings[k].h,
                            .v = kSamplings[k].v,
                            .restart_interval = k % 3 == 1 ? 9u : 0u,
                            .seed = k + 1}));
  std::vector<Job> jobs;
  for (const File& f : files)
    for (int k = 0; k < 12; k++)
      jobs.push_back({f,
                      {k * 7, k * 5, 533 - k * 11, 457 - k * 19},
                      static_cast<Colors>(k % 3),
                      k % 5 != 0,
                      k % 7 == 0});
  size_t banded = 0;
  for (const Job& job : jobs) {
    EXPECT_EQ(wrong(*slot, {job}, 1, nullptr, least_memory(*slot, job) + 10'000), 0);
    banded += slot->batch().parts().size() > 1;
  }
  EXPECT_EQ(banded, jobs.size());
}

TEST_F(JpegGpu, DamagedFilesDoNoHarm) {
  const auto from = decoded_photos();
  std::mt19937 random(9);
  std::vector<File> files;
  for (unsigned k = 0; k < 1000; k++) {
    File f = patch(from, {.width = 150,
                          .height = 100,
                          .quality = 90,
                          .restart_interval = k % 3 ? 0u : 5u,
                          .noise = 10,
                          .seed = k % 20 + 1});
    const Header h = read_header(f).take();
    const size_t room = f.size() - h.scan_begin;
    if (k % 4 == 0) f.resize(h.scan_begin + 1 + random() % (room - 1));
    for (unsigned n = 0; n < k % 5; n++)
      f[std::min(f.size() - 1, h.scan_begin + random() % room)] = static_cast<std::byte>(random());
    if (k % 50 == 7)
      for (size_t i = h.scan_begin; i + 2 < f.size(); i++)
        f[i] = static_cast<std::byte>(random() % 255);
    if (decode(f).pixels.size() != 150u * 100 * 3) continue;
    files.push_back(std::move(f));
  }
  std::vector<Job> jobs;
  for (const File& f : files) jobs.push_back(whole(f));
  int given_up = 0;
  EXPECT_EQ(wrong(*slot, jobs, 128, &given_up), 0);
  EXPECT_GT(given_up, 300);
  const File good = encode({.width = 99, .height = 77});
  EXPECT_EQ(wrong(*slot, {whole(good)}, 1), 0);
}

using Clock = std::chrono::steady_clock;
double seconds_since(Clock::time_point t) {
  return std::chrono::duration<double>(Clock::now() - t).count();
}

/// Microseconds of each phase, and of all of them in a row.
void print_phases(const char* name, const std::vector<File>& files, size_t count) {
  std::vector<Job> jobs;
  double bytes = 0;
  for (size_t i = 0; i < count; i++) jobs.push_back(whole(files[i % files.size()]));
  for (const Job& j : jobs) bytes += static_cast<double>(j.file.size());
  Slot slot;
  slot.prepare(jobs);
  constexpr int kRepeats = 20;
  cudaEvent_t begin, end;
  must(cudaEventCreate(&begin));
  must(cudaEventCreate(&end));
  const auto measure = [&](auto&& what) {
    float best = 1e9f;
    for (int k = 0; k < kRepeats; k++) {
      must(cudaEventRecord(begin, slot.stream()));
      what();
      must(cudaEventRecord(end, slot.stream()));
      must(cudaEventSynchronize(end));
      float ms = 0;
      must(cudaEventElapsedTime(&ms, begin, end));
      best = std::min(best, ms);
    }
    return best * 1000;
  };
  const float upload = measure([&] { slot.upload_files(); }),
              blob = measure([&] { slot.upload_blob(); });
  slot.start();
  slot.wait();
  const float all = measure([&] { slot.start(); });
  for (uint32_t s : slot.status()) EXPECT_EQ(s, 0u);
  static const char* kNames[kPhases] = {"prepare", "arrange", "unstuff",  "synchronise", "join",
                                        "write",   "sum dc",  "carry dc", "transform",   "colour"};
  std::printf(
      "%s, %zu images, %.1f kB each: kernels %.0f us = %.0f img/s; upload of files %.0f, of %zu kB "
      "of blob %.0f; scratch %.0f MB\n   ",
      name, count, bytes / static_cast<double>(count) / 1e3, all,
      static_cast<double>(count) / all * 1e6, upload,
      static_cast<size_t>(slot.batch().blob_bytes()) / 1000, blob,
      static_cast<double>(slot.batch().scratch_bytes()) / 1e6);
  must(launch_status(slot.batch(), slot.places(), slot.stream()));
  for (int phase = 0; phase < kPhases; phase++) {
    // Some phases change what they read: all run once in their order, and one is measured.
    float best = 1e9f;
    for (int k = 0; k < kRepeats; k++)
      for (int p = 0; p < kPhases; p++) {
        if (p == phase) must(cudaEventRecord(begin, slot.stream()));
        for (const Part& part : slot.batch().parts())
          must(launch_phase(static_cast<Phase>(p), slot.batch(), part, slot.places(),
                            slot.stream()));
        if (p != phase) continue;
        must(cudaEventRecord(end, slot.stream()));
        must(cudaStreamSynchronize(slot.stream()));
        float ms = 0;
        must(cudaEventElapsedTime(&ms, begin, end));
        best = std::min(best, ms);
      }
    std::printf(" %s %.0f", kNames[phase], best * 1000);
  }
  std::printf(" us\n");
  std::fflush(stdout);
  cudaEventDestroy(begin);
  cudaEventDestroy(end);
}

/// Headers, layout, upload and decoding, by some threads with two batches each on their way.
/// `copied`: the files are copied into pinned memory first; else they lie there.
void print_end_to_end(const std::vector<File>& files, size_t count, int threads, bool copied) {
  std::vector<Job> jobs;
  for (size_t i = 0; i < count; i++) jobs.push_back(whole(files[i % files.size()]));
  std::vector<std::unique_ptr<Slot>> slots;
  for (int i = 0; i < 2 * threads; i++) {
    slots.push_back(std::make_unique<Slot>());
    slots.back()->prepare(jobs);
  }
  const int rounds = 40;
  const auto work = [&](int t, int n) {
    for (int k = 0; k < n; k++) {
      Slot& slot = *slots[static_cast<size_t>(2 * t + k % 2)];
      slot.wait();
      slot.prepare(jobs, 0, copied ? 0 : Slot::kInPlace);
      slot.upload_files();
      slot.upload_blob();
      slot.start();
    }
    for (int k = 0; k < 2; k++) slots[static_cast<size_t>(2 * t + k)]->wait();
  };
  double best = 1e9;
  for (int repeat = 0; repeat < 3; repeat++) {
    const auto begin = Clock::now();
    std::vector<std::thread> all;
    for (int t = 0; t < threads; t++) all.emplace_back(work, t, rounds);
    for (auto& t : all) t.join();
    best = std::min(best, seconds_since(begin));
  }
  std::printf("end to end, batches of %zu, %d thread(s), %s: %.0f img/s\n", count, threads,
              copied ? "files copied into pinned memory" : "files in pinned memory",
              static_cast<double>(count) * rounds * threads / best);
  std::fflush(stdout);
}

/// Patches of photos, of 500x375 or 375x500.
std::vector<File> patches(size_t count, Recipe r) {
  const auto from = decoded_photos();
  std::vector<File> files;
  for (unsigned k = 0; k < count; k++) {
    r.width = k % 3 ? 500 : 375;
    r.height = k % 3 ? 375 : 500;
    if (r.noise == 24) r.quality = static_cast<int>(90 + k % 7);
    r.seed = k;
    files.push_back(patch(from, r));
  }
  return files;
}

TEST_F(JpegGpu, RatesOfKernels) {
  const auto usual = patches(256, {.noise = 24});
  for (size_t count : {32, 64, 128, 256, 512, 1024}) print_phases("4:2:0", usual, count);
  print_phases("4:2:0, small", patches(64, {.quality = 82, .noise = 14}), 256);
  print_phases("4:4:4", patches(64, {.h = {1, 1, 1}, .v = {1, 1, 1}, .noise = 20}), 256);
  print_phases("4:2:0, tables of its own", patches(128, {.optimised = true, .noise = 24}), 256);
  const auto from = decoded_photos();
  const Recipe large{.width = 4000, .height = 3000, .quality = 92, .noise = 12};
  print_phases("12 megapixels", {patch(from, large)}, 2);
}

TEST_F(JpegGpu, RatesEndToEnd) {
  const auto files = patches(256, {.noise = 24});
  for (bool copied : {true, false})
    for (int threads : {1, 2, 4}) print_end_to_end(files, 256, threads, copied);
}

}  // namespace
}  // namespace vg::cuda::jpeg
