// The device form of resizes: the bytes of the host for every filter, mode, region and window.
#include "core/distributions.h"
#include "cpu/drivers.h"
#include "on_device.h"
#include "ops/resample.h"
#include "planned_op.h"

namespace vg {
namespace {

constexpr auto kOnDevice = &test::on_device<cuda::runs_resample, cuda::encode_resample>;
constexpr Filter kFilters[] = {Filter::Nearest, Filter::Linear, Filter::Cubic, Filter::Lanczos3,
                               Filter::Gaussian};
constexpr DType kTypes[] = {DType::Uint8, DType::Uint16, DType::Int16, DType::Float};

void compare(const ResampleParams& p, int channels, DType in_type, DType out_type) {
  const ResampleUnits job{p, channels % 3 + 1, channels};
  const Shape in_shape{job.units, p.y.in, p.x.in, channels},
      out_shape{job.units, p.y.count, p.x.count, channels};
  const Tensor in = test::noise(in_type, in_shape, "FHWC");
  std::vector<Tensor> results[2];
  for (auto& result : results) {
    const auto byte = static_cast<uint8_t>(&result - results);
    result = {test::tensor<uint8_t>(
                  out_type, out_shape, "FHWC",
                  std::vector<uint8_t>(
                      static_cast<size_t>(out_shape.elements() * size_of(out_type)), byte)),
              Tensor::allocate({DType::Int32, {2}, {}})};
    Node node;
    Arena scratch;
    const TensorRef input{in, in.data.get()};
    const TensorRef out[] = {{result[0], result[0].data.get()}, {result[1], result[1].data.get()}};
    const Work work{node, &job, {&input, 1}, out, scratch};
    ASSERT_TRUE((byte ? kOnDevice : cpu::run_resample)({}, work).ok());
  }
  ASSERT_EQ(test::bytes(results[0][0]), test::bytes(results[1][0]))
      << p.y.in << "x" << p.x.in << " -> " << p.y.out << "x" << p.x.out << " channels " << channels
      << " filter " << int(p.y.filter) << " " << name_of(in_type) << " " << name_of(out_type);
  ASSERT_EQ(test::bytes(results[0][1]), test::bytes(results[1][1]));
}

TEST(CudaResample, EqualsTheHost) {
  const int64_t sizes[][4] = {{61, 47, 23, 31}, {61, 47, 90, 70}, {61, 47, 80, 20}, {61, 47, 7, 5},
                              {61, 47, 61, 20}, {61, 47, 30, 47}, {1, 9, 13, 17},   {9, 1, 4, 3},
                              {1, 1, 5, 6},     {200, 90, 9, 80}, {12, 8, 12, 8}};
  int channels = 0;
  for (const auto& s : sizes)
    for (Filter fy : kFilters)
      for (Filter fx : {fy, Filter::Linear})
        for (bool antialias : {false, true})
          for (DType in : kTypes)
            for (DType out : {in, DType::Float}) {
              channels = channels % 6 + 1;
              const double h = static_cast<double>(s[0]), w = static_cast<double>(s[1]);
              const ResampleParams p{resample_axis(s[0], 0, h, s[2], fy, antialias),
                                     resample_axis(s[1], 0, w, s[3], fx, antialias)};
              ASSERT_NO_FATAL_FAILURE(compare(p, channels, in, out));
            }
}

TEST(CudaResample, RegionsFlipsAndWindowsEqualTheHost) {
  DrawStream draws({3}, {});
  for (int n = 0; n < 1000; n++) {
    const auto axis = [&](Filter filter, bool antialias) {
      const auto in = static_cast<int64_t>(1 + draws() * 90),
                 out = static_cast<int64_t>(1 + draws() * 90);
      const auto place = [&] { return (draws() * 1.4 - 0.2) * static_cast<double>(in); };
      ResampleAxis a = resample_axis(in, place(), place(), out, filter, antialias);
      a.begin = static_cast<int64_t>(draws() * static_cast<double>(out));
      a.count = 1 + static_cast<int64_t>(draws() * static_cast<double>(out - a.begin));
      return a;
    };
    const Filter filter = kFilters[n % 5], other = n % 7 ? filter : Filter::Lanczos3;
    const bool antialias = n % 2 == 0;
    const ResampleAxis y = axis(filter, antialias), x = axis(other, antialias);
    ASSERT_NO_FATAL_FAILURE(compare({y, x}, 1 + n % 5, n % 3 ? DType::Uint8 : DType::Float,
                                    n % 3 == 1 ? DType::Uint8 : DType::Float));
  }
}

TEST(CudaResample, OtherTypesAreTheHosts) {
  ResampleUnits job{{resample_axis(9, 0, 9, 4, Filter::Linear, true),
                     resample_axis(9, 0, 9, 4, Filter::Linear, true)}};
  Node node;
  Arena scratch;
  TensorRef in{{DType::Int32, {9, 9, 1}, "HWC"}}, out{{DType::Int32, {4, 4, 1}, "HWC"}};
  const Work work{node, &job, {&in, 1}, {&out, 1}, scratch};
  EXPECT_FALSE(cuda::runs_resample(work));
  job.params.y.filter = job.params.x.filter = Filter::Nearest;  // pixels of any type are picked
  EXPECT_TRUE(cuda::runs_resample(work));
}

}  // namespace
}  // namespace vg
