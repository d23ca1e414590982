// The view family as tasks, run on the host, against the slow reference and the host's driver.
#include "cpu/drivers.h"
#include "cuda_emulation.h"
#include "random_view.h"

namespace vg {
namespace {

Status emulate_view(const OpDef&, const Work& work) {
  EXPECT_TRUE(cuda::runs_view(work));
  cuda::EmulatedLevel level;
  cuda::encode_view(work, level);
  level.run();
  return {};
}

TEST(CudaView, EqualsItsReference) { test::expect_reference_of_views(emulate_view); }

std::vector<std::byte> run_whole(test::DriverFunction driver, const Tensor& in, DType to,
                                 bool cut) {
  View v = view_of(in);
  place(v, in.shape);
  v.cut = cut;
  const ViewParams params{{&v, 1}};
  const TensorRef source{in, in.data.get()};
  const Tensor out = Tensor::allocate({to, in.shape, {}});
  const TensorRef result{out, out.data.get()};
  Arena scratch;
  const Node node;
  EXPECT_TRUE(driver(OpDef{}, {node, &params, {&source, 1}, {&result, 1}, scratch}).ok());
  return test::bytes(out);
}

TEST(CudaView, ConvertsAsTheHostBetweenAllTypes) {
  for (DType from : test::kTypes)
    for (DType to : test::kTypes)
      for (bool cut : {false, true}) {
        const Tensor in = test::noise(from, {7, 331}, "HW");  // NaN and infinities among them
        EXPECT_EQ(run_whole(emulate_view, in, to, cut), run_whole(cpu::run_view, in, to, cut))
            << name_of(from) << " to " << name_of(to) << ", cut " << cut;
      }
}

/// Views that operators plan, of real sizes and any values.
TEST(CudaView, EqualsTheHostForOperators) {
  using Floats = std::vector<double>;
  const auto type = [](DType t) { return static_cast<int64_t>(t); };
  const std::pair<const char*, ArgMap> calls[] = {
      {"crop", {{"crop", Floats{20, 17}}}},
      {"flip", {{"horizontal", int64_t{1}}, {"vertical", int64_t{1}}}},
      {"transpose", {{"perm", std::vector<int64_t>{2, 0, 1}}}},
      {"slice",
       {{"start", Floats{-9, 5}},
        {"end", Floats{50, 60}},
        {"axis_names", "HW"},
        {"out_of_bounds_policy", "reflect_101"}}},
      {"crop_mirror_normalize",
       {{"crop", Floats{22, 22}},
        {"mirror", int64_t{1}},
        {"mean", Floats{120, 110.5, 100}},
        {"std", Floats{60, 55.5, 50}}}},
      {"crop_mirror_normalize",
       {{"dtype", type(DType::Float16)},
        {"output_layout", "HWC"},
        {"pad_output", true},
        {"mean", Floats{1, 2, 3}}}},
      {"pad", {{"axes", std::vector<int64_t>{0, 1}}, {"align", std::vector<int64_t>{16}}}}};
  for (DType dtype : {DType::Uint8, DType::Int16, DType::Float, DType::Float16})
    for (const auto& [name, args] : calls) {
      test::PlannedOp op(name, test::noise(dtype, {41, 37, 3}, "HWC"), args);
      ASSERT_TRUE(op.status().ok()) << name << ": " << op.status().failure().message;
      EXPECT_EQ(test::bytes(op.run(emulate_view)), test::bytes(op.run(cpu::run_view)))
          << name << " of " << name_of(dtype);
    }
}

TEST(CudaView, LeavesWhatNeedsMoreThan32BitsToTheHost) {
  View v = view_of({DType::Uint8, {4}, {}});
  v.axes[0].start = int64_t{-1} << 33;
  const ViewParams params{{&v, 1}};
  const TensorRef ref{{DType::Uint8, {4}, {}}};
  Arena scratch;
  const Node node;
  EXPECT_FALSE(cuda::runs_view({node, &params, {&ref, 1}, {&ref, 1}, scratch}));
}

}  // namespace
}  // namespace vg
