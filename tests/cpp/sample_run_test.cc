// The demand-driven walk: only taken branches are computed; long chains need no stack.
#include "exec/sample_run.h"

#include "run_op.h"

namespace vg {
namespace {

using test::run_op;
using test::tensor;
using test::values;

Tensor image() {
  return tensor<uint8_t>(DType::Uint8, {1, 2, 3}, "HWC", {0, 10, 100, 200, 128, 255});
}

TEST(SampleRun, RunsAPointOperator) {
  auto out = run_op("brightness", {image()}, {{"brightness", 1.5}});
  ASSERT_TRUE(out.ok()) << out.failure().message;
  EXPECT_EQ(values<uint8_t>((*out)[0]), (std::vector<uint8_t>{0, 15, 150, 255, 192, 255}));
}

TEST(SampleRun, TakesOneBranchOnly) {
  // The untaken branch would fail: its argument has three elements.
  Value x = constant(image());
  Value wrong =
      call("brightness", {x},
           {{"brightness", constant(tensor<float>(DType::Float, {3}, "", {1, 2, 3}))}})[0];
  Value right = call("brightness", {x}, {{"brightness", 2.0}})[0];
  auto taken = test::Evaluator().run({select(constant(false), wrong, right)});
  ASSERT_TRUE(taken.ok()) << taken.failure().message;
  EXPECT_EQ(values<uint8_t>((*taken)[0])[1], 20);
  auto failed = test::Evaluator().run({select(constant(true), wrong, right)});
  ASSERT_FALSE(failed.ok());
  EXPECT_NE(failed.failure().message.find("one number per sample"), std::string::npos);
}

TEST(SampleRun, ClampsTheIndexOfASelect) {
  Value a = constant(int32_t{7}), b = constant(int32_t{8});
  for (auto [index, expected] : {std::pair{-5, 7}, {0, 7}, {1, 8}, {9, 8}}) {
    auto out = test::Evaluator().run({select(constant(int32_t{index}), {a, b})});
    ASSERT_TRUE(out.ok());
    EXPECT_EQ(values<int32_t>((*out)[0])[0], expected);
  }
}

TEST(SampleRun, TenThousandBranchesInARow) {
  Value x = constant(image());
  for (int i = 0; i < 10000; i++)
    x = select(constant(i % 2 == 0), x, call("brightness", {x}, {{"brightness", 1.0}})[0]);
  auto out = test::Evaluator().run({x});
  ASSERT_TRUE(out.ok()) << out.failure().message;
  EXPECT_EQ(values<uint8_t>((*out)[0]), values<uint8_t>(image()));
}

TEST(SampleRun, AConditionMustBeAScalar) {
  auto out = run_op("_predicate", {image()});
  ASSERT_FALSE(out.ok());
  EXPECT_NE(out.failure().message.find("Got a 3-d input"), std::string::npos);
}

}  // namespace
}  // namespace vg
