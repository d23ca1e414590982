// Lists files by walking through a root folder or from an explicit list.
#include "io/readers/file_list.h"

#include <fnmatch.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>

namespace vg {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSpace = " \t\r\n\v\f";

using Entries = std::vector<FileEntry>;

/// An absolute name stays what it is, as a path and as a name.
FileEntry entry(const std::string& root, const std::string& name, int32_t label) {
  if (root.empty() || name.starts_with('/')) return {name, 0, label};
  std::string path = root;
  if (!path.ends_with('/')) path += '/';
  const auto name_at = static_cast<uint32_t>(path.size());
  return {path += name, name_at, label};
}

bool matches(const std::string& name, const std::vector<std::string>& filters,
             bool case_sensitive) {
  const int flags = case_sensitive ? 0 : FNM_CASEFOLD;
  return std::any_of(filters.begin(), filters.end(), [&](const std::string& filter) {
    return fnmatch(filter.c_str(), name.c_str(), flags) == 0;
  });
}

/// Names in a folder that `wanted` accepts, sorted by bytes.
template <class Wanted>
Outcome<std::vector<std::string>> names_in(const std::string& folder, Wanted&& wanted) {
  std::error_code error;
  fs::directory_iterator it(folder, error);
  std::vector<std::string> names;
  while (!error && it != fs::directory_iterator()) {
    std::string name = it->path().filename().string();
    if (wanted(*it, name)) names.push_back(std::move(name));
    it.increment(error);
  }
  if (error) return fail("file_root: cannot list \"{}\": {}", folder, error.message());
  std::sort(names.begin(), names.end());
  return names;
}

Outcome<Entries> walk(const std::string& root, const FileListOptions& options) {
  const auto& filters = options.file_filters ? *options.file_filters : default_file_filters();
  const bool case_sensitive = options.case_sensitive_filter;
  VG_ASSIGN(const auto folders, names_in(root, [&](const auto& item, const std::string& name) {
              std::error_code ignored;  // what cannot be looked at is no folder
              return item.is_directory(ignored) &&
                     (!options.dir_filters || matches(name, *options.dir_filters, case_sensitive));
            }));
  Entries entries;
  for (size_t label = 0; label < folders.size(); label++) {
    const FileEntry folder = entry(root, folders[label], 0);
    VG_ASSIGN(const auto names, names_in(folder.path, [&](const auto& item, const auto& name) {
                std::error_code ignored;
                return (item.is_symlink(ignored) || item.is_regular_file(ignored)) &&
                       matches(name, filters, case_sensitive);
              }));
    for (const std::string& name : names)
      entries.push_back(entry(root, folders[label] + "/" + name, static_cast<int32_t>(label)));
  }
  if (entries.empty())
    return fail("file_root: no file found in the subdirectories of \"{}\"", root);
  return entries;
}

/// `name label`, read from the right, since names may hold spaces and digits.
Outcome<FileEntry> parse_line(const std::string& root, std::string_view line) {
  const size_t gap = line.find_last_of(kSpace);
  const std::string_view digits = line.substr(gap + 1);  // npos + 1 = 0: the whole line
  const size_t name_end = line.find_last_not_of(kSpace, gap);
  int32_t label = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), label);
  if (gap == line.npos || name_end == line.npos || error != std::errc{} ||
      end != digits.data() + digits.size())
    return fail("\"{}\" is not a name followed by an integer label", line);
  return entry(root, std::string(line.substr(0, name_end + 1)), label);
}

Outcome<Entries> parse_list(const FileListOptions& options) {
  const std::string& list = *options.file_list;
  const std::string root = options.file_root.value_or(fs::path(list).parent_path().string());
  std::ifstream stream(list);
  if (!stream) return fail("file_list: cannot open \"{}\"", list);
  Entries entries;
  std::string text;
  for (int64_t number = 1; std::getline(stream, text); number++) {
    const size_t begin = text.find_first_not_of(kSpace);
    if (begin == text.npos) continue;
    const std::string_view line(text.data() + begin, text.find_last_not_of(kSpace) + 1 - begin);
    auto parsed = parse_line(root, line);
    if (!parsed.ok()) return fail("file_list: {}:{}: {}", list, number, parsed.failure().message);
    entries.push_back(std::move(*parsed));
  }
  if (stream.bad()) return fail("file_list: cannot read \"{}\"", list);
  if (entries.empty()) return fail("file_list: no file found in \"{}\"", list);
  return entries;
}

Outcome<Entries> name_files(const FileListOptions& options) {
  const std::vector<std::string>& files = *options.files;
  if (options.labels && options.labels->size() != files.size())
    return fail("labels: {} labels for {} files", options.labels->size(), files.size());
  Entries entries;
  entries.reserve(files.size());
  for (size_t i = 0; i < files.size(); i++) {
    const int64_t label = options.labels ? (*options.labels)[i] : static_cast<int64_t>(i);
    if (label != static_cast<int32_t>(label))
      return fail("labels: {} does not fit into an int32", label);
    entries.push_back(entry(options.file_root.value_or(""), files[i], static_cast<int32_t>(label)));
  }
  return entries;
}

Status check(const FileListOptions& o) {
  if (!o.file_root && !o.file_list && !o.files)
    return fail("one of the arguments file_root, file_list or files is needed");
  if (o.files && o.file_list) return fail("files and file_list cannot be used together");
  if (o.labels && !o.files) return fail("labels can only be used together with files");
  if (o.files && o.files->empty()) return fail("files is empty");
  if (o.file_filters && o.file_filters->empty()) return fail("file_filters is empty");
  if (o.dir_filters && o.dir_filters->empty()) return fail("dir_filters is empty");
  return {};
}

}  // namespace

const std::vector<std::string>& default_file_filters() {
  static const std::vector<std::string> filters{"*.jpg",  "*.jpeg", "*.png",  "*.bmp", "*.tif",
                                                "*.tiff", "*.pnm",  "*.ppm",  "*.pgm", "*.pbm",
                                                "*.jp2",  "*.webp", "*.flac", "*.ogg", "*.wav"};
  return filters;
}

Outcome<Entries> list_files(const FileListOptions& options) {
  VG_TRY(check(options));
  if (options.files) return name_files(options);
  if (options.file_list) return parse_list(options);
  return walk(*options.file_root, options);
}

}  // namespace vg
