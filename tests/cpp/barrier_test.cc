// Barriers: callbacks and batch operators, which see the samples of their branch at once.
#include <chrono>
#include <mutex>
#include <thread>

#include "graph/node.h"
#include "ops/callback.h"
#include "pipelines.h"
#include "run_op.h"

namespace vg {
namespace {

using namespace test;
using testing::HasSubstr;

/// Puts a function behind values; it sees the batch.
std::vector<Value> callback(const std::vector<Value>& inputs, int outputs, BatchCallback f) {
  auto values = call("_callback", inputs, {{"num_outputs", int64_t{outputs}}});
  values[0].node()->attachment = std::make_shared<BatchCallback>(std::move(f));
  return values;
}

TEST(Barrier, LoadingAStateWaitsForABarrierInFlight) {
  const Folder folder;
  std::atomic<bool> inside{false}, go{false}, left{false};
  Pipeline pipe(options({.prefetch = 3}));
  const Inputs in = read(folder);
  const Value seen = callback({in.label}, 1, [&](BatchWork& work) -> Status {
    inside = true;
    while (!go) std::this_thread::yield();
    for (BatchItem& item : work.items())
      item.out[0] = test::tensor<int32_t>(DType::Int32, {}, {}, {1});
    left = true;
    return {};
  })[0];
  pipe.set_outputs({seen, in.label});
  pipe.build();
  const std::string state = pipe.state_dict();
  for (int i = 0; i < 3; i++) pipe.schedule_run();
  while (!inside) std::this_thread::yield();
  std::thread later([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    go = true;
  });
  pipe.load_state_dict(state);
  EXPECT_TRUE(left);
  later.join();
  EXPECT_EQ(pipe.run().size(), 5);
}

TEST(Barrier, AWaitCanBeGivenUp) {
  const Folder folder;
  std::atomic<bool> go{false};
  Pipeline pipe(options({.prefetch = 1}));
  const Inputs in = read(folder);
  pipe.set_outputs({callback({in.label}, 1, [&](BatchWork& work) -> Status {
    while (!go) std::this_thread::yield();
    for (BatchItem& item : work.items())
      item.out[0] = test::tensor<int32_t>(DType::Int32, {}, {}, {1});
    return {};
  })[0]});
  int asked = 0;
  EXPECT_EQ(kind_of([&] { pipe.run([&] { return ++asked < 3; }); }), ErrorKind::Runtime);
  EXPECT_EQ(asked, 3);
  go = true;
  EXPECT_EQ(pipe.run().size(), 5);
}

TEST(Barrier, AFailedCallbackIsRaisedWhateverOnErrorSays) {
  const Folder folder;
  for (OnError mode : {OnError::Raise, OnError::Skip, OnError::Blank, OnError::Replace}) {
    Pipeline pipe(options({.on_error = mode}));
    const Inputs in = read(folder);
    pipe.set_outputs({callback({in.label}, 1, [](BatchWork&) -> Status {
      return fail(ErrorKind::Index, "the user's own mistake");
    })[0]});
    for (int i = 0; i < 2; i++) {
      std::string message;
      EXPECT_EQ(kind_of([&] { pipe.run(); }, &message), ErrorKind::Index);
      EXPECT_EQ(message, "the user's own mistake");
    }
  }
}

TEST(Barrier, BatchOperatorsSeeTheSamplesOfTheirBranch) {
  const Folder folder;
  std::mutex mutex;
  std::vector<std::vector<int>> calls;
  Pipeline pipe(options({.threads = 3, .prefetch = 1, .batch = 8, .shuffle = false}));
  const Inputs in = read(folder, false);
  const Value coin = call("random.coin_flip", {}, {{"dtype", int64_t(DType::Bool)}})[0];
  push_guard(coin);
  const Value inside = callback({in.label}, 1, [&](BatchWork& work) -> Status {
    std::vector<int> slots;
    for (BatchItem& item : work.items()) {
      slots.push_back(item.sample.slot);
      item.out[0] =
          test::tensor<int32_t>(DType::Int32, {1}, {}, {static_cast<int32_t>(slots.size())});
    }
    std::lock_guard lock(mutex);
    calls.push_back(std::move(slots));
    return {};
  })[0];
  pop_guard();
  const Value otherwise = constant(test::tensor<int32_t>(DType::Int32, {1}, {}, {0}));
  pipe.set_outputs({coin, select(coin, inside, otherwise)});
  for (int run = 0; run < 6; run++) {
    const Batch batch = pipe.run();
    std::vector<int> expected;
    for (int i = 0; i < 8; i++) {
      const auto at = static_cast<size_t>(i);
      const bool taken = *batch.outputs[0].samples[at].as<uint8_t>() != 0;
      if (taken) expected.push_back(i);
      // The callback numbered the samples that it saw, in their order.
      EXPECT_EQ(*batch.outputs[1].samples[at].as<int32_t>(), taken ? int(expected.size()) : 0);
    }
    std::lock_guard lock(mutex);
    EXPECT_EQ(calls.at(static_cast<size_t>(run)), expected);
  }
}

TEST(Barrier, PadOfABranchIsAsLargeAsTheLargestOfTheBranch) {
  const Folder folder;
  Pipeline pipe(options({.threads = 2, .batch = 6, .shuffle = false}));
  const Inputs in = read(folder, false);
  const Value coin = call("random.coin_flip", {}, {{"dtype", int64_t(DType::Bool)}})[0];
  push_guard(coin);
  const Value padded = call("pad", {in.image})[0];
  pop_guard();
  pipe.set_outputs({coin, in.image, select(coin, padded, in.image)});
  for (int run = 0; run < 4; run++) {
    const Batch batch = pipe.run();
    int64_t height = 0, width = 0;
    for (size_t i = 0; i < 6; i++) {
      if (!*batch.outputs[0].samples[i].as<uint8_t>()) continue;
      height = std::max(height, batch.outputs[1].samples[i].shape[0]);
      width = std::max(width, batch.outputs[1].samples[i].shape[1]);
    }
    for (size_t i = 0; i < 6; i++) {
      const bool taken = *batch.outputs[0].samples[i].as<uint8_t>() != 0;
      const Shape& own = batch.outputs[1].samples[i].shape;
      EXPECT_EQ(batch.outputs[2].samples[i].shape, taken ? (Shape{height, width, 3}) : own);
    }
  }
}

TEST(Barrier, AReplacementGoesThroughTheBarrier) {
  const Folder folder({7});
  Pipeline pipe(options({.on_error = OnError::Replace}));
  const Inputs in = read(folder, false);
  pipe.set_outputs({call("pad", {in.image})[0], in.image, in.label});
  pipe.run();
  const Batch batch = pipe.run();
  ASSERT_EQ(batch.errors.size(), 1u);
  EXPECT_EQ(batch.sample_ids[2], 7u);
  EXPECT_GE(batch.errors[0].replaced_by, 0);
  EXPECT_NE(batch.errors[0].replaced_by, 7);
  EXPECT_TRUE(batch.outputs[0].is_dense());
  int64_t height = 0;
  for (const Tensor& t : batch.outputs[1].samples) height = std::max(height, t.shape[0]);
  EXPECT_EQ(batch.outputs[0].samples[2].shape[0], height);
}

TEST(Barrier, ALostSampleIsNotPartOfIt) {
  const Folder folder({7, 8});
  Pipeline pipe(options({.on_error = OnError::Skip}));
  const Inputs in = read(folder, false);
  pipe.set_outputs({callback({in.image}, 1, [](BatchWork& work) -> Status {
    for (BatchItem& item : work.items())
      item.out[0] = test::tensor<int32_t>(DType::Int32, {}, {}, {int(work.items().size())});
    return {};
  })[0]});
  EXPECT_EQ(*pipe.run().outputs[0].samples[0].as<int32_t>(), 5);
  const Batch batch = pipe.run();
  ASSERT_EQ(batch.size(), 3);
  EXPECT_EQ(*batch.outputs[0].samples[0].as<int32_t>(), 3);
}

TEST(Barrier, BranchesOfOtherTypesAreDivergent) {
  const Folder folder;
  Pipeline pipe(options({.batch = 16, .on_error = OnError::Skip}));
  const Inputs in = read(folder);
  const Value coin = call("random.coin_flip", {}, {{"dtype", int64_t(DType::Bool)}})[0];
  const Value floats = call("cast", {in.label}, {{"dtype", int64_t(DType::Float)}})[0];
  pipe.set_outputs({select(coin, floats, in.label)});
  std::string message;
  EXPECT_EQ(kind_of([&] { pipe.run(); }, &message), ErrorKind::Runtime);
  EXPECT_THAT(message, HasSubstr("Divergent data found"));
}

}  // namespace
}  // namespace vg
