// A temporary folder of JPEG files that a test has made.
#pragma once

#include <fmt/format.h>

#include "jpeg_files.h"
#include "pipelines.h"

namespace vg::test {

/// A folder with the files that are given.
class FilesOf {
 public:
  explicit FilesOf(const std::vector<jpeg_files::File>& files) {
    fs::create_directories(path_ / "all");
    for (size_t i = 0; i < files.size(); i++)
      std::ofstream(path_ / "all" / fmt::format("{:05}.jpg", i), std::ios::binary)
          .write(reinterpret_cast<const char*>(files[i].data()),
                 static_cast<long>(files[i].size()));
  }
  ~FilesOf() { fs::remove_all(path_); }
  std::string text() const { return path_.string(); }

 private:
  static std::string name() {
    static std::atomic<int> count{0};
    return fmt::format("variegate_files_of_{}_{}", ::getpid(), count++);
  }
  fs::path path_ = fs::temp_directory_path() / name();
};

}  // namespace vg::test
