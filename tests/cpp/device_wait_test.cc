// What the host does while the device decodes: its answer comes late, and nobody waits for it who
// has other work.
#include <chrono>
#include <thread>

#include "decoding.h"
#include "device_pipelines.h"

namespace vg {
namespace {

using namespace test;

/// A device whose marks are reached when the test says so, or after they were asked for often
/// enough.
class LateMachine : public cuda::EmulatedMachine {
 public:
  Status decode(const cuda::jpeg::Batch& batch, const cuda::jpeg::Places& places) override {
    decodes++;
    return EmulatedMachine::decode(batch, places);
  }
  Outcome<cuda::MarkRef> mark() override { return cuda::MarkRef(std::make_shared<Late>(*this)); }

  std::atomic<int> decodes{0}, asked{0}, waited{0};
  std::atomic<int> questions{1000000};  ///< until a mark is reached

 private:
  class Late : public cuda::Reached {
   public:
    explicit Late(LateMachine& machine) : machine_(machine) {}
    bool reached() const override {
      machine_.asked++;
      return ++asked_ > machine_.questions;
    }
    Status wait() const override {
      machine_.waited++;
      asked_ = 1000000;
      return {};
    }

   private:
    LateMachine& machine_;
    mutable std::atomic<int> asked_{0};
  };
};

/// While it lives, pipelines find that device.
class LateGpu {
 public:
  LateGpu() {
    machine() = std::make_shared<LateMachine>();
    use_backend(&kBackend);
  }
  ~LateGpu() {
    use_backend(nullptr);
    machine().reset();
  }
  LateGpu(const LateGpu&) = delete;
  LateGpu& operator=(const LateGpu&) = delete;
  static std::shared_ptr<LateMachine>& machine() {
    static std::shared_ptr<LateMachine> machine;
    return machine;
  }

 private:
  static Outcome<std::shared_ptr<Device>> open(int, int64_t max_bytes) {
    return std::shared_ptr<Device>(std::make_shared<cuda::GpuDevice>(machine(), max_bytes));
  }
  static constexpr DeviceBackend kBackend{DeviceBackend::kVersion, &cuda::EmulatedGpu::devices,
                                          &open};
};

template <class Condition>
bool comes_true(Condition&& condition) {
  for (int i = 0; i < 20000 && !condition(); i++)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  return condition();
}

TEST(DeviceWait, OneThreadGoesOnWithTheNextBatches) {
  const test::Setup s{.threads = 1, .prefetch = 3};
  Pipeline host = decoding(any_folder(), s, false, "decoders.image", {}, true);
  const LateGpu gpu;
  LateMachine& machine = *gpu.machine();
  Pipeline device = decoding(any_folder(), s, true, "decoders.image", {}, true);
  for (int i = 0; i < 3; i++) device.schedule_run();
  EXPECT_TRUE(comes_true([&] { return machine.decodes == 3; })) << machine.decodes;
  EXPECT_TRUE(comes_true([&] { return machine.asked > 100; })) << machine.asked;
  EXPECT_EQ(device.stats().launches, 0u);
  machine.questions = 0;
  for (int i = 0; i < 3; i++) {
    EXPECT_EQ(contents(device.take()), contents(host.run())) << i;
  }
  EXPECT_GT(device.stats().launches, 0u);
  EXPECT_GT(device.stats().device_waited, 0);
}

TEST(DeviceWait, LateAnswersChangeNothing) {
  const Folder folder({0, 5, 13, 14, 15});
  for (OnError e : {OnError::Raise, OnError::Skip, OnError::Replace, OnError::Blank})
    for (int threads : {1, 3}) {
      const test::Setup s{.threads = threads, .prefetch = 3, .batch = 8, .on_error = e};
      const LateGpu gpu;
      gpu.machine()->questions = threads + 1;
      Pipeline host = decoding(folder, s, false, "decoders.image", {}, true);
      Pipeline device = decoding(folder, s, true, "decoders.image", {}, true);
      for (int i = 0; i < 3; i++) {
        const Ran a = run_once(host), b = run_once(device);
        ASSERT_EQ(a.story, b.story);
        ASSERT_EQ(contents(a.batch), contents(b.batch)) << "batch " << i;
      }
      EXPECT_GT(gpu.machine()->asked, 0);
    }
}

/// Nothing that is given up has to wait for the device.
TEST(DeviceWait, BatchesAreForgottenAtOnce) {
  for (bool close : {false, true}) {
    const LateGpu gpu;
    LateMachine& machine = *gpu.machine();
    Pipeline pipe =
        decoding(any_folder(), {.threads = 1, .prefetch = 3}, true, "decoders.image", {}, true);
    for (int i = 0; i < 3; i++) pipe.schedule_run();
    EXPECT_TRUE(comes_true([&] { return machine.decodes >= 2; }));
    if (close) {
      pipe.close();
      continue;
    }
    pipe.begin_epoch(1);
    EXPECT_EQ(machine.waited, 0);
    machine.questions = 0;
    for (uint64_t epoch : pipe.run().epochs) EXPECT_EQ(epoch, 1u);
  }
}

/// An interrupted run leaves its batch where it is: the next one gives it.
TEST(DeviceWait, AnInterruptedRunGoesOn) {
  const test::Setup s{.threads = 1, .prefetch = 1};
  Pipeline host = decoding(any_folder(), s, false, "decoders.image", {}, false);
  const LateGpu gpu;
  Pipeline device = decoding(any_folder(), s, true, "decoders.image", {}, false);
  EXPECT_THROW(device.run([] { return false; }), Error);
  gpu.machine()->questions = 0;
  EXPECT_EQ(contents(device.run()), contents(host.run()));
}

TEST(DeviceWait, OneSampleAloneWaits) {
  const LateGpu gpu;
  Pipeline pipe = decoding(any_folder(), {}, true, "decoders.image", {}, true);
  const Batch alone = pipe.replay(3, 0);
  EXPECT_GT(gpu.machine()->waited, 0);
  EXPECT_EQ(contents(alone).size(), 2u);
}

}  // namespace
}  // namespace vg
