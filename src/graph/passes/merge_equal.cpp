// Common subexpressions: equal pure nodes are computed once.
#include <cstring>
#include <unordered_map>

#include "graph/compile.h"

namespace vg {
namespace {

/// Text that two nodes share if and only if they mean the same. Inputs are written as the nodes
/// that stand for them.
class Key {
 public:
  explicit Key(const std::unordered_map<const Node*, int>& standing) : standing_(standing) {}

  void add(int64_t n) { text_.append(reinterpret_cast<const char*>(&n), sizeof n); }
  void add(std::string_view s) {
    add(static_cast<int64_t>(s.size()));
    text_.append(s);
  }
  void add(const Value& v) {
    add(v ? int64_t{standing_.at(v.node().get())} : int64_t{-1});
    add(int64_t{v.output()});
  }
  void add(const ArgValue& value) {
    add(static_cast<int64_t>(value.index()));
    std::visit([&](const auto& v) { add_alternative(v); }, value);
  }
  std::string take() { return std::move(text_); }

 private:
  void add_alternative(std::monostate) {}
  void add_alternative(bool b) { add(int64_t{b}); }
  void add_alternative(int64_t i) { add(i); }
  void add_alternative(double d) {
    int64_t bits;
    std::memcpy(&bits, &d, sizeof bits);
    add(bits);
  }
  void add_alternative(const std::string& s) { add(std::string_view(s)); }
  template <class T>
  void add_alternative(const std::vector<T>& list) {
    add(static_cast<int64_t>(list.size()));
    for (const T& x : list) add_alternative(x);
  }
  void add_alternative(const Tensor& t) {
    add(static_cast<int64_t>(t.dtype));
    add(t.layout.text());
    const std::string shape = t.shape.text();
    add(std::string_view(shape));
    add(std::string_view(reinterpret_cast<const char*>(t.data.get()),
                         static_cast<size_t>(t.bytes())));
  }
  void add_alternative(const Value& v) { add(v); }

  const std::unordered_map<const Node*, int>& standing_;
  std::string text_;
};

bool mergeable(const Node& node) {
  const Traits& t = node.schema().traits();
  if (t.source || t.impure || node.options.preserve || !node.options.name.empty()) return false;
  return !t.random || node.options.seed >= 0;
}

}  // namespace

std::vector<int> merge_equal(const std::vector<std::shared_ptr<Node>>& nodes) {
  std::vector<int> stands(nodes.size());
  std::unordered_map<const Node*, int> standing;
  std::unordered_map<std::string, int> first;
  for (size_t i = 0; i < nodes.size(); i++) {
    const Node& node = *nodes[i];
    int by = static_cast<int>(i);
    if (mergeable(node)) {
      Key key(standing);
      key.add(std::string_view(node.schema().name()));
      key.add(std::string_view(node.options.device));
      key.add(node.options.seed);
      key.add(node.options.ordinal);
      key.add(static_cast<int64_t>(node.outputs));
      key.add(static_cast<int64_t>(node.inputs.size()));
      for (const Value& v : node.inputs) key.add(v);
      for (const ArgValue& a : node.args) key.add(a);
      key.add(node.guard);
      by = first.emplace(key.take(), by).first->second;
    }
    stands[i] = by;
    standing[&node] = by;
  }
  return stands;
}

}  // namespace vg
