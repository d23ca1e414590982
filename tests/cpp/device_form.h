// One instruction, run by its driver on the host and by its device form in emulation.
#pragma once

#include "cuda_emulation.h"
#include "planned_op.h"

namespace vg::test {

class DeviceForm {
 public:
  DeviceForm(std::string_view name, std::vector<Tensor> inputs, const ArgMap& args)
      : inputs_(std::move(inputs)) {
    std::vector<Value> nodes;
    for (const Tensor& t : inputs_) {
      nodes.push_back(constant(t));
      in_.push_back({t, t.data.get()});
    }
    value_.emplace(call(name, nodes, args)[0]);
    Plan plan(*value_->node(), sample_, {}, in_, {}, {&out_, 1}, arena_);
    status_ = op().plan(plan);
    params_ = plan.params();
  }

  const Status& status() const { return status_; }
  const OpDef& op() const { return *value_->node()->op; }

  bool runs(const cuda::Form& form) {
    std::vector<TensorRef> in = in_;
    for (TensorRef& ref : in) ref.data = nullptr;
    Arena scratch;
    return form.runs(Work{*value_->node(), params_, in, {&out_, 1}, scratch});
  }

  Tensor on_host(DriverFunction driver) {
    return with_output([&](const Work& work) { EXPECT_TRUE(driver(op(), work).ok()); });
  }

  Tensor on_device(const cuda::Form& form) {
    return with_output([&](const Work& work) {
      cuda::EmulatedLevel level;
      form.encode(work, level);
      level.run();
    });
  }

 private:
  template <class F>
  Tensor with_output(F&& run) {
    const size_t bytes = static_cast<size_t>(out_.desc.bytes()), guard = 64;
    Tensor result = tensor<uint8_t>(out_.desc.dtype, out_.desc.shape, out_.desc.layout,
                                    std::vector<uint8_t>(bytes + guard, 0xA5));
    const TensorRef out{out_.desc, result.data.get()};
    Arena scratch;
    run(Work{*value_->node(), params_, in_, {&out, 1}, scratch});
    for (size_t i = bytes; i < bytes + guard; i++)
      EXPECT_EQ(result.data.get()[i], std::byte{0xA5}) << "written past the end";
    return result;
  }

  std::vector<Tensor> inputs_;
  std::optional<Value> value_;
  std::vector<TensorRef> in_;
  TensorRef out_;
  Arena arena_;
  Sample sample_;
  const void* params_ = nullptr;
  Status status_;
};

/// Runs both and compares all bytes. Whether there is a device form.
inline bool expect_equal_bytes(std::string_view name, const std::vector<Tensor>& inputs,
                               const ArgMap& args, DriverFunction driver, const cuda::Form& form) {
  DeviceForm instruction(name, inputs, args);
  EXPECT_TRUE(instruction.status().ok()) << name << instruction.status().failure().message;
  if (!instruction.status().ok() || !instruction.runs(form)) return false;
  const Tensor want = instruction.on_host(driver), got = instruction.on_device(form);
  const auto a = bytes(want), b = bytes(got);
  EXPECT_EQ(a.size(), b.size());
  const auto differs = std::mismatch(a.begin(), a.end(), b.begin());
  EXPECT_TRUE(differs.first == a.end())
      << name << " of " << (inputs.empty() ? "nothing" : name_of(inputs[0].dtype)) << " gives "
      << name_of(want.dtype) << want.shape.text() << ", byte " << (differs.first - a.begin());
  return true;
}

}  // namespace vg::test
