// Which files a reader reads, under which label: a folder of classes, a list in a file, or names.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/outcome.h"

namespace vg {

/// The arguments of `readers.file` that name files.
struct FileListOptions {
  std::optional<std::string> file_root, file_list;
  std::optional<std::vector<std::string>> files;
  std::optional<std::vector<int64_t>> labels;
  std::optional<std::vector<std::string>> file_filters;  ///< absent: default_file_filters()
  std::optional<std::vector<std::string>> dir_filters;   ///< absent: every directory
  bool case_sensitive_filter = false;
};

struct FileEntry {
  std::string path;
  uint32_t name_at = 0;  ///< where the part below the root begins
  int32_t label = 0;
  /// The path relative to the root, as `source_info` shows it.
  std::string_view name() const { return std::string_view(path).substr(name_at); }
};

const std::vector<std::string>& default_file_filters();

/// All files in the order of the data set. Fails if arguments contradict each other, a folder or
/// the list cannot be read, or nothing is found; messages begin with the argument. Files are not
/// opened: a missing one is found when it is read.
Outcome<std::vector<FileEntry>> list_files(const FileListOptions& options);

}  // namespace vg
