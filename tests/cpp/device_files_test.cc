// The bytes of files on their way to the device: read to where they travel from, and only those
// that the device decodes go over.
#include "decoding.h"
#include "device_pipelines.h"

namespace vg {
namespace {

using namespace test;

/// A device that counts what goes to it.
class CountingMachine : public cuda::EmulatedMachine {
 public:
  Status upload(std::byte* to, const std::byte* from, int64_t bytes) override {
    uploads++;
    uploaded += bytes;
    return EmulatedMachine::upload(to, from, bytes);
  }
  int uploads = 0;
  int64_t uploaded = 0;
};

TEST(DeviceFiles, WhatWasAskedForGoesOverInFewCopies) {
  auto machine = std::make_shared<CountingMachine>();
  cuda::FileBytes files(std::make_shared<cuda::Pool>(machine, 0), 1 << 20);
  std::vector<std::byte*> rooms;
  for (int i = 0; i < 60; i++) {  // the second block begins with number 41
    rooms.push_back(files.room(100'000));
    std::memset(rooms.back(), i + 1, 100'000);
  }
  const std::vector<std::byte> lent(100'000, std::byte{200});
  EXPECT_EQ(files.bring(lent.data(), 100'000, false), nullptr);
  std::map<int, std::byte*> there;
  for (int i : {7, 3, 41, 4, 2, 40, 9, 3}) there[i] = files.bring(rooms[i], 100'000, false);
  std::byte* const copy = files.bring(lent.data(), 100'000, true);
  EXPECT_EQ(there[4], there[3] + (rooms[4] - rooms[3]));
  std::memset(there[9] - 100'096, 0, 100'096);  // number 8
  ASSERT_TRUE(files.upload().ok());
  EXPECT_EQ(machine->uploads, 6);  // 2 to 4, 7, 9, 40, 41, what was lent
  EXPECT_LT(machine->uploaded, 802'000);
  for (const auto& [i, bytes] : there) {
    EXPECT_EQ(bytes[0], std::byte(i + 1)) << i;
    EXPECT_EQ(bytes[99'999], std::byte(i + 1)) << i;
  }
  EXPECT_EQ(there[9][-100'096], std::byte{0});
  EXPECT_EQ(copy[99'999], std::byte{200});
  ASSERT_TRUE(files.upload().ok());  // once is enough
  EXPECT_EQ(machine->uploads, 6);
  files.reset();
  EXPECT_EQ(files.bring(rooms[3], 1, false), nullptr);  // handed out no more
}

/// While it lives, pipelines find the counting device.
struct CountingGpu {
  static inline std::shared_ptr<CountingMachine> machine;
  static Outcome<std::shared_ptr<Device>> open(int, int64_t max_bytes) {
    return std::shared_ptr<Device>(std::make_shared<cuda::GpuDevice>(machine, max_bytes));
  }
  static constexpr DeviceBackend kBackend{DeviceBackend::kVersion, &cuda::EmulatedGpu::devices,
                                          &open};
  CountingGpu() {
    machine = std::make_shared<CountingMachine>();
    use_backend(&kBackend);
  }
  ~CountingGpu() {
    use_backend(nullptr);
    machine.reset();
  }
};

/// What a run of one batch of the whole folder uploads.
int64_t uploaded(const std::string& route) {
  const CountingGpu gpu;
  {
    Pipeline pipe =
        decoding(any_folder(), {.prefetch = 1, .batch = kFiles}, true, "decoders.image_crop",
                 {{"route", route}, {"crop", std::vector<double>{1, 1}}}, false);
    pipe.run();
  }
  return CountingGpu::machine->uploaded;
}

TEST(DeviceFiles, OnlyWhatTheDeviceDecodesGoesOver) {
  int64_t all = 0;
  for (const auto& e : fs::recursive_directory_iterator(any_folder().text()))
    if (e.is_regular_file()) all += static_cast<int64_t>(e.file_size());
  const int64_t host = uploaded("host"), device = uploaded("auto");
  EXPECT_LT(host, all / 4);
  EXPECT_GT(device, all);
}

/// A file is read anew in every epoch: one that has grown, or shrunk, or gone since is noticed.
TEST(DeviceFiles, FilesThatChangeAreReadAsTheyAre) {
  for (const bool mixed : {false, true}) {
    const cuda::EmulatedGpu gpu;
    const Folder folder;
    const fs::path first = fs::path(folder.text()) / "a" / "100.jpg",
                   second = fs::path(folder.text()) / "a" / "101.jpg";
    PipelineOptions o = options({.prefetch = 1, .batch = 1});
    o.device_id = mixed ? 0 : -1;
    Pipeline pipe(o);
    CallOptions where;
    where.device = mixed ? "mixed" : "cpu";
    const auto data =
        call("readers.file", {},
             {{"file_root", folder.text()}, {"files", std::vector<std::string>{"a/100.jpg"}}});
    pipe.set_outputs({data[0], call("decoders.image", {data[0]}, {}, where)[0]});
    const auto encoded = [&] {
      const Batch batch = pipe.run();
      return bytes(batch.outputs[0].samples[0]);
    };
    const std::string one = encoded(), again = encoded();
    EXPECT_EQ(one.size(), fs::file_size(first));
    EXPECT_EQ(one, again);
    fs::copy_file(second, first, fs::copy_options::overwrite_existing);
    encoded();  // may have been read before
    const std::string other = encoded();
    EXPECT_EQ(other.size(), fs::file_size(second));
    EXPECT_NE(other, one);
    std::ofstream(first, std::ios::binary | std::ios::app) << "behind the end marker";
    encoded();
    EXPECT_EQ(encoded().size(), other.size() + 21);
    fs::remove(first);
    std::string message;
    kind_of([&] { pipe.run(), pipe.run(); }, &message);
    EXPECT_THAT(message, testing::HasSubstr("a/100.jpg"));
  }
}

}  // namespace
}  // namespace vg
