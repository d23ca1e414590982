// Whole pipelines: equal bytes under any number of threads, errors, states, memory and endings.
#include <map>

#include "pipelines.h"

namespace vg {
namespace {

using namespace test;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(Pipeline, ThreadsAndPrefetchDoNotChangeABatch) {
  const Folder folder;
  Pipeline one = training(folder, {.threads = 1, .prefetch = 1});
  const auto expected = runs(one, 7);  // across the end of an epoch
  for (int threads : {1, 2, 4}) {
    for (int prefetch : {1, 3}) {
      Pipeline pipe = training(folder, {.threads = threads, .prefetch = prefetch});
      EXPECT_EQ(runs(pipe, 7), expected) << threads << " threads, prefetch " << prefetch;
    }
  }
}

TEST(Pipeline, ASampleDoesNotDependOnTheBatchSize) {
  const Folder folder;
  std::map<std::pair<uint64_t, uint64_t>, std::string> seen;
  for (int size : {4, 6, 24}) {
    Pipeline pipe = training(folder, {.batch = size});
    for (int i = 0; i < 48 / size; i++) {
      const Batch batch = pipe.run();
      ASSERT_EQ(batch.size(), size);
      for (int k = 0; k < size; k++) {
        const auto at = static_cast<size_t>(k);
        const auto key = std::pair{batch.sample_ids[at], batch.epochs[at]};
        const std::string got = bytes(batch.outputs[0].samples[at]);
        EXPECT_EQ(seen.emplace(key, got).first->second, got);
      }
    }
  }
  EXPECT_EQ(seen.size(), 48u);  // two epochs, every sample once in each
}

TEST(Pipeline, EqualShapesLieInOneBlock) {
  const Folder folder;
  Pipeline pipe = training(folder, {});
  for (int i = 0; i < 3; i++) {
    const Batch batch = pipe.run();
    EXPECT_TRUE(batch.outputs[0].is_dense());
    const Tensor all = batch.outputs[0].as_tensor();
    EXPECT_EQ(all.shape, (Shape{5, 32, 24, 3}));
    EXPECT_EQ(all.layout, Layout("NHWC"));
    EXPECT_EQ(all.data.get(), batch.outputs[0].samples[0].data.get());
  }
}

TEST(Pipeline, ReplayGivesTheBytesOfTheRun) {
  const Folder folder;
  Pipeline pipe = training(folder, {});
  pipe.run();
  const Batch batch = pipe.run();
  for (size_t i = 0; i < 5; i++) {
    const Batch again = pipe.replay(batch.sample_ids[i], batch.epochs[i]);
    EXPECT_EQ(bytes(again.outputs[0].samples[0]), bytes(batch.outputs[0].samples[i]));
    EXPECT_EQ(again.programs[0].text(), batch.programs[i].text());
  }
  EXPECT_EQ(kind_of([&] { pipe.replay(kFiles, 0); }), ErrorKind::Index);
}

TEST(Pipeline, ThePlanIsWhatARunDoes) {
  const Folder folder;
  Pipeline pipe = training(folder, {});
  const Batch batch = pipe.run();
  const std::vector<Program> plan = pipe.plan(batch.sample_ids, 0);
  ASSERT_EQ(plan.size(), 5u);
  for (size_t i = 0; i < 5; i++) EXPECT_EQ(plan[i].text(), batch.programs[i].text());
  EXPECT_THROW(batch.programs.at(batch.programs.size()), Error);
}

TEST(Pipeline, APlanRefusesDecisionsAboutPixels) {
  const Folder folder;
  Pipeline pipe(options({}));
  const Inputs in = read(folder);
  const Value bright = call("_gt", {call("reductions.mean", {in.image})[0], constant(100.0f)})[0];
  pipe.set_outputs({select(bright, call("flip", {in.image})[0], in.image)});
  EXPECT_EQ(kind_of([&] { pipe.plan({0}, 0); }), ErrorKind::Runtime);
  EXPECT_EQ(pipe.run().size(), 5);
}

TEST(Pipeline, RaiseThrowsForItsBatchOnly) {
  const Folder folder({7});
  Pipeline pipe = training(folder, {.shuffle = false});
  EXPECT_EQ(pipe.run().size(), 5);
  std::string message;
  EXPECT_EQ(kind_of([&] { pipe.run(); }, &message), ErrorKind::Runtime);
  EXPECT_THAT(message, HasSubstr("decoders.image"));
  const Batch next = pipe.run();
  EXPECT_THAT(next.sample_ids, ElementsAre(10, 11, 12, 13, 14));
}

TEST(Pipeline, SkipMakesABatchSmaller) {
  const Folder folder({7, 8});
  Pipeline pipe = training(folder, {.on_error = OnError::Skip, .shuffle = false});
  pipe.run();
  const Batch batch = pipe.run();
  EXPECT_THAT(batch.sample_ids, ElementsAre(5, 6, 9));
  ASSERT_EQ(batch.errors.size(), 2u);
  EXPECT_EQ(batch.errors[0].sample_id, 7u);
  EXPECT_EQ(batch.errors[0].slot, 2);
  EXPECT_THAT(batch.errors[0].source, HasSubstr("107.jpg"));
  EXPECT_EQ(batch.outputs[0].size(), 3);
  EXPECT_EQ(pipe.run().size(), 5);
}

TEST(Pipeline, BlankKeepsTheLabelAndTheSize) {
  const Folder folder({7});
  Pipeline pipe = training(folder, {.on_error = OnError::Blank, .shuffle = false});
  pipe.run();
  const Batch batch = pipe.run();
  ASSERT_EQ(batch.size(), 5);
  EXPECT_EQ(batch.outputs[0].samples[2].shape, (Shape{32, 24, 3}));
  EXPECT_THAT(bytes(batch.outputs[0].samples[2]), Each('\0'));
  EXPECT_EQ(*batch.outputs[1].samples[2].as<int32_t>(), 0);
  EXPECT_EQ(batch.errors.size(), 1u);
}

TEST(Pipeline, ReplaceTakesOtherDataWhateverTheThreads) {
  const Folder folder({7});
  std::vector<std::vector<std::string>> first;
  int64_t by = -1;
  for (int threads : {1, 4}) {
    Pipeline pipe =
        training(folder, {.threads = threads, .on_error = OnError::Replace, .shuffle = false});
    pipe.run();
    const Batch batch = pipe.run();
    ASSERT_EQ(batch.errors.size(), 1u);
    EXPECT_NE(batch.errors[0].replaced_by, 7);
    EXPECT_EQ(batch.sample_ids[2], 7u);
    if (first.empty()) {
      first.push_back(contents(batch));
      by = batch.errors[0].replaced_by;
    }
    EXPECT_EQ(contents(batch), first[0]);
    EXPECT_EQ(batch.errors[0].replaced_by, by);
    EXPECT_EQ(bytes(pipe.replay(7, 0).outputs[0].samples[0]), bytes(batch.outputs[0].samples[2]));
  }
}

TEST(Pipeline, AStateContinuesWhereTheConsumerStood) {
  const Folder folder;
  Pipeline pipe = training(folder, {.prefetch = 3});
  runs(pipe, 3);
  const std::string state = pipe.state_dict();
  const auto expected = runs(pipe, 4);
  Pipeline fresh = training(folder, {.threads = 4, .prefetch = 1});
  fresh.load_state_dict(state);
  EXPECT_EQ(runs(fresh, 4), expected);
  // Back in the same pipeline too, with batches in flight.
  pipe.load_state_dict(state);
  EXPECT_EQ(pipe.scheduled(), 0);
  EXPECT_EQ(pipe.state_dict(), state);
  EXPECT_EQ(runs(pipe, 4), expected);
}

TEST(Pipeline, AStateOfAnotherPipelineIsRefused) {
  const Folder folder;
  Pipeline pipe = training(folder, {}), other(options({}));
  const Inputs in = read(folder);
  other.set_outputs({in.image});
  pipe.build();
  other.build();
  std::string message;
  EXPECT_EQ(kind_of([&] { other.load_state_dict(pipe.state_dict()); }, &message), ErrorKind::Value);
  EXPECT_THAT(message, HasSubstr("other readers or draws"));
  for (const char* damaged : {"", "{", "[]", "{\"version\": 1}"})
    EXPECT_EQ(kind_of([&] { pipe.load_state_dict(damaged); }), ErrorKind::Value) << damaged;
}

TEST(Pipeline, CloseEndsBatchesInFlightAndLeavesTheirOutputs) {
  const Folder folder;
  Pipeline pipe = training(folder, {.threads = 4, .prefetch = 3});
  const Batch held = pipe.run();
  const auto before = contents(held);
  for (int i = 0; i < 4; i++) pipe.schedule_run();
  pipe.close();
  pipe.close();  // twice is fine
  EXPECT_EQ(contents(held), before);
  EXPECT_EQ(kind_of([&] { pipe.run(); }), ErrorKind::Runtime);
  // A pipeline that nobody closes, or that never ran, ends as well.
  Pipeline left = training(folder, {.threads = 4, .prefetch = 3});
  left.run();
  Pipeline never = training(folder, {});
}

TEST(Pipeline, TheMemoryCeilingCountsWhatTheUserHolds) {
  const Folder folder;
  Pipeline pipe = training(folder, {.prefetch = 1, .max_host_bytes = int64_t{6} << 20});
  std::vector<Batch> held;
  ErrorKind kind = ErrorKind::Plain;
  try {
    for (int i = 0; i < 20000; i++) held.push_back(pipe.run());
  } catch (const Error& e) {
    kind = e.kind();
  }
  EXPECT_EQ(kind, ErrorKind::Memory);
  EXPECT_GT(held.size(), 2u);
  EXPECT_LE(pipe.stats().host_bytes, int64_t{6} << 20);
  held.clear();
  EXPECT_EQ(pipe.run().size(), 5);  // what was let go can be used again
}

TEST(Pipeline, ASecondEpochReservesNothingNew) {
  const Folder folder;
  Pipeline pipe = training(folder, {.threads = 1, .batch = 6, .shuffle = false});
  for (int i = 0; i < 8; i++) pipe.run();
  const int64_t before = pipe.stats().host_bytes;
  EXPECT_GT(before, 0);
  for (int i = 0; i < 4; i++) pipe.run();
  EXPECT_LE(pipe.stats().host_bytes, before * 5 / 4);
}

TEST(Pipeline, ImpossibleOptionsAreRefused) {
  const Folder folder;
  EXPECT_EQ(kind_of([&] { training(folder, {.batch = 0}).build(); }), ErrorKind::Value);
  EXPECT_EQ(kind_of([&] { training(folder, {.threads = 0}).build(); }), ErrorKind::Type);
  EXPECT_EQ(kind_of([&] { training(folder, {.prefetch = 0}).build(); }), ErrorKind::Value);
  EXPECT_EQ(kind_of([&] { Pipeline(options({})).build(); }), ErrorKind::NotImplemented);
}

}  // namespace
}  // namespace vg
