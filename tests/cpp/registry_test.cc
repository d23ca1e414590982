// Rules that hold for every operator of the registry.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "graph/op_def.h"

namespace vg {
namespace {

TEST(Registry, NamesAndAliasesAreUnique) {
  std::set<std::string> seen;
  for (const OpDef& op : registry()) {
    EXPECT_TRUE(seen.insert(op.schema.name()).second) << op.schema.name();
    for (const std::string& alias : op.schema.aliases())
      EXPECT_TRUE(seen.insert(alias).second) << alias;
    EXPECT_EQ(find_op(op.schema.name()), &op);
  }
}

TEST(Registry, ArgumentsHaveNamesOnceAndADescription) {
  for (const OpDef& op : registry()) {
    std::set<std::string> seen;
    EXPECT_FALSE(op.schema.doc().empty()) << op.schema.name();
    for (const ArgSpec& arg : op.schema.args()) {
      EXPECT_TRUE(seen.insert(arg.name).second) << op.schema.name() << " " << arg.name;
      EXPECT_FALSE(arg.doc.empty()) << op.schema.name() << " " << arg.name;
    }
  }
}

/// Plans find arguments by the hash of their name alone.
TEST(Registry, ArgumentsAreFoundByTheHashOfTheirName) {
  std::map<uint32_t, std::string> names;
  for (const OpDef& op : registry()) {
    for (const ArgSpec& arg : op.schema.args()) {
      const ArgName name{std::string_view(arg.name)};
      EXPECT_EQ(names.emplace(name.hash(), arg.name).first->second, arg.name);
      EXPECT_EQ(op.schema.position(name), op.schema.index_of(arg.name)) << op.schema.name();
    }
    EXPECT_EQ(op.schema.position("no argument has this name"), -1);
  }
}

}  // namespace
}  // namespace vg
