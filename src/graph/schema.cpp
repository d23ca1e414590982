// The chain of calls that declares an operator.
#include "graph/schema.h"

#include <algorithm>
#include <sstream>

namespace vg {

std::string_view name_of(ArgType type) {
  switch (type) {
    case ArgType::Bool:
      return "bool";
    case ArgType::Int:
      return "int";
    case ArgType::Float:
      return "float";
    case ArgType::String:
      return "str";
    case ArgType::DType:
      return "DALIDataType";
    case ArgType::ImageType:
      return "DALIImageType";
    case ArgType::InterpType:
      return "DALIInterpType";
    case ArgType::Ints:
      return "int or list of int";
    case ArgType::Floats:
      return "float or list of float";
    case ArgType::Strings:
      return "str or list of str";
    case ArgType::Any:
      return "any";
  }
  return "";
}

namespace {

InputSpec input_spec(std::string name, std::string doc, std::string layouts, bool optional) {
  InputSpec spec{std::move(name), std::move(doc), std::move(layouts), optional};
  std::istringstream words(spec.layouts);
  for (std::string word; words >> word;) spec.allowed.emplace_back(word);
  return spec;
}

}  // namespace

Schema& Schema::input(std::string name, std::string doc, std::string layouts) {
  inputs_.push_back(input_spec(std::move(name), std::move(doc), std::move(layouts), false));
  min_inputs_++;
  max_inputs_++;
  return *this;
}

Schema& Schema::optional_input(std::string name, std::string doc, std::string layouts) {
  inputs_.push_back(input_spec(std::move(name), std::move(doc), std::move(layouts), true));
  max_inputs_++;
  return *this;
}

Schema& Schema::inputs(int low, int high, std::string name, std::string doc) {
  inputs_.push_back(input_spec(std::move(name), std::move(doc), "", low == 0));
  min_inputs_ = low;
  max_inputs_ = high;
  return *this;
}

Schema& Schema::outputs(int n) { return outputs_ = n, *this; }

Schema& Schema::outputs_from(std::string argument) {
  return outputs_from_ = std::move(argument), *this;
}

Schema& Schema::add(ArgSpec spec) {
  const uint32_t hash = ArgName(std::string_view(spec.name)).hash();
  uint8_t& place = places_[hash % places_.size()];
  if (place == kNowhere && args_.size() < kNowhere) place = static_cast<uint8_t>(args_.size());
  hashes_.push_back(hash);
  args_.push_back(std::move(spec));
  return *this;
}

Schema& Schema::arg(std::string name, ArgType type, std::string doc) {
  return add({std::move(name), type, {}, std::move(doc), false, false, {}});
}

Schema& Schema::arg(std::string name, ArgType type, ArgValue fallback, std::string doc) {
  return add({std::move(name), type, std::move(fallback), std::move(doc), false, false, {}});
}

Schema& Schema::tensor_arg(std::string name, ArgType type, std::string doc) {
  arg(std::move(name), type, std::move(doc));
  return args_.back().tensor = true, *this;
}

Schema& Schema::tensor_arg(std::string name, ArgType type, ArgValue fallback, std::string doc) {
  arg(std::move(name), type, std::move(fallback), std::move(doc));
  return args_.back().tensor = true, *this;
}

Schema& Schema::required(std::string name, ArgType type, std::string doc) {
  arg(std::move(name), type, std::move(doc));
  return args_.back().required = true, *this;
}

Schema& Schema::required_tensor(std::string name, ArgType type, std::string doc) {
  required(std::move(name), type, std::move(doc));
  return args_.back().tensor = true, *this;
}

Schema& Schema::deprecated(std::string name, std::string renamed_to) {
  arg(std::move(name), ArgType::Any, "Deprecated spelling of `" + renamed_to + "`.");
  return args_.back().renamed_to = std::move(renamed_to), *this;
}

Schema& Schema::include(const Schema& other) {
  for (const ArgSpec& spec : other.args_) add(spec);
  return *this;
}

Schema& Schema::alias(std::string name) { return aliases_.push_back(std::move(name)), *this; }

int Schema::index_of(std::string_view name) const {
  auto at = std::find_if(args_.begin(), args_.end(), [&](auto& a) { return a.name == name; });
  return at == args_.end() ? -1 : static_cast<int>(at - args_.begin());
}

int Schema::search(ArgName name) const {
  const auto at = std::find(hashes_.begin(), hashes_.end(), name.hash());
  return at == hashes_.end() ? -1 : static_cast<int>(at - hashes_.begin());
}

const ArgSpec* Schema::find(std::string_view name) const {
  const int i = index_of(name);
  return i < 0 ? nullptr : &args_[i];
}

}  // namespace vg
