// The passes of the compiler: what merges, what is pruned, how draws are named, where barriers lie.
#include <gmock/gmock.h>

#include "graph/compile.h"
#include "run_op.h"

namespace vg {
namespace {

using test::tensor;
using testing::HasSubstr;

Value pixels() {
  return constant(tensor<uint8_t>(DType::Uint8, {1, 2, 3}, "HWC", {0, 10, 100, 200, 128, 255}));
}

Value brighter(const Value& x, double factor, const CallOptions& options = {}) {
  return call("brightness", {x}, {{"brightness", factor}}, options)[0];
}

Value uniform(const CallOptions& options = {}) {
  return call("random.uniform", {}, {}, options)[0];
}
Value coin(const CallOptions& options = {}) { return call("random.coin_flip", {}, {}, options)[0]; }

CallOptions seeded(int64_t seed) {
  CallOptions o;
  o.seed = seed;
  return o;
}

CallOptions named(std::string name) {
  CallOptions o;
  o.name = std::move(name);
  return o;
}

CompiledGraph compiled(std::vector<Value> outputs, uint64_t seed = 1,
                       std::vector<Value> sinks = {}) {
  auto graph = compile(Roots{std::move(outputs), std::move(sinks)}, seed);
  EXPECT_TRUE(graph.ok()) << graph.failure().message;
  return std::move(*graph);
}

int count(const CompiledGraph& graph, std::string_view op) {
  int n = 0;
  for (const CompiledNode& node : graph.nodes) n += node.node->schema().name() == op;
  return n;
}

const CompiledNode& node_of(const CompiledGraph& graph, size_t output) {
  return graph
      .nodes[static_cast<size_t>(graph.slot_node[static_cast<size_t>(graph.outputs[output])])];
}

TEST(Graph, InputsComeBeforeTheNodesThatUseThem) {
  const Value x = pixels();
  const CompiledGraph graph =
      compiled({brighter(brighter(x, 2), 3), select(coin(), x, brighter(x, 4))});
  for (const CompiledNode& n : graph.nodes) {
    for (int slot : n.inputs) EXPECT_LT(slot, n.first_slot);
    for (int slot : n.arguments) EXPECT_LT(slot, n.first_slot);
  }
  for (size_t s = 0; s < graph.slot_node.size(); s++) {
    const CompiledNode& n = graph.nodes[static_cast<size_t>(graph.slot_node[s])];
    EXPECT_GE(static_cast<int>(s), n.first_slot);
    EXPECT_LT(static_cast<int>(s), n.first_slot + n.node->outputs);
  }
}

TEST(Graph, EqualPureNodesMerge) {
  // Equal constants merge first, so what is made of them is equal as well.
  const CompiledGraph graph =
      compiled({brighter(pixels(), 2), brighter(pixels(), 2), brighter(pixels(), 3)});
  EXPECT_EQ(count(graph, "brightness"), 2);
  EXPECT_EQ(count(graph, "_constant"), 1);
  EXPECT_EQ(graph.outputs[0], graph.outputs[1]);
  EXPECT_NE(graph.outputs[0], graph.outputs[2]);
}

TEST(Graph, WhatIsNamedOrPreservedStaysApart) {
  const Value x = pixels();
  CallOptions kept;
  kept.preserve = true;
  EXPECT_EQ(count(compiled({brighter(x, 2), brighter(x, 2, named("mine"))}), "brightness"), 2);
  EXPECT_EQ(count(compiled({brighter(x, 2), brighter(x, 2, kept)}), "brightness"), 2);
}

TEST(Graph, DrawsMergeOnlyWithEqualSeedsAndArguments) {
  const Value low =
      call("random.uniform", {}, {{"range", std::vector<double>{0, 1}}}, seeded(5))[0];
  EXPECT_EQ(count(compiled({uniform(), uniform()}), "random.uniform"), 2);
  EXPECT_EQ(count(compiled({uniform(seeded(5)), uniform(seeded(5))}), "random.uniform"), 1);
  EXPECT_EQ(count(compiled({uniform(seeded(5)), uniform(seeded(6))}), "random.uniform"), 2);
  EXPECT_EQ(count(compiled({uniform(seeded(5)), low}), "random.uniform"), 2);
}

TEST(Graph, CallbacksAndSourcesNeverMerge) {
  const Value x = pixels();
  const CompiledGraph graph = compiled({call("_callback", {x})[0], call("_callback", {x})[0]});
  EXPECT_EQ(count(graph, "_callback"), 2);
  const ArgMap files{{"files", std::vector<std::string>{"a.jpg"}}};
  const CompiledGraph readers =
      compiled({call("readers.file", {}, files)[1], call("readers.file", {}, files)[1]});
  EXPECT_EQ(count(readers, "readers.file"), 2);
  EXPECT_EQ(readers.sources.size(), 2u);
}

TEST(Graph, UnusedNodesAreNotCompiledAndSinksAre) {
  const Value x = pixels(), unused = brighter(x, 7), sink = brighter(x, 8);
  EXPECT_EQ(compiled({x}).nodes.size(), 1u);
  const CompiledGraph graph = compiled({x}, 1, {sink});
  EXPECT_EQ(count(graph, "brightness"), 1);
  ASSERT_EQ(graph.sinks.size(), 1u);
}

TEST(Graph, NamesAreUnique) {
  const Value x = pixels();
  const auto graph =
      compile(Roots{{brighter(x, 2, named("same")), brighter(x, 3, named("same"))}, {}}, 1);
  ASSERT_FALSE(graph.ok());
  EXPECT_THAT(graph.failure().message, HasSubstr("two operators are named 'same'"));
  // A node that nothing needs takes no name.
  const Value unused = brighter(x, 4, named("other"));
  EXPECT_TRUE(compile(Roots{{brighter(x, 2, named("other"))}, {}}, 1).ok());
}

TEST(Graph, DrawIdsFollowTheWalkFromTheOutputs) {
  const Value first = uniform(), second = uniform();
  const CompiledGraph there = compiled({first, second}), back = compiled({second, first});
  // Whatever was created first: the draw of output 0 is the first.
  for (const CompiledGraph* g : {&there, &back}) {
    EXPECT_EQ(node_of(*g, 0).draw_id, "random.uniform:0");
    EXPECT_EQ(node_of(*g, 1).draw_id, "random.uniform:1");
  }
  EXPECT_EQ(node_of(there, 0).draw.key, node_of(back, 0).draw.key);
  EXPECT_NE(node_of(there, 0).draw.key, node_of(there, 1).draw.key);
}

TEST(Graph, OtherKindsOfDrawsShiftNothing) {
  const CompiledGraph alone = compiled({uniform()}), among = compiled({coin(), uniform(), coin()});
  EXPECT_EQ(node_of(alone, 0).draw.key, node_of(among, 1).draw.key);
  EXPECT_EQ(node_of(among, 2).draw_id, "random.coin_flip:1");
}

TEST(Graph, ANameIsTheIdentityOfADraw) {
  const CompiledGraph alone = compiled({uniform(named("mine"))});
  const CompiledGraph among = compiled({uniform(), uniform(named("mine")), uniform()});
  EXPECT_EQ(node_of(alone, 0).draw.key, node_of(among, 1).draw.key);
  // It does not count as one of the unnamed either.
  EXPECT_EQ(node_of(among, 2).draw_id, "random.uniform:1");
}

TEST(Graph, ThePipelineSeedDoesNotReachExplicitSeeds) {
  const auto key = [](const CallOptions& o, uint64_t seed) {
    return node_of(compiled({uniform(o)}, seed), 0).draw.key;
  };
  EXPECT_EQ(key(seeded(5), 1), key(seeded(5), 2));
  EXPECT_NE(key(seeded(5), 1), key(seeded(6), 1));
  EXPECT_NE(key({}, 1), key({}, 2));
}

TEST(Graph, OneSeedGivesEveryKindAndOrdinalAStream) {
  CallOptions later = seeded(5);
  later.ordinal = 1;
  const CompiledGraph graph = compiled({uniform(seeded(5)), coin(seeded(5)), uniform(later)});
  EXPECT_NE(node_of(graph, 0).draw.key, node_of(graph, 1).draw.key);
  EXPECT_NE(node_of(graph, 0).draw.key, node_of(graph, 2).draw.key);
  // All crop windows are one kind.
  const Value shape = constant(tensor<int32_t>(DType::Int32, {2}, "", {30, 40}));
  const CompiledGraph windows =
      compiled({call("random_crop_generator", {shape}, {}, seeded(5))[0],
                call("random_resized_crop", {pixels()}, {{"size", std::vector<int64_t>{8, 8}}},
                     seeded(5))[0]});
  EXPECT_EQ(node_of(windows, 0).draw.key, node_of(windows, 1).draw.key);
}

TEST(Graph, BarriersLieInLevels) {
  const Value x = pixels();
  const Value low = call("pad", {x})[0], free = brighter(x, 2),
              high = call("pad", {brighter(low, 2)})[0];
  const CompiledGraph graph = compiled({free, brighter(high, 3)});
  ASSERT_EQ(graph.barriers.size(), 2u);
  EXPECT_EQ(graph.barriers[0].size(), 1u);
  EXPECT_EQ(graph.barriers[1].size(), 1u);
  EXPECT_EQ(node_of(graph, 0).level, 0);
  EXPECT_EQ(node_of(graph, 1).level, 2);
  EXPECT_TRUE(compiled({free}).barriers.empty());
}

TEST(Graph, ExtentsThatAreGivenNeedNoBarrier) {
  const Value given = call("pad", {pixels()}, {{"shape", std::vector<int64_t>{4, 4, 3}}})[0];
  EXPECT_TRUE(compiled({given}).barriers.empty());
}

TEST(Graph, BatchOperatorsKnowTheirBranch) {
  const Value x = pixels(), condition = coin();
  push_guard(condition);
  const Value inside = call("pad", {x})[0], inside_again = call("pad", {x})[0];
  pop_guard();
  const Value outside = call("pad", {x})[0];
  const CompiledGraph graph = compiled({inside, inside_again, outside});
  EXPECT_EQ(count(graph, "pad"), 2);  // those of one branch merge, those of two do not
  EXPECT_EQ(graph.outputs[0], graph.outputs[1]);
  EXPECT_GE(node_of(graph, 0).guard, 0);
  EXPECT_EQ(node_of(graph, 2).guard, -1);
}

TEST(Graph, TenThousandNodesNeedNoStack) {
  Value x = pixels();
  for (int i = 0; i < 10000; i++) x = brighter(x, 1 + i);
  EXPECT_EQ(compiled({x}).nodes.size(), 10001u);
}

}  // namespace
}  // namespace vg
