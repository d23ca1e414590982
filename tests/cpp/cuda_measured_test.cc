// The device form of the measured family: the bytes of the host for all layouts.
#include "cpu/drivers.h"
#include "on_device.h"
#include "ops/measured.h"
#include "planned_op.h"

namespace vg {
namespace {

constexpr auto kOnDevice = &test::on_device<cuda::runs_measured, cuda::encode_measured>;

TEST(CudaMeasured, EqualsTheHost) {
  const std::pair<Shape, Layout> kinds[] = {
      {{7, 9}, "HW"},       {{61, 47, 3}, "HWC"}, {{5, 31, 4}, "HWC"},    {{5, 31, 2}, "HWC"},
      {{40, 50, 1}, "HWC"}, {{3, 9, 20}, "CHW"},  {{3, 5, 4, 3}, "FHWC"}, {{2, 3, 9, 8}, "FCHW"},
      {{4, 3, 7}, "CHW"},   {{4, 9, 11}, "FHW"},  {{1, 1, 3}, "HWC"},     {{190, 200, 3}, "HWC"},
      {{0, 4, 3}, "HWC"},   {{3, 1, 3}, "CHW"}};
  for (const auto& [shape, layout] : kinds)
    for (const char* name : {"equalize", "_auto_contrast", "_contrast"})
      for (int range : {1, 90, 256}) {
        const bool contrast = name == std::string_view("_contrast");
        const int channels = planes_of({DType::Uint8, shape, layout}).value().channels;
        if (contrast && channels != 1 && channels != 3) continue;
        Tensor image = test::noise(DType::Uint8, shape, layout);
        for (int64_t i = 0; i < shape.elements(); i++)
          image.as<uint8_t>()[i] = static_cast<uint8_t>(30 + image.as<uint8_t>()[i] % range);
        ArgMap args;
        if (contrast) args["factor"] = 1.7;
        test::PlannedOp op(name, image, args);
        ASSERT_TRUE(op.status().ok()) << op.status().failure().message;
        EXPECT_EQ(test::bytes(op.run(cpu::run_measured)), test::bytes(op.run(kOnDevice)))
            << name << " " << shape.text() << " " << range;
      }
}

}  // namespace
}  // namespace vg
