// What an operator takes and gives, as data: checks, Python functions, stubs and docs come from it.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "graph/arg_name.h"
#include "variegate/value.h"

namespace vg {

enum class ArgType {
  Bool,
  Int,
  Float,
  String,
  DType,
  ImageType,
  InterpType,
  Ints,
  Floats,
  Strings,
  Any
};

std::string_view name_of(ArgType type);

/// DALI's interpolation types; the numbers are those of `types.DALIInterpType`.
enum class InterpType : int64_t { Nearest, Linear, Cubic, Lanczos3, Triangular, Gaussian };
/// DALI's image types; the numbers are those of `types.DALIImageType`.
enum class ImageType : int64_t { Rgb, Bgr, Gray, YCbCr, AnyData };

struct ArgSpec {
  std::string name;
  ArgType type = ArgType::Float;
  ArgValue fallback;    ///< monostate: none
  std::string doc;      ///< unit, range, meaning
  bool tensor = false;  ///< may be a Value, one (small) tensor per sample
  bool required = false;
  std::string renamed_to;  ///< for deprecated spellings
};

struct InputSpec {
  std::string name;
  std::string doc;
  std::string layouts;  ///< allowed layouts, blank-separated; empty: any
  bool optional = false;
  std::vector<Layout> allowed = {};  ///< the same, one by one
};

/// Traits that the graph and the executor ask for.
struct Traits {
  bool random = false;      ///< draws numbers: takes `seed`, is not merged, has a draw id
  bool batch = false;       ///< needs all samples of its branch at once (a barrier)
  bool source = false;      ///< brings data in
  bool hidden = false;      ///< not a function of `fn`
  bool eager = false;       ///< runs while the sample is planned: its result steers the plan
  int data_from = 1 << 20;  ///< inputs from this one on are computed before `plan`
  bool needs_shape_only =
      false;               ///< eager, but reads what is known of its inputs before their data
  bool same_type = false;  ///< rank and layout of input 0, type `dtype` or that of input 0
  bool mixed = false;      ///< accepts device="mixed"
  bool cpu_only = false;   ///< refuses device="gpu"
  bool impure = false;     ///< callbacks: never merged
};

/// Declared with a chain of calls; see any file in `ops/`.
class Schema {
 public:
  Schema() = default;
  Schema(std::string name, std::string doc) : name_(std::move(name)), doc_(std::move(doc)) {}

  Schema& input(std::string name, std::string doc, std::string layouts = "");
  Schema& optional_input(std::string name, std::string doc, std::string layouts = "");
  /// Any number of inputs between `low` and `high`.
  Schema& inputs(int low, int high, std::string name, std::string doc);
  Schema& outputs(int n);
  /// The number of outputs is that of the elements of a list argument, or an integer argument; a
  /// flag adds one.
  Schema& outputs_from(std::string argument);

  Schema& arg(std::string name, ArgType type, std::string doc);
  Schema& arg(std::string name, ArgType type, ArgValue fallback, std::string doc);
  /// May be given per sample.
  Schema& tensor_arg(std::string name, ArgType type, std::string doc);
  Schema& tensor_arg(std::string name, ArgType type, ArgValue fallback, std::string doc);
  Schema& required(std::string name, ArgType type, std::string doc);
  Schema& required_tensor(std::string name, ArgType type, std::string doc);
  Schema& deprecated(std::string name, std::string renamed_to);
  /// Adds all arguments of another schema ("crop arguments", "warp arguments").
  Schema& include(const Schema& other);
  Schema& alias(std::string name);

  Schema& random() { return traits_.random = true, *this; }
  Schema& batch() { return traits_.batch = true, *this; }
  Schema& source() { return traits_.source = true, *this; }
  Schema& hidden() { return traits_.hidden = true, *this; }
  Schema& eager() { return traits_.eager = true, *this; }
  /// `plan` reads the elements of the inputs from `first` on (a header, a matrix, an index).
  Schema& needs_data(int first = 0) { return traits_.data_from = first, *this; }
  Schema& needs_shape_only() { return traits_.eager = traits_.needs_shape_only = true, *this; }
  Schema& same_type() { return traits_.same_type = true, *this; }
  Schema& mixed() { return traits_.mixed = true, *this; }
  Schema& cpu_only() { return traits_.cpu_only = true, *this; }
  Schema& impure() { return traits_.impure = true, *this; }
  /// Draws of one kind agree under one explicit seed; default: the operator's name.
  Schema& draw_kind(std::string kind) { return draw_kind_ = std::move(kind), *this; }

  const std::string& name() const { return name_; }
  const std::string& doc() const { return doc_; }
  const std::vector<InputSpec>& input_specs() const { return inputs_; }
  const std::vector<ArgSpec>& args() const { return args_; }
  const std::vector<std::string>& aliases() const { return aliases_; }
  const ArgSpec* find(std::string_view name) const;
  int index_of(std::string_view name) const;  ///< of an argument; -1: none
  /// The same for a name whose hash is known.
  int position(ArgName name) const {
    const size_t at = places_[name.hash() % places_.size()];
    if (at < hashes_.size() && hashes_[at] == name.hash()) return static_cast<int>(at);
    return search(name);
  }
  int min_inputs() const { return min_inputs_; }
  int max_inputs() const { return max_inputs_; }
  int output_count() const { return outputs_; }
  const std::string& output_count_argument() const { return outputs_from_; }
  const Traits& traits() const { return traits_; }
  const std::string& draw_kind() const { return draw_kind_.empty() ? name_ : draw_kind_; }

 private:
  int search(ArgName name) const;
  Schema& add(ArgSpec spec);

  static constexpr uint8_t kNowhere = 255;
  static constexpr std::array<uint8_t, 64> no_places() {
    std::array<uint8_t, 64> places{};
    places.fill(kNowhere);
    return places;
  }

  std::string name_, doc_, outputs_from_, draw_kind_;
  std::vector<InputSpec> inputs_;
  std::vector<ArgSpec> args_;
  std::vector<uint32_t> hashes_;                  ///< of the arguments' names
  std::array<uint8_t, 64> places_ = no_places();  ///< hash -> argument, where no other was first
  std::vector<std::string> aliases_;
  int min_inputs_ = 0, max_inputs_ = 0, outputs_ = 1;
  Traits traits_;
};

}  // namespace vg
