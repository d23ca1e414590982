// The programs of a batch side by side: instructions of one depth form a level, tasks of one kind a
// launch. The number of launches follows the depth of the programs, whatever the samples drew.
#pragma once

#include <map>

#include "cuda/decode.h"
#include "cuda/encoder.h"
#include "cuda/pool.h"
#include "cuda/program.h"
#include "exec/device.h"

namespace vg::cuda {

class Levels : private Encoder {
 public:
  /// Values and temporaries come from `values`; memory that starts as zero from `zeroed`.
  Levels(Chunks& values, Chunks& zeroed) : values_(values), zeroed_(zeroed) {}

  /// Forgets the last submission, but not the memory that it took.
  void reset();
  /// Gives every value its address and writes all tasks. The programs are noted.
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
  /// An entry of a program.
  struct Place {
    DeviceProgram* program;
    const ProgramNotes* notes;
    const Entry* entry;
    size_t number;  ///< of the program
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

  void gather(std::span<DeviceProgram* const> programs);
  void note(const OpDef& op);
  Status encode_place(const Place& place, Arena& scratch);
  void write_launches(int level);
  std::byte* take(Chunks& from, int64_t bytes);

  Chunks &values_, &zeroed_;
  size_t depth_ = 0;  ///< levels of this submission
  std::vector<std::vector<Place>> levels_;
  std::vector<std::vector<std::pair<DeviceProgram*, int>>> dying_;
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
