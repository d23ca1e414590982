// What an operator sees of one sample while its program is written: arguments, inputs, outputs.
#pragma once

#include <algorithm>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "core/arena.h"
#include "core/outcome.h"
#include "core/philox.h"
#include "graph/node.h"

namespace vg {

/// A sample of a batch: the key of its draws, and the data that it is made from. They differ only
/// when a damaged file was replaced.
struct Sample {
  SampleKey key;
  uint64_t data_id = 0;
  int slot = 0;                           ///< place in its batch
  uint64_t iteration = 0;                 ///< number of the batch
  int64_t max_pixels = int64_t{1} << 28;  ///< larger images fail from their header
  /// Replaces one that failed: the host decodes it, and sees damage at once.
  bool stand_in = false;
};

/// A tensor in memory that somebody else owns. No data: known by type and shape only.
struct TensorRef {
  TensorDesc desc;
  std::byte* data = nullptr;
  const std::string* source = nullptr;  ///< name of the file that it came from, if any
  template <class T>
  T* as() const {
    return reinterpret_cast<T*>(data);
  }
};

/// An instruction about to run. Inputs and outputs are in memory, C order.
struct Work {
  const Node& node;
  const void* params;  ///< what the operator's plan returned
  std::span<const TensorRef> in, out;
  Arena& scratch;  ///< for the time of the call; reset by the caller
  template <class T>
  const T& param() const {
    return *static_cast<const T*>(params);
  }
};

/// Operators read their arguments by name, describe their outputs and return parameters.
/// A problem with an argument is remembered and reported once `plan` returns, so that reading
/// stays a plain expression.
class Plan {
 public:
  Plan(const Node& node, const Sample& sample, DrawKey draw_key, std::span<const TensorRef> inputs,
       std::span<const TensorRef> arguments, std::span<TensorRef> outputs, Arena& arena)
      : node_(node),
        sample_(sample),
        draw_key_(draw_key),
        inputs_(inputs),
        arguments_(arguments),
        outputs_(outputs),
        arena_(arena) {}

  const Node& node() const { return node_; }
  const Sample& sample() const { return sample_; }
  DrawKey draw_key() const { return draw_key_; }
  /// The numbers that this node draws for this sample, in order.
  DrawStream draws() const { return DrawStream(draw_key_, sample_.key); }
  Arena& arena() { return arena_; }

  int inputs() const { return static_cast<int>(inputs_.size()); }
  const TensorDesc& in(int i = 0) const { return inputs_[i].desc; }
  const TensorRef& input(int i) const {
    return inputs_[i];
  }  ///< data only if eager or already there
  TensorDesc& out(int i = 0) { return outputs_[i].desc; }
  int outputs() const { return static_cast<int>(outputs_.size()); }

  /// Whether the argument was given (a fallback of the schema does not count).
  bool has(ArgName name) const {
    const Argument* a = find(name);
    return a && a->given;
  }
  /// The argument (else its fallback, else zero) as T: bool, integers, float, double, enums,
  /// string, string_view.
  template <class T>
  T get(ArgName name);
  /// As numbers; a single one becomes a list of one; absent: empty. Tensors are read in C order.
  std::span<const double> numbers(ArgName name);
  /// As numbers, one for each of `n`: a single one is repeated; another count is an error.
  std::span<const double> numbers(ArgName name, int n);
  std::vector<std::string> strings(ArgName name);
  /// A tensor argument as it is (type and shape kept); none if it was given as plain numbers.
  std::optional<TensorRef> tensor(ArgName name) const;
  /// Type of the output: argument `dtype`, else `otherwise`.
  DType dtype(DType otherwise);

  /// `return p.bad("angle", "= {} is not finite", angle)`: names the operator and the argument.
  template <class... A>
  Failure bad(std::string_view argument, fmt::format_string<A...> text, A&&... a) {
    return problem(ErrorKind::Runtime, argument, fmt::format(text, std::forward<A>(a)...));
  }
  Failure problem(ErrorKind kind, std::string_view argument, std::string text) const;

  /// Output `o` is input `i` under another type or shape: no copy, no instruction.
  void alias(int o, int i) {
    alias_output_ = o;
    alias_input_ = i;
  }
  /// The elements of output `o` are there already and outlive the sample: nothing is to be run.
  void provide(int o, std::byte* data) { outputs_[o].data = data; }
  /// Memory for output `o`, which is described: `plan` computes the elements itself, and nothing is
  /// to be run. For a few numbers that steer the plan.
  template <class T>
  T* computed(int o = 0) {
    const auto bytes = static_cast<size_t>(outputs_[o].desc.bytes());
    outputs_[o].data = static_cast<std::byte*>(arena_.allocate(std::max(bytes, sizeof(T)), 64));
    return outputs_[o].as<T>();
  }
  bool is_alias() const { return alias_input_ >= 0; }
  int alias_input() const { return alias_input_; }

  template <class T>
  void set_params(const T& params) {
    static_assert(std::is_trivially_copyable_v<T>, "parameters are copied to a device as bytes");
    params_ = arena_.make<T>(params);
  }
  const void* params() const { return params_; }
  Status status() const { return problem_ ? Status(*problem_) : Status(); }

 private:
  const Argument* find(ArgName name) const { return node_.arguments.find(name); }
  double number(ArgName name) {
    const Argument* a = find(name);
    if (a && a->numbers.size() == 1) return a->numbers[0];
    return a ? number_of(name, *a) : 0;
  }
  double number_of(ArgName name, const Argument& a);
  std::string_view text(ArgName name);
  void remember(Failure failure) {
    if (!problem_) problem_.reset(new Failure(std::move(failure)));
  }

  const Node& node_;
  const Sample& sample_;
  DrawKey draw_key_;
  std::span<const TensorRef> inputs_, arguments_;
  std::span<TensorRef> outputs_;
  Arena& arena_;
  const void* params_ = nullptr;
  int alias_output_ = -1, alias_input_ = -1;
  std::unique_ptr<Failure, DeleteFailure> problem_;
};

template <class T>
T Plan::get(ArgName name) {
  if constexpr (std::is_same_v<T, std::string> || std::is_same_v<T, std::string_view>) {
    return T(text(name));
  } else if constexpr (std::is_same_v<T, bool>) {
    return number(name) != 0;
  } else if constexpr (std::is_enum_v<T>) {
    return static_cast<T>(static_cast<int64_t>(number(name)));
  } else {
    return static_cast<T>(number(name));
  }
}

/// Element `i` of a small tensor of any type, as a double.
double element(const TensorRef& tensor, int64_t i);
/// Stores a double as an element: rounded, ties away from zero, then clamped.
void set_element(const TensorRef& tensor, int64_t i, double value);

}  // namespace vg
