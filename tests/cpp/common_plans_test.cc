// Plans that samples share: the same pixels and programs as those of samples that plan alone.
#include "graph/common_plans.h"

#include <gtest/gtest.h>

#include <thread>

#include "exec/programs.h"
#include "exec/sample_run.h"
#include "variegate/auto_aug.h"
#include "variegate/ops.h"

namespace vg {
namespace {

/// Images of three sizes in turn; the output is a vector.
class Memory : public Surroundings {
 public:
  Status load(int, const Sample& sample, std::span<Tensor> outputs) override {
    const auto id = static_cast<int64_t>(sample.key.sample_id);
    outputs[0] = Tensor::allocate({DType::Uint8, Shape{20 + id % 3, 24, 3}, "HWC"});
    for (int64_t i = 0; i < outputs[0].bytes(); i++)
      outputs[0].as<uint8_t>()[i] = static_cast<uint8_t>(i * 7 + id);
    return {};
  }
  Outcome<std::byte*> place(int, const Sample&, const TensorDesc& desc) override {
    output.resize(static_cast<size_t>(desc.bytes()));
    return output.data();
  }
  std::vector<std::byte> output;
};

Value augmented(bool crop) {
  Value image = call("_external_source", {})[0];
  if (crop) image = ops::random_resized_crop(image, {.size = {16, 16}});
  image = ops::flip(image, {.horizontal = ops::random::coin_flip({.probability = 0.5})});
  image = auto_aug::rand_augment(image, 3, 15);
  image = auto_aug::auto_augment(image);
  return auto_aug::trivial_augment_wide(image);
}

CompiledGraph graph_of(const Value& output) { return compile({{output}, {}}, 5).take(); }

struct Made {
  std::vector<std::byte> pixels;
  std::string program;
  bool operator==(const Made&) const = default;
};

/// Samples [first, last) by one runner.
std::vector<Made> make(const CompiledGraph& graph, uint64_t first, uint64_t last) {
  Memory memory;
  BufferCache cache(std::make_shared<HostPool>(0));
  SampleRun run(graph, memory, cache);
  const ProgramNames names = program_names(graph);
  std::vector<Made> all;
  for (uint64_t id = first; id < last; id++) {
    run.begin({.key = {id, 2}, .data_id = id});
    const Status status = run.finish();
    EXPECT_TRUE(status.ok()) << status.failure().message;
    all.push_back({memory.output, to_program(names, run.program()).text()});
  }
  return all;
}

TEST(CommonPlans, GiveWhatSamplesPlanAlone) {
  for (const bool crop : {false, true}) {
    const CompiledGraph graph = graph_of(augmented(crop));
    const std::vector<Made> shared = make(graph, 0, 120);
    for (uint64_t id = 0; id < 120; id++)
      ASSERT_EQ(make(graph_of(augmented(crop)), id, id + 1)[0], shared[id]) << id;
  }
}

TEST(CommonPlans, ThreadsMayAddAtTheSameTime) {
  const std::vector<Made> one = make(graph_of(augmented(true)), 0, 200);
  const CompiledGraph graph = graph_of(augmented(true));
  std::vector<std::vector<Made>> found(4);
  std::vector<std::thread> threads;
  for (std::vector<Made>& to : found) threads.emplace_back([&] { to = make(graph, 0, 200); });
  for (std::thread& t : threads) t.join();
  for (const std::vector<Made>& made : found) EXPECT_TRUE(made == one);
}

TEST(CommonPlans, TypesAreKnownByTheirPlace) {
  CommonPlans plans({});
  const TensorDesc image{DType::Uint8, {4, 5, 3}, "HWC"}, other{DType::Uint8, {4, 5, 3}, "CHW"};
  EXPECT_EQ(plans.find(image), nullptr);
  const TensorDesc* known = plans.add(image);
  EXPECT_TRUE(equal(*known, image));
  EXPECT_EQ(plans.add(image), known);
  EXPECT_EQ(plans.find(image), known);
  EXPECT_EQ(plans.find(other), nullptr);
  EXPECT_NE(plans.add(other), known);
}

TEST(CommonPlans, AFullTableTakesNoMore) {
  CommonPlans plans({});
  int64_t added = 0;
  while (plans.add({DType::Uint8, {added}, ""})) added++;
  EXPECT_EQ(added, 512);
  EXPECT_EQ(plans.find({DType::Uint8, {added}, ""}), nullptr);
  EXPECT_NE(plans.find({DType::Uint8, {added - 1}, ""}), nullptr);
}

}  // namespace
}  // namespace vg
