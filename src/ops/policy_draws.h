// What an automatic augmentation decides per sample: which operation, which sign, run or skip, and
// the row of a table of parameters.
#pragma once

#include "graph/elements.h"
#include "graph/op_def.h"

namespace vg {

/// Gives the output, which is described: one whole number.
inline void provide_index(Plan& p, int64_t index) {
  if (has_whole_number(index))
    p.provide(0, whole_number(p.out().dtype, index));
  else
    *p.computed<int32_t>() = static_cast<int32_t>(index);
}

/// Uniform whole numbers of [0, count): one, or `shape` of them.
struct RandomIndex {
  static Schema schema() {
    return Schema("_random_index", "Uniform integers in [0, count).")
        .required("count", ArgType::Int, "number of choices")
        .arg("shape", ArgType::Ints, "shape of the output; default: a scalar")
        .random()
        .hidden()
        .eager();
  }
  static Outcome<> plan(Plan& p) {
    p.out().dtype = DType::Int32;
    const auto count = static_cast<uint64_t>(p.get<int64_t>("count"));
    DrawStream draws = p.draws();
    if (!p.has("shape")) {
      provide_index(p, uniform_below(draws.next_u32(), count));
      return {};
    }
    for (double extent : p.numbers("shape")) p.out().shape.push_back(static_cast<int64_t>(extent));
    int32_t* out = p.computed<int32_t>();
    for (int64_t i = 0; i < p.out().shape.elements(); i++)
      out[i] = static_cast<int32_t>(uniform_below(draws.next_u32(), count));
    return {};
  }
};

/// The alternative of a policy's stage: `choices[k]` with probability `probabilities[k]`, else
/// `otherwise`; k is the sub-policy. Strictly u < p: 1 always runs, 0 never.
struct RunOrSkip {
  static Schema schema() {
    return Schema("_run_or_skip", "The alternative of a stage of a policy.")
        .input("sub_policy", "index of the sub-policy")
        .required("probabilities", ArgType::Floats, "of running, per sub-policy")
        .required("choices", ArgType::Ints, "alternative that runs, per sub-policy")
        .required("otherwise", ArgType::Int, "alternative that stands for skipping")
        .random()
        .hidden()
        .eager();
  }
  static Outcome<> plan(Plan& p) {
    p.out().dtype = DType::Int32;
    const auto k = static_cast<size_t>(element(p.input(0), 0));
    DrawStream draws = p.draws();
    const float u = static_cast<float>(draws.next_u32() >> 8) * 0x1p-24f;
    const bool runs = u < static_cast<float>(p.numbers("probabilities")[k]);
    provide_index(
        p, static_cast<int64_t>(runs ? p.numbers("choices")[k] : p.get<double>("otherwise")));
    return {};
  }
};

/// Row `bin` of a table, or row 2 * bin + sign of one that holds both signs (even: positive).
struct TableRow {
  static Schema schema() {
    return Schema("_table_row", "A row of a table of parameters.")
        .required("table", ArgType::Any, "the rows along the first axis")
        .tensor_arg("bin", ArgType::Int, int64_t{0}, "negative: counted from the end")
        .tensor_arg("sign", ArgType::Int, "0 or 1; with it the table holds two rows per bin")
        .hidden()
        .eager();
  }
  static Outcome<> plan(Plan& p) {
    const TensorRef table = *p.tensor("table");
    const int64_t width = p.has("sign") ? 2 : 1, bins = table.desc.shape[0] / width;
    const int64_t given = p.get<int64_t>("bin"), bin = given < 0 ? given + bins : given;
    VG_TRY(p.status());
    if (bin < 0 || bin >= bins)
      return p.bad("magnitude_bin", "= {} is out of range for {} bins", given, bins);
    TensorDesc& out = p.out();
    out.dtype = table.desc.dtype;
    for (int i = 1; i < table.desc.shape.ndim(); i++) out.shape.push_back(table.desc.shape[i]);
    p.provide(0,
              table.data + (bin * width + (width == 2 ? p.get<int64_t>("sign") : 0)) * out.bytes());
    return {};
  }
};

/// A translation in pixels from fractions of the image: offset * (width, height).
struct RelativeOffset {
  static Schema schema() {
    return Schema("_relative_offset", "Fractions of the image's size as pixels.")
        .input("fractions", "(x, y)")
        .input("shape", "(height, width, ...)")
        .hidden()
        .eager();
  }
  static Outcome<> plan(Plan& p) {
    if (p.in(1).shape.elements() < 2)
      return p.bad("shape", "has {} elements; height and width are needed",
                   p.in(1).shape.elements());
    p.out() = TensorDesc{DType::Float, {2}, {}};
    const auto number = [&](int i, int k) { return static_cast<float>(element(p.input(i), k)); };
    float* out = p.computed<float>();
    out[0] = number(0, 0) * number(1, 1);
    out[1] = number(0, 1) * number(1, 0);
    return {};
  }
};

}  // namespace vg
