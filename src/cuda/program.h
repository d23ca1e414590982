// What the backend works out about one sample's program, beside the others: its entries, their
// levels, its stages.
#pragma once

#include <vector>

#include "cuda/tasks/stage.h"
#include "exec/device.h"

namespace vg::cuda {

/// Steps that run as one: an instruction (no stages), a stage in tiles, or a chain of stages.
struct Entry {
  size_t first, count;
  size_t stage, stages;
  bool chain;
  int level;  ///< one more than that of what it reads
};

class ProgramNotes : public DeviceNotes {
 public:
  /// Reads `program`. Where `chains` are wanted, a block has `block_memory` bytes for each.
  void read(const DeviceProgram& program, bool chains, int block_memory);

  const std::vector<Entry>& entries() const { return entries_; }
  std::span<const ImageStage> stages(const Entry& e) const {
    return std::span(stages_).subspan(e.stage, e.stages);
  }
  struct Dying {
    int level, value;
  };
  /// Values that nobody reads behind a level.
  const std::vector<Dying>& dying() const { return dying_; }

 private:
  Entry read_entry(const DeviceProgram& program, size_t first, bool chains, int block_memory);

  std::vector<Entry> entries_;
  std::vector<ImageStage> stages_;
  std::vector<Dying> dying_;
  std::vector<int> ready_, last_use_, uses_;  ///< per value
};

}  // namespace vg::cuda
