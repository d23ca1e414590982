// Properties of a tensor that are not elements: where it came from, its layout.
#pragma once

#include "graph/op_def.h"

namespace vg {

struct GetProperty {
  std::span<const char> text;

  static Schema schema() {
    return Schema("get_property", "A property of the input as the bytes of its text, 1-d uint8.")
        .input("data", "tensor")
        .required("key", ArgType::String,
                  "\"source_info\": name of the file it came from; \"layout\"")
        .needs_shape_only();
  }

  static Status check(const Node& node) {
    const std::string_view key = node.text("key");
    if (key == "source_info" || key == "layout") return {};
    return node.problem(ErrorKind::Runtime, "key",
                        fmt::format("= \"{}\" is neither \"source_info\" nor \"layout\"", key));
  }

  static Outcome<GetProperty> plan(Plan& p) {
    std::string_view text = p.in().layout.text();
    if (p.get<std::string>("key") == "source_info")
      text = p.input(0).source ? std::string_view(*p.input(0).source) : std::string_view();
    p.out() = {DType::Uint8, Shape{static_cast<int64_t>(text.size())}, {}};
    return GetProperty{p.arena().copy(std::span<const char>(text))};
  }

  static Status run(const Work& work) {
    const std::span<const char> text = work.param<GetProperty>().text;
    if (!text.empty()) std::memcpy(work.out[0].data, text.data(), text.size());
    return {};
  }
};

}  // namespace vg
