// The device form of warps: the bytes of the host, over random maps, types and borders.
#include <random>

#include "cpu/drivers.h"
#include "on_device.h"
#include "ops/warp.h"
#include "planned_op.h"

namespace vg {
namespace {

constexpr auto kOnDevice = &test::on_device<cuda::runs_warp, cuda::encode_warp>;

void compare(const WarpParams& p, DType in_type, DType out_type, uint64_t seed) {
  const Shape in_shape{p.frames, p.in_height, p.in_width, p.channels};
  const Shape out_shape{p.frames, p.out_height, p.out_width, p.channels};
  const Tensor in = test::noise(in_type, in_shape, "FHWC", seed);
  Tensor host = Tensor::allocate({out_type, out_shape, "FHWC"}),
         device = Tensor::allocate({out_type, out_shape, "FHWC"});
  Node node;
  Arena scratch;
  const TensorRef input{in, in.data.get()}, to_host{host, host.data.get()},
      to_device{device, device.data.get()};
  ASSERT_TRUE(cpu::run_warp({}, Work{node, &p, {&input, 1}, {&to_host, 1}, scratch}).ok());
  ASSERT_TRUE(kOnDevice({}, Work{node, &p, {&input, 1}, {&to_device, 1}, scratch}).ok());
  ASSERT_EQ(test::bytes(host), test::bytes(device)) << name_of(in_type) << " " << seed;
}

TEST(CudaWarp, EqualsTheHost) {
  std::mt19937 random(1);
  const auto below = [&](int n) {
    return static_cast<int64_t>(random() % static_cast<unsigned>(n));
  };
  const auto number = [&](double scale) { return (random() * 0x1p-31 - 1) * scale; };
  const double scales[] = {0, 0.01, 1, 3, 1e5, 1e12};
  const DType types[] = {DType::Uint8, DType::Int16, DType::Int32, DType::Float};
  for (int round = 0; round < 1500; round++) {
    WarpParams p{};
    p.frames = 1 + below(2);
    p.in_height = 1 + below(30), p.in_width = 1 + below(30);
    p.out_height = 1 + below(40), p.out_width = 1 + below(40);
    p.channels = static_cast<int>(1 + below(5));
    p.nearest = below(3) == 0;
    p.clamp = below(2) == 0;
    p.fill = number(400);
    const double scale = scales[round % 12 < 7 ? 2 : below(6)];
    double m[6];
    for (double& x : m) x = number(scale);
    if (below(4) == 0) m[1] = m[3] = 0;
    if (below(4) == 0) m[0] = m[4] = 1;
    m[2] = number(std::min(scale, 1.0) * 30), m[5] = number(scale * 30);
    const DType in = types[round % 4], out = round % 3 ? in : DType::Float;
    const bool bytes = out == DType::Uint8;
    const double shift = p.nearest ? 0 : bytes ? Bilinear<uint8_t, uint8_t>::kShift : 0.5;
    p.steps = warp_steps(m, shift, p.out_width, p.out_height);
    ASSERT_NO_FATAL_FAILURE(compare(p, in, out, static_cast<uint64_t>(round)));
  }
}

}  // namespace
}  // namespace vg
