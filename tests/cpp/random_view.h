// Views of random tensors, by which drivers are compared with the slow reference.
#pragma once

#include <random>

#include "planned_op.h"
#include "reference/view.h"

namespace vg::test {

inline constexpr DType kTypes[] = {DType::Uint8,   DType::Int8,  DType::Uint16,  DType::Int16,
                                   DType::Int32,   DType::Int64, DType::Float16, DType::Float,
                                   DType::Float64, DType::Bool,  DType::Uint32,  DType::Uint64};

class RandomView {
 public:
  RandomView(uint32_t seed, DriverFunction driver) : random_(seed), driver_(driver) {}

  void check() {
    const int ndim = between(1, 5);
    Shape in_shape;
    const int channel = between(0, 3) ? ndim - 1 : between(0, ndim - 1);
    for (int d = 0; d < ndim; d++)
      in_shape.push_back(d == channel     ? between(1, 5)
                         : between(0, 12) ? between(1, between(1, 30))
                                          : 0);
    TensorDesc in_desc{kTypes[between(0, 11)], in_shape, {}};
    View v = view_of(in_desc);
    std::array<int, Shape::kMaxDims> order{};
    for (int d = 0; d < ndim; d++) order[d] = d;
    if (between(0, 1)) std::shuffle(order.begin(), order.begin() + ndim, random_);
    const View whole = v;
    for (int d = 0; d < ndim; d++) v.axes[d] = whole.axes[order[d]];
    v.outside = between(0, 1) ? Outside::Fill : static_cast<Outside>(between(0, 4));
    const bool keep_inside = between(0, 1) == 0;
    for (int d = 0; d < ndim; d++) distort(v.axes[d], keep_inside);
    v.channel_axis =
        static_cast<int>(std::find(order.begin(), order.end(), channel) - order.begin());
    const auto channels = static_cast<size_t>(std::max<int64_t>(v.axes[v.channel_axis].extent, 1));
    const bool several = v.outside == Outside::Fill && between(0, 1);
    std::vector<double> fill(several ? channels : static_cast<size_t>(between(0, 1)));
    for (double& f : fill) f = between(-300, 300) + between(0, 3) * 0.25;
    std::vector<Affine> affine(between(0, 1) ? 0 : several ? channels : 1);
    for (Affine& a : affine)
      a = {static_cast<float>(between(0, 255)), between(1, 50) / 16.0f,
           static_cast<float>(between(0, 9))};
    v.fill = fill;
    v.cut = between(0, 1);
    v.affine = affine;
    DType out_type = between(0, 2) ? in_desc.dtype : kTypes[between(0, 11)];
    TensorDesc out_desc{out_type, {}, {}};
    for (int d = 0; d < ndim; d++) out_desc.shape.push_back(v.axes[d].extent);
    place(v, out_desc.shape);
    compare(v, in_desc, out_desc);
  }

 private:
  int between(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_); }

  void distort(ViewAxis& a, bool keep_inside) {
    if (between(0, 2) == 0) return;
    const int n = static_cast<int>(a.size);
    a.step = between(0, 2) ? (between(0, 1) ? 1 : -1) : between(0, 1) ? 2 : -3;
    if (keep_inside && n > 0) {
      a.start = between(0, n - 1);
      const int64_t room = a.step > 0 ? (n - 1 - a.start) / a.step : a.start / -a.step;
      a.extent = between(0, static_cast<int>(room)) + 1;
    } else {
      a.start = between(-n - 4, n + 4);
      a.extent = between(0, n + 8);
    }
  }

  void compare(const View& v, const TensorDesc& in_desc, const TensorDesc& out_desc) {
    std::vector<std::byte> in(static_cast<size_t>(in_desc.bytes()) + 1);
    for (int64_t i = 0; i < in_desc.shape.elements(); i++)
      store_number(between(-400, 400) + between(0, 3) * 0.25, in_desc.dtype,
                   in.data() + i * size_of(in_desc.dtype));
    std::vector<std::byte> fast(static_cast<size_t>(out_desc.bytes()) + 1, std::byte{0xAB}),
        slow = fast;
    const TensorRef source{in_desc, in.data()}, to{out_desc, fast.data()},
        expected{out_desc, slow.data()};
    reference::run_view(v, source, expected);
    const ViewParams params{{&v, 1}};
    Arena scratch;
    const Node node;
    const OpDef op;
    ASSERT_TRUE(driver_(op, {node, &params, {&source, 1}, {&to, 1}, scratch}).ok());
    ASSERT_EQ(fast, slow) << in_desc.shape.text() << " to " << out_desc.shape.text() << ", "
                          << name_of(in_desc.dtype) << " to " << name_of(out_desc.dtype)
                          << ", outside " << int(v.outside) << ", fills " << v.fill.size()
                          << ", affine " << v.affine.size() << ", channel axis " << v.channel_axis;
  }

  std::mt19937 random_;
  DriverFunction driver_;
};

inline void expect_reference_of_views(DriverFunction driver) {
  for (uint32_t seed = 0; seed < 4000; seed++) {
    SCOPED_TRACE(seed);
    RandomView(seed, driver).check();
    if (testing::Test::HasFatalFailure()) return;
  }
}

}  // namespace vg::test
