// Pipelines over a temporary folder of photos, for the tests of the engine.
#pragma once

#include <gmock/gmock.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "golden.h"
#include "source_dir.h"
#include "variegate/auto_aug.h"
#include "variegate/pipeline.h"

namespace vg::test {

namespace fs = std::filesystem;

constexpr int kFiles = 24;

/// A temporary folder of two classes of photos; some files are cut in half on demand.
class Folder {
 public:
  explicit Folder(const std::vector<int>& broken = {}) {
    static std::atomic<int> count{0};
    path_ = fs::temp_directory_path() / ("variegate_pipeline_test_" + std::to_string(::getpid()) +
                                         "_" + std::to_string(count++));
    const std::vector<std::string>& jpegs = small_jpegs();
    for (int i = 0; i < kFiles; i++) {
      const fs::path folder = path_ / (i < kFiles / 2 ? "a" : "b");
      fs::create_directories(folder);
      std::string bytes = jpegs[static_cast<size_t>(i) % jpegs.size()];
      if (std::find(broken.begin(), broken.end(), i) != broken.end())
        bytes.resize(bytes.size() / 2);
      std::ofstream(folder / (std::to_string(100 + i) + ".jpg"), std::ios::binary) << bytes;
    }
  }
  ~Folder() { fs::remove_all(path_); }
  std::string text() const { return path_.string(); }

 private:
  /// Photos of a few sizes.
  static const std::vector<std::string>& small_jpegs() {
    static const std::vector<std::string> all = [] {
      std::vector<fs::path> paths;
      for (const auto& e :
           fs::directory_iterator(fs::path(source_dir()) / "tests/photos/small/living"))
        paths.push_back(e.path());
      std::sort(paths.begin(), paths.end());
      std::vector<std::string> found;
      for (const fs::path& p : paths) {
        const auto bytes = golden::read_bytes(p);
        found.emplace_back(reinterpret_cast<const char*>(bytes.data()), bytes.size());
      }
      return found;
    }();
    return all;
  }
  fs::path path_;
};

struct Setup {
  int threads = 2, prefetch = 2, batch = 5;
  OnError on_error = OnError::Raise;
  bool shuffle = true;
  int64_t max_host_bytes = 0;
};

struct Inputs {
  Value image, label;
};

inline Inputs read(const Folder& folder, bool shuffle = true) {
  auto data = call("readers.file", {}, {{"file_root", folder.text()}, {"random_shuffle", shuffle}});
  return {call("decoders.image", {data[0]})[0], data[1]};
}

inline Value cropped(const Value& image) {
  return call("random_resized_crop", {image}, {{"size", std::vector<int64_t>{32, 24}}})[0];
}

inline PipelineOptions options(const Setup& s) {
  PipelineOptions o;
  o.batch_size = s.batch;
  o.num_threads = s.threads;
  o.prefetch_queue_depth = s.prefetch;
  o.on_error = s.on_error;
  o.seed = 11;
  o.max_host_bytes = s.max_host_bytes;
  return o;
}

/// Decode, random crop, RandAugment: what training does.
inline Pipeline training(const Folder& folder, const Setup& s) {
  Pipeline pipe(options(s));
  const Inputs in = read(folder, s.shuffle);
  pipe.set_outputs({auto_aug::rand_augment(cropped(in.image), 2, 9), in.label});
  return pipe;
}

inline std::string bytes(const Tensor& t) {
  return {reinterpret_cast<const char*>(t.data.get()), static_cast<size_t>(t.bytes())};
}

inline std::vector<std::string> contents(const Batch& batch) {
  std::vector<std::string> all;
  for (const TensorList& list : batch.outputs)
    for (const Tensor& t : list.samples) all.push_back(bytes(t));
  return all;
}

inline std::vector<std::vector<std::string>> runs(Pipeline& pipe, int n) {
  std::vector<std::vector<std::string>> all;
  for (int i = 0; i < n; i++) all.push_back(contents(pipe.run()));
  return all;
}

inline ErrorKind kind_of(const std::function<void()>& f, std::string* message = nullptr) {
  try {
    f();
  } catch (const Error& e) {
    if (message) *message = e.what();
    return e.kind();
  }
  ADD_FAILURE() << "nothing was thrown";
  return ErrorKind::Plain;
}

}  // namespace vg::test
