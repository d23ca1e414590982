// The programs of a batch side by side: instructions of one depth form a level, tasks of one kind a
// launch. The number of launches follows the depth of the programs, whatever the samples drew.
#pragma once

#include <map>

#include "cuda/decode.h"
#include "cuda/encoder.h"
#include "cuda/pool.h"
#include "cuda/tasks/stage.h"
#include "exec/device.h"

namespace vg::cuda {

class Levels : private Encoder {
 public:
  /// Values and temporaries come from `values`; memory that starts as zero from `zeroed`. A block
  /// of threads has `block_memory` bytes.
  Levels(Chunks& values, Chunks& zeroed, int block_memory)
      : values_(values), zeroed_(zeroed), block_memory_(block_memory) {}

  /// Forgets the last submission, but not the memory that it took.
  void reset();
  /// Gives every value its address and writes all tasks.
  Status encode(std::span<DeviceProgram* const> programs);
  const std::vector<std::byte>& blob() const { return blob_; }
  const std::vector<Launch>& launches() const { return launches_; }
  /// What is to be decoded before the first launch.
  const Decodes& decodes() const { return decodes_; }
  /// The operators of all programs, each once.
  const std::vector<const OpDef*>& operators() const { return operators_; }

 private:
  struct Bucket {
    std::vector<std::byte> tasks;
    std::vector<Tile> tiles;
    std::vector<int64_t> weights;  ///< of block tasks
    uint32_t count = 0;
    void clear() {
      tasks.clear();
      tiles.clear();
      weights.clear();
      count = 0;
    }
  };
  /// Steps that run as one: an instruction (no stages), a stage, or a chain of them.
  struct Entry {
    DeviceProgram* program;
    size_t number;  ///< of the program
    size_t first, count;
    size_t stage, stages;
  };
  struct Owned {
    std::byte* data;
    int64_t bytes;
  };

  std::byte* temporary(int64_t bytes) override;
  std::byte* zeroed(int64_t bytes) override;
  uint32_t put(const void* data, size_t bytes, size_t alignment) override;
  void add_task(int step, int kernel, const void* task, int64_t elements, int tile,
                int64_t weight) override;

  Entry read_entry(DeviceProgram& program, size_t number, size_t first, std::span<const int> uses);
  void sort_by_depth(DeviceProgram& program, size_t number);
  void note(const OpDef& op);
  Status encode_entry(const Entry& entry, Arena& scratch);
  void write_launches(int level);
  std::byte* take(Chunks& from, int64_t bytes);

  Chunks &values_, &zeroed_;
  const int block_memory_;
  bool chains_ = false;
  std::vector<ImageStage> stages_;
  size_t depth_ = 0;  ///< levels of this submission
  std::vector<std::vector<Entry>> levels_;
  std::vector<std::vector<std::pair<DeviceProgram*, int>>> dying_;
  std::vector<int> ready_, last_use_, uses_;       ///< per value of the program that is sorted
  std::map<std::pair<int, int>, Bucket> buckets_;  ///< by step and kernel, of the current level
  std::vector<Owned> temporaries_;                 ///< of the current level
  std::vector<std::byte> blob_;
  std::vector<Launch> launches_;
  Decodes decodes_;
  std::vector<const OpDef*> operators_;
  std::vector<bool> seen_;  ///< by family and opcode
  Status status_;
};

}  // namespace vg::cuda
