// Runs one operator on one sample, through the same planner and drivers as a pipeline.
#pragma once

#include <gtest/gtest.h>

#include "exec/sample_run.h"

namespace vg::test {

/// A tensor of given values.
template <class T>
Tensor tensor(DType dtype, Shape shape, Layout layout, const std::vector<T>& values) {
  // As much memory as the values need: some tests give bytes for elements of another size.
  Tensor t = Tensor::allocate({DType::Uint8, {int64_t(values.size() * sizeof(T))}, {}});
  static_cast<TensorDesc&>(t) = {dtype, shape, layout};
  std::copy(values.begin(), values.end(), t.template as<T>());
  return t;
}

template <class T>
std::vector<T> values(const Tensor& t) {
  return {t.as<T>(), t.as<T>() + t.shape.elements()};
}

/// Evaluates values of a graph for one sample. No source, no output memory is needed.
class Evaluator : public Surroundings {
 public:
  Outcome<std::vector<Tensor>> run(const std::vector<Value>& wanted, const Sample& sample = {},
                                   uint64_t seed = 0) {
    VG_ASSIGN(const CompiledGraph graph, compile(Roots{wanted, {}}, seed));
    auto pool = std::make_shared<HostPool>(0);
    BufferCache cache(pool);
    SampleRun run(graph, *this, cache);
    run.begin(sample);
    std::vector<Tensor> results;
    for (int slot : graph.outputs) {
      VG_TRY(run.force(slot));
      const TensorRef& ref = run.value(slot);
      Tensor t = Tensor::allocate(ref.desc);
      t.source = run.source(slot);
      std::copy(ref.data, ref.data + ref.desc.bytes(), t.data.get());
      results.push_back(std::move(t));
    }
    return results;
  }
  Status load(int, const Sample&, std::span<Tensor>) override { return fail("no sources here"); }
  Outcome<std::byte*> place(int, const Sample&, const TensorDesc&) override {
    return fail("no outputs here");
  }
};

/// `run_op("flip", {image}, {{"vertical", int64_t{1}}})`
inline Outcome<std::vector<Tensor>> run_op(std::string_view name, const std::vector<Tensor>& inputs,
                                           const ArgMap& args = {}, const CallOptions& options = {},
                                           const Sample& sample = {}) {
  try {
    std::vector<Value> nodes;
    for (const Tensor& t : inputs) nodes.push_back(constant(t));
    return Evaluator().run(call(name, nodes, args, options), sample);
  } catch (const Error& e) {
    return Failure{e.kind(), e.what()};
  }
}

}  // namespace vg::test
