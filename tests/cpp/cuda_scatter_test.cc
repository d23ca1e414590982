// The scatter family as tasks, run on the host, against the host's driver.
#include "cpu/drivers.h"
#include "cuda_emulation.h"
#include "planned_op.h"

namespace vg {
namespace {

using test::PlannedOp;
using Floats = std::vector<double>;

Status emulate_scatter(const OpDef&, const Work& work) {
  EXPECT_TRUE(cuda::runs_scatter(work));
  cuda::EmulatedLevel level;
  cuda::encode_scatter(work, level);
  level.run();
  return {};
}

void expect_host(std::string_view name, const Tensor& input, const ArgMap& args) {
  PlannedOp op(name, input, args, DrawKey{77});
  ASSERT_TRUE(op.status().ok()) << op.status().failure().message;
  EXPECT_EQ(test::bytes(op.run(emulate_scatter)), test::bytes(op.run(cpu::run_scatter)))
      << name << " " << name_of(input.dtype) << " " << input.shape.text() << " "
      << input.layout.text();
}

TEST(CudaScatter, EqualsTheHost) {
  const std::pair<Shape, Layout> inputs[] = {
      {{31, 23, 3}, "HWC"},       {{3, 17, 12}, "CHW"},  {{9, 11, 1}, "HWC"}, {{5}, ""},
      {{3, 10, 14, 3}, "FHWC"},   {{33, 70, 2}, "HWC"},  {{1, 1}, "HW"},      {{}, ""},
      {{2, 3, 9, 40}, "FCHW"},    {{20, 21, 4}, "HWC"},  {{7, 3, 5}, "HCW"},  {{0, 4, 3}, "HWC"},
      {{2, 5, 6, 7, 2}, "FDHWC"}, {{130, 190, 3}, "HWC"}};
  const std::pair<const char*, ArgMap> calls[] = {
      {"noise.gaussian", {{"mean", 3.0}, {"stddev", 20.0}}},
      {"noise.shot", {{"factor", 5.0}}},
      {"noise.shot", {{"factor", 40.0}}},
      {"noise.salt_and_pepper", {{"prob", 0.4}}},
      {"noise.salt_and_pepper", {{"prob", 0.4}, {"per_channel", true}, {"salt_val", 9.0}}}};
  for (const auto& [shape, layout] : inputs)
    for (int type = 0; type < 12; type++)
      for (const auto& [name, args] : calls)
        expect_host(name, test::noise(static_cast<DType>(type), shape, layout), args);
}

TEST(CudaScatter, MasksAsTheHost) {
  for (DType dtype : {DType::Uint8, DType::Int16, DType::Float, DType::Float64})
    for (const auto& [shape, layout] :
         {std::pair<Shape, Layout>{{31, 23, 3}, "HWC"}, {{3, 40, 27, 1}, "FHWC"}, {{17, 19}, "HW"}})
      for (double angle : {0.0, 0.4, 2.0})
        expect_host("grid_mask", test::noise(dtype, shape, layout),
                    {{"tile", int64_t{5}}, {"ratio", 0.6}, {"angle", angle}, {"shift_x", 2.5}});
}

TEST(CudaScatter, FillsRegionsAsTheHost) {
  const std::vector<ArgMap> calls = {
      {{"anchor", Floats{2, 3}}, {"shape", Floats{4, 5}}, {"axis_names", "HW"}},
      {{"anchor", Floats{2, 0}}, {"shape", Floats{4, 99}}, {"axis_names", "WH"}},
      {{"anchor", Floats{0, 0}}, {"shape", Floats{99, 99}}, {"axis_names", "HW"}},
      {{"anchor", Floats{0, 0}}, {"shape", Floats{0, 99}}, {"axis_names", "HW"}},
      {{"anchor", Floats{}}, {"shape", Floats{}}, {"axis_names", "HW"}},
      {{"anchor", Floats{0, 1, 3, 5, 2, 2}},
       {"shape", Floats{2, 2, 3, 3, 0, 9}},
       {"axis_names", "HW"},
       {"fill_value", Floats{7.9, 20, 31}}},
      {{"anchor", Floats{1}}, {"shape", Floats{1}}, {"axis_names", "C"}}};
  for (int type = 0; type < 12; type++)
    for (const auto& [shape, layout] : {std::pair<Shape, Layout>{{31, 23, 3}, "HWC"},
                                        {{3, 17, 12}, "CHW"},
                                        {{9, 3, 11}, "HCW"},
                                        {{2, 8, 9, 3}, "FHWC"},
                                        {{2, 3, 9, 40}, "FCHW"}})
      for (const ArgMap& args : calls)
        expect_host("erase", test::noise(static_cast<DType>(type), shape, layout), args);
}

}  // namespace
}  // namespace vg
