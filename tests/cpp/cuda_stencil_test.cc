// Stencils as tasks, run on the host, against the host's driver.
#include <random>

#include "cpu/drivers.h"
#include "cuda_emulation.h"
#include "ops/stencil.h"
#include "planned_op.h"

namespace vg {
namespace {

Status emulate_stencil(const OpDef&, const Work& work) {
  EXPECT_TRUE(cuda::runs_stencil(work));
  cuda::EmulatedLevel level;
  cuda::encode_stencil(work, level);
  level.run();
  return {};
}

class RandomStencil {
 public:
  explicit RandomStencil(uint32_t seed) : random_(seed) {}

  void dense() {
    StencilParams s = field();
    s.dense = true;
    s.field.extents[0] = 1;
    s.halves_to_even = below(2);
    s.border = static_cast<Border>(below(5));
    s.fill = 50.25f;
    const bool valid = below(4) == 0;
    for (size_t i = 0; i < 2; i++) {
      const int64_t extent = s.field.extents[i + 1];
      s.kernel_extents[i] = static_cast<int>(1 + below(valid ? extent : 7));
      s.origin[i] = valid ? 0 : static_cast<int>(below(s.kernel_extents[i]));
      s.out_extents[i] = valid ? extent - s.kernel_extents[i] + 1 : extent;
    }
    const auto kernel = floats(int64_t{s.kernel_extents[0]} * s.kernel_extents[1]);
    s.kernel = kernel;
    Arena arena;
    if (below(2)) {
      s.whole = WholeSum::weights(kernel, arena);
      s.fill = 50;
    }
    compare(s, s.out_extents[0] * s.out_extents[1]);
  }

  void separable() {
    StencilParams s = field();
    s.border = static_cast<Border>(below(4));
    s.terms = static_cast<int>(1 + below(3));
    std::vector<std::vector<float>> windows;
    for (int i = 0; i < 9; i++)
      windows.push_back(below(3) ? floats(1 + 2 * below(5)) : std::vector<float>{1});
    for (size_t i = 0; i < 3; i++) {
      for (size_t a = 0; a < 3; a++) s.term[i].windows[a] = windows[3 * i + a];
      s.term[i].scale = below(2) ? 1 : floats(1)[0];
    }
    compare(s, s.field.extents[0] * s.field.extents[1] * s.field.extents[2]);
  }

 private:
  int64_t below(int64_t n) { return static_cast<int64_t>(random_()) % n; }
  std::vector<float> floats(int64_t n) {
    std::vector<float> v(static_cast<size_t>(n));
    for (float& x : v) x = static_cast<float>(random_() * 0x1p-31 - 1);
    return v;
  }

  StencilParams field() {
    StencilParams s;
    s.field.outer = 1 + below(3), s.field.inner = 1 + below(4);
    s.field.extents = {below(3) ? 1 : 1 + below(5), 1 + below(12), 1 + below(12)};
    return s;
  }

  Tensor input(DType dtype, int64_t n) {
    Tensor t = test::noise(dtype, {n}, "", random_());
    // Numbers only: where NaN meets NaN, the bytes are whatever the compiler's order makes of them.
    const double spread = size_of(dtype) == 1 ? 255 : 3000;
    for (int64_t i = 0; i < n; i++)
      set_element({t, t.data.get()}, i, (static_cast<double>(random_()) * 0x1p-32 - 0.4) * spread);
    return t;
  }

  void compare(const StencilParams& s, int64_t out_field) {
    const auto [depth, height, width] = s.field.extents;
    const auto type = s.whole.empty() ? static_cast<DType>(below(12)) : DType::Uint8;
    const DType to = !s.whole.empty() || below(2) ? type : static_cast<DType>(below(12));
    const int64_t inner = s.field.outer * s.field.inner;
    const Tensor in = input(type, inner * depth * height * width);
    const TensorRef from{in, in.data.get()};
    Tensor got[2];
    const test::DriverFunction drivers[] = {cpu::run_stencil, emulate_stencil};
    for (int i = 0; i < 2; i++) {
      got[i] = Tensor::allocate({to, {inner * out_field}, ""});
      const TensorRef out{got[i], got[i].data.get()};
      Arena scratch;
      const Node node;
      ASSERT_TRUE(drivers[i](OpDef{}, Work{node, &s, {&from, 1}, {&out, 1}, scratch}).ok());
    }
    ASSERT_EQ(test::bytes(got[0]), test::bytes(got[1])) << name_of(type) << " to " << name_of(to);
  }

  std::mt19937 random_;
};

TEST(CudaStencil, DenseEqualsTheHost) {
  for (uint32_t seed = 0; seed < 1500; seed++) {
    SCOPED_TRACE(seed);
    RandomStencil(seed).dense();
    if (testing::Test::HasFatalFailure()) return;
  }
}

TEST(CudaStencil, SeparableEqualsTheHost) {
  for (uint32_t seed = 0; seed < 1500; seed++) {
    SCOPED_TRACE(seed);
    RandomStencil(seed).separable();
    if (testing::Test::HasFatalFailure()) return;
  }
}

TEST(CudaStencil, OperatorsEqualTheHost) {
  const std::pair<const char*, ArgMap> calls[] = {
      {"gaussian_blur", {{"sigma", 1.3}}},
      {"gaussian_blur", {{"window_size", int64_t{1}}}},
      {"gaussian_blur", {{"window_size", std::vector<int64_t>{1, 5}}}},
      {"laplacian", {}},
      {"laplacian", {{"window_size", int64_t{5}}, {"smoothing_size", int64_t{1}}}},
      {"laplacian", {{"normalized_kernel", true}, {"dtype", static_cast<int64_t>(DType::Float)}}}};
  for (DType dtype : {DType::Uint8, DType::Int16, DType::Float, DType::Uint32})
    for (const auto& [shape, layout] : {std::pair<Shape, Layout>{{31, 43, 3}, "HWC"},
                                        {{3, 20, 9}, "CHW"},
                                        {{2, 9, 14, 3}, "FHWC"},
                                        {{0, 5, 3}, "HWC"},
                                        {{11, 40}, "HW"}})
      for (const auto& [name, args] : calls) {
        test::PlannedOp op(name, test::noise(dtype, shape, layout), args);
        ASSERT_TRUE(op.status().ok()) << op.status().failure().message;
        EXPECT_EQ(test::bytes(op.run(emulate_stencil)), test::bytes(op.run(cpu::run_stencil)))
            << name << " " << name_of(dtype) << " " << shape.text();
      }
}

}  // namespace
}  // namespace vg
