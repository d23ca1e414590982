// Lists of files with their labels, and reading files.
#include "io/readers/file_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "io/file.h"

namespace vg {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
namespace fs = std::filesystem;

class FileList : public testing::Test {
 protected:
  void SetUp() override {
    root_ = fs::temp_directory_path() / "variegate_file_list_XXXXXX";
    std::string text = root_.string();
    root_ = mkdtemp(text.data());
  }
  void TearDown() override { fs::remove_all(root_); }

  std::string put(const std::string& name, const std::string& content = "") {
    fs::create_directories((root_ / name).parent_path());
    std::ofstream(root_ / name) << content;
    return root_ / name;
  }
  FileListOptions at_root() {
    FileListOptions options;
    options.file_root = root_.string();
    return options;
  }
  static std::vector<std::string> listed(const FileListOptions& options) {
    auto entries = list_files(options);
    if (!entries.ok()) return {"failed: " + entries.failure().message};
    std::vector<std::string> lines;
    for (const FileEntry& e : *entries)
      lines.push_back(std::string(e.name()) + " " + std::to_string(e.label));
    return lines;
  }
  static std::string failure_of(const FileListOptions& options) {
    auto entries = list_files(options);
    return entries.ok() ? "" : entries.failure().message;
  }

  fs::path root_;
};

TEST_F(FileList, WalksOneLevelOfClassesInByteOrder) {
  put("b/2.jpg"), put("b/10.JPG"), put("b/notes.txt"), put("b/deep/x.jpg");
  put("Z/a.png"), put("a/empty.txt"), put("top.jpg"), put("c/.hidden.webp");
  fs::create_symlink(root_ / "top.jpg", root_ / "c" / "link.jpeg");
  fs::create_directory_symlink(root_ / "Z", root_ / "d");
  fs::create_directory(root_ / "c" / "folder.jpg");
  EXPECT_THAT(listed(at_root()), ElementsAre("Z/a.png 0", "b/10.JPG 2", "b/2.jpg 2",
                                             "c/.hidden.webp 3", "c/link.jpeg 3", "d/a.png 4"));
  EXPECT_EQ(list_files(at_root())->front().path, (root_ / "Z/a.png").string());
}

TEST_F(FileList, FiltersFollowTheCaseRule) {
  put("cat/a.JPG"), put("cat/b.jpg"), put("Cow/c.xyz"), put("dog/d.jpg");
  auto options = at_root();
  options.case_sensitive_filter = true;
  EXPECT_THAT(listed(options), ElementsAre("cat/b.jpg 1", "dog/d.jpg 2"));
  options.file_filters = {"*.XYZ", "?.jpg"};
  options.dir_filters = {"c*"};
  EXPECT_THAT(listed(options), ElementsAre("cat/b.jpg 0"));
  options.case_sensitive_filter = false;
  EXPECT_THAT(listed(options), ElementsAre("Cow/c.xyz 0", "cat/a.JPG 1", "cat/b.jpg 1"));
}

TEST_F(FileList, ReadsListsFromTheRight) {
  FileListOptions options;
  options.file_list =
      put("sub/list.txt", "a.jpg 3\n\n  with space 7.jpg \t12  \r\n/abs/x.jpg 0\nn -1\n   \n");
  EXPECT_THAT(listed(options),
              ElementsAre("a.jpg 3", "with space 7.jpg 12", "/abs/x.jpg 0", "n -1"));
  auto entries = list_files(options);
  EXPECT_EQ(entries->at(0).path, (root_ / "sub/a.jpg").string());
  EXPECT_EQ(entries->at(2).path, "/abs/x.jpg");
  options.file_root = "/data/";
  EXPECT_EQ(list_files(options)->at(0).path, "/data/a.jpg");
}

TEST_F(FileList, NamesTheLineThatIsWrong) {
  FileListOptions options;
  for (const char* line : {"a.jpg", "12", "a.jpg x", "a.jpg 99999999999", "a.jpg 1x"}) {
    options.file_list = put("list.txt", std::string("good.jpg 1\n") + line + "\n");
    EXPECT_THAT(failure_of(options), HasSubstr("list.txt:2: \"" + std::string(line)));
  }
}

TEST_F(FileList, FilesAreLabelledByHandOrByPlace) {
  FileListOptions options;
  options.files = {"x/a.jpg", "/b.jpg"};
  EXPECT_THAT(listed(options), ElementsAre("x/a.jpg 0", "/b.jpg 1"));
  options.labels = {7, -8};
  options.file_root = "/data";
  EXPECT_THAT(listed(options), ElementsAre("x/a.jpg 7", "/b.jpg -8"));
  EXPECT_EQ(list_files(options)->at(0).path, "/data/x/a.jpg");
  options.labels = {1};
  EXPECT_THAT(failure_of(options), HasSubstr("1 labels for 2 files"));
  options.labels = {1, int64_t{1} << 40};
  EXPECT_THAT(failure_of(options), HasSubstr("int32"));
}

TEST_F(FileList, RefusesArgumentsThatDoNotFit) {
  FileListOptions none, both, lonely, empty;
  EXPECT_THAT(failure_of(none), HasSubstr("file_root"));
  both.files = {"a.jpg"};
  both.file_list = "l.txt";
  EXPECT_THAT(failure_of(both), HasSubstr("file_list"));
  lonely.file_root = ".";
  lonely.labels = {1};
  EXPECT_THAT(failure_of(lonely), HasSubstr("labels"));
  empty.files.emplace();
  EXPECT_THAT(failure_of(empty), HasSubstr("files is empty"));
  auto filters = at_root();
  filters.file_filters.emplace();
  EXPECT_THAT(failure_of(filters), HasSubstr("file_filters"));
  filters.file_filters.reset();
  filters.dir_filters.emplace();
  EXPECT_THAT(failure_of(filters), HasSubstr("dir_filters"));
  EXPECT_THAT(failure_of(at_root()), HasSubstr("no file found"));
  auto missing = at_root();
  *missing.file_root += "/nowhere";
  EXPECT_THAT(failure_of(missing), HasSubstr("nowhere"));
  FileListOptions no_list;
  no_list.file_list = "/nowhere/list.txt";
  EXPECT_THAT(failure_of(no_list), HasSubstr("/nowhere/list.txt"));
}

std::string text_of(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

TEST_F(FileList, ReadsFilesIntoABufferThatOnlyGrows) {
  const std::string big(100'000, 'x'), path = put("big", big), small = put("small", "small");
  std::vector<std::byte> buffer;
  EXPECT_EQ(text_of(*read_file(path, buffer)), big);
  EXPECT_EQ(text_of(*read_file(small, buffer)), "small");
  EXPECT_EQ(buffer.size(), big.size());
  EXPECT_EQ(text_of(*peek_file(path, 10, buffer)), std::string(10, 'x'));
  EXPECT_EQ(text_of(*peek_file(small, 10, buffer)), "small");
  EXPECT_EQ(read_file(put("empty"), buffer)->size(), 0u);
}

TEST_F(FileList, FailuresNameTheFile) {
  std::vector<std::byte> buffer;
  auto missing = read_file("nowhere_at_all.jpg", buffer);
  ASSERT_FALSE(missing.ok());
  EXPECT_THAT(missing.failure().message, HasSubstr("nowhere_at_all.jpg"));
  EXPECT_EQ(missing.failure().source, "nowhere_at_all.jpg");
  EXPECT_FALSE(read_file(root_, buffer).ok());
  ASSERT_EQ(mkfifo((root_ / "pipe").c_str(), 0600), 0);
  EXPECT_FALSE(read_file(root_ / "pipe", buffer).ok());
  const std::string path = put("short", "12345678");
  auto file = File::open(path);
  fs::resize_file(path, 3);
  std::vector<std::byte> bytes(file->size());
  auto cut = file->read(bytes);
  ASSERT_FALSE(cut.ok());
  EXPECT_THAT(cut.failure().message, HasSubstr("ends at byte 3"));
}

}  // namespace
}  // namespace vg
