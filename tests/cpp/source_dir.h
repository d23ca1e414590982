// Where the data of the tests lie: in the source tree, or where VG_SOURCE_DIR says if they run on
// another machine.
#pragma once

#include <cstdlib>
#include <string>

namespace vg::test {

inline std::string source_dir() {
  const char* moved = std::getenv("VG_SOURCE_DIR");
  return moved ? moved : VG_SOURCE_DIR;
}

}  // namespace vg::test
