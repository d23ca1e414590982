// A graph as JSON text and back: what a pipeline needs to be made again elsewhere.
#pragma once

#include <string>
#include <string_view>

#include "core/outcome.h"
#include "graph/compile.h"

namespace vg {

/// All nodes that the roots reach. Fails if one runs a function of the program.
Outcome<std::string> graph_to_json(const Roots& roots);
/// Fails if the text is no graph, or names operators that do not exist.
Outcome<Roots> graph_from_json(std::string_view text);

}  // namespace vg
