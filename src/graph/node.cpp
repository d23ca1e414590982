// Life of a node, and the stack of conditions under which code is traced.
#include "graph/node.h"

#include "graph/op_def.h"

namespace vg {
namespace {

std::atomic<uint64_t> next_order{0};
thread_local std::vector<Value> guards;

}  // namespace

Node::Node() : order(next_order++) {}

Node::~Node() {
  // A chain of 10,000 nodes must not end in 10,000 nested destructors.
  std::vector<std::shared_ptr<Node>> pending;
  auto take = [&](Node& node) {
    node.each_dependency([&](Value& v) {
      std::shared_ptr<Node> n = v.node();
      v = Value();
      if (n.use_count() == 1) pending.push_back(std::move(n));
    });
  };
  take(*this);
  while (!pending.empty()) {
    std::shared_ptr<Node> n = std::move(pending.back());
    pending.pop_back();
    take(*n);
  }
}

const Schema& Node::schema() const { return op->schema; }

bool Node::has(std::string_view argument) const {
  const Argument* a = arguments.find(ArgName(argument));
  return a && a->given;
}

std::string_view Node::text(std::string_view argument) const {
  const Argument* a = arguments.find(ArgName(argument));
  const auto* text = a ? std::get_if<std::string>(a->value) : nullptr;
  return text ? std::string_view(*text) : std::string_view();
}

Failure Node::problem(ErrorKind kind, std::string_view argument, std::string_view what) const {
  const std::string where = options.where.empty() ? "" : " (" + options.where + ")";
  return fail(kind, "[{}] {}{}{}{}", schema().name(), argument, argument.empty() ? "" : " ", what,
              where);
}

void push_guard(const Value& condition) { guards.push_back(condition); }
void pop_guard() { guards.pop_back(); }

const Value& current_guard() {
  static const Value none;
  return guards.empty() ? none : guards.back();
}

}  // namespace vg
