// One operator, planned once and run by any driver: how fast drivers meet their references.
#pragma once

#include "run_op.h"

namespace vg::test {

using DriverFunction = Status (*)(const OpDef&, const Work&);

class PlannedOp {
 public:
  PlannedOp(std::string_view name, Tensor input, const ArgMap& args, DrawKey key = {})
      : input_(std::move(input)), value_(call(name, {constant(input_)}, args)[0]) {
    in_ = {input_, input_.data.get()};
    Plan plan(*value_.node(), sample_, key, {&in_, 1}, {}, {&out_, 1}, arena_);
    status_ = op().plan(plan);
    params_ = plan.params();
  }

  const Status& status() const { return status_; }
  const OpDef& op() const { return *value_.node()->op; }

  Tensor run(DriverFunction driver) {
    const TensorDesc& desc = out_.desc;
    Tensor result = tensor<uint8_t>(desc.dtype, desc.shape, desc.layout,
                                    std::vector<uint8_t>(static_cast<size_t>(desc.bytes()), 0xA5));
    const TensorRef out{desc, result.data.get()};
    Arena scratch;
    const Status status =
        driver(op(), Work{*value_.node(), params_, {&in_, 1}, {&out, 1}, scratch});
    EXPECT_TRUE(status.ok());
    return result;
  }

 private:
  Tensor input_;
  Value value_;
  TensorRef in_, out_;
  Arena arena_;
  Sample sample_;
  const void* params_ = nullptr;
  Status status_;
};

inline std::vector<std::byte> bytes(const Tensor& t) {
  return {t.data.get(), t.data.get() + t.bytes()};
}

/// Reproducible values of all sizes that the type holds; floats between 0 and 1.
inline Tensor noise(DType dtype, Shape shape, Layout layout, uint64_t seed = 1) {
  Tensor t =
      tensor<uint8_t>(dtype, shape, layout,
                      std::vector<uint8_t>(static_cast<size_t>(shape.elements() * size_of(dtype))));
  for (int64_t i = 0; i < shape.elements(); i++) {
    const uint64_t h = hash64(seed, static_cast<uint64_t>(i));
    if (dtype == DType::Float)
      t.as<float>()[i] = static_cast<float>(uniform01(static_cast<uint32_t>(h)));
    else
      std::memcpy(t.data.get() + i * size_of(dtype), &h, static_cast<size_t>(size_of(dtype)));
  }
  return t;
}

}  // namespace vg::test
