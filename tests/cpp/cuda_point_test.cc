// The device form of points: the bytes of the host for every operator, type and number of channels,
// alone and in runs.
#include "cpu/drivers.h"
#include "cuda/points.h"
#include "on_device.h"
#include "planned_op.h"

namespace vg {
namespace {

constexpr auto kOnDevice = &test::on_device<cuda::runs_point, cuda::encode_point>;
constexpr int64_t kTypes[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10};

void compare(std::string_view name, const Tensor& image, const ArgMap& args) {
  test::PlannedOp op(name, image, args);
  ASSERT_TRUE(op.status().ok()) << op.status().failure().message;
  EXPECT_EQ(test::bytes(op.run(cpu::run_point)), test::bytes(op.run(kOnDevice)))
      << name << " " << name_of(image.dtype) << image.shape.text();
}

TEST(CudaPoint, EqualsTheHostForAllTypes) {
  for (int64_t in : kTypes)
    for (int64_t out : kTypes) {
      const auto dtype = static_cast<DType>(in);
      for (const Shape& shape : {Shape{13, 9, 3}, Shape{4, 5, 1}, Shape{7, 3, 6}, Shape{0, 5, 3}}) {
        const Tensor image = test::noise(dtype, shape, "HWC");
        compare("brightness", image,
                {{"brightness", 1.3}, {"brightness_shift", -0.1}, {"dtype", out}});
        compare("brightness_contrast", image,
                {{"brightness", -0.7}, {"contrast", 1.7}, {"dtype", out}});
        if (shape[2] == 3)
          compare("hsv", image, {{"hue", 40.0}, {"saturation", 1.6}, {"dtype", out}});
      }
    }
}

TEST(CudaPoint, EqualsTheHostForBytes) {
  const std::pair<const char*, ArgMap> ops[] = {
      {"contrast", {{"contrast", 1.4}}},
      {"color_twist", {{"hue", 20.0}, {"contrast", 0.4}, {"brightness", 1.2}}},
      {"hue", {{"hue", 100.0}}},
      {"saturation", {{"saturation", 0.3}}},
      {"_color", {{"factor", 1.5}}},
      {"_invert", {}},
      {"_posterize", {{"mask", int64_t{0xE0}}}},
      {"_solarize", {{"threshold", 99.0}}},
      {"_solarize_add", {{"shift", int64_t{77}}}}};
  for (const auto& [name, args] : ops)
    for (const auto& [shape, layout] :
         {std::pair(Shape{31, 17, 3}, Layout("HWC")), std::pair(Shape{2, 5, 7, 3}, Layout("FHWC"))})
      compare(name, test::noise(DType::Uint8, shape, layout), args);
}

TEST(CudaPoint, GreyAndColourConvert) {
  for (int64_t from = 0; from < 4; from++)
    for (int64_t to = 0; to < 4; to++) {
      if (from == to) continue;
      const Tensor image = test::noise(DType::Uint8, {9, 14, from == 2 ? 1 : 3}, "HWC");
      test::PlannedOp op("color_space_conversion", image,
                         {{"image_type", from}, {"output_type", to}});
      if (!op.status().ok()) continue;
      EXPECT_EQ(test::bytes(op.run(cpu::run_point)), test::bytes(op.run(kOnDevice))) << from << to;
    }
}

TEST(CudaPoint, TablesTravel) {
  std::vector<int64_t> keys;
  std::vector<double> numbers;
  for (int64_t k = 0; k < 300; k += 3) keys.push_back(k), numbers.push_back(0.7 * (k % 90) - 9);
  for (int64_t in : {0, 1, 4, 5, 7})
    for (int64_t out : {0, 5, 9})
      compare("lookup_table", test::noise(static_cast<DType>(in), {50, 30}, "HW"),
              {{"keys", keys}, {"values", numbers}, {"default_value", -3.5}, {"dtype", out}});
}

TEST(CudaPoint, RunsEqualTheHost) {
  const Tensor image = test::noise(DType::Uint8, {11, 12, 3}, "HWC");
  const Value source = constant(image);
  std::vector<Value> nodes{source};
  const auto then = [&](const char* name, const ArgMap& args) {
    nodes.push_back(call(name, {nodes.back()}, args)[0]);
  };
  Arena arena;
  Sample sample;
  std::vector<TensorRef> refs{{image, image.data.get()}};
  std::vector<cpu::PointStep> steps;
  then("color_space_conversion", {{"image_type", int64_t{0}}, {"output_type", int64_t{2}}});
  then("brightness", {{"brightness", 1.3}, {"dtype", int64_t{9}}});
  then("contrast", {{"contrast", 0.6}, {"dtype", int64_t{8}}});
  then("brightness_contrast", {{"contrast", 1.6}, {"dtype", int64_t{4}}});
  for (size_t i = 1; i < nodes.size(); i++) {
    refs.emplace_back();
    const OpDef& op = *nodes[i].node()->op;
    Plan plan(*nodes[i].node(), sample, {}, {&refs[i - 1], 1}, {}, {&refs[i], 1}, arena);
    ASSERT_TRUE(op.plan(plan).ok());
    steps.push_back({&op, plan.params(), refs[i].desc.dtype});
    Tensor host = Tensor::allocate(refs[i].desc), device = Tensor::allocate(refs[i].desc);
    ASSERT_TRUE(cpu::run_points(steps, refs[0], {host, host.data.get()}).ok());
    ASSERT_TRUE(cuda::runs_points(steps, image, refs[i].desc));
    cuda::EmulatedLevel level;
    cuda::encode_points(steps, refs[0], {device, device.data.get()}, level);
    level.run();
    EXPECT_EQ(test::bytes(host), test::bytes(device)) << i;
  }
}

}  // namespace
}  // namespace vg
