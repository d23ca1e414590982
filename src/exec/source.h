// Sources: what brings data in. They advance batch by batch, in the thread that schedules.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/outcome.h"
#include "graph/plan.h"
#include "io/sampler.h"
#include "variegate/pipeline.h"

namespace vg {

/// What a source contributes to a batch.
struct SourceBatch {
  std::vector<SamplePlace> places;        ///< indexed sources: one per sample
  std::vector<std::vector<Tensor>> data;  ///< others: [output][sample]
};

/// Memory for the bytes of a file, which outlives the sample; null: there is none.
using FileRoom = std::function<std::byte*(int64_t bytes)>;

class Source {
 public:
  virtual ~Source() = default;
  /// Knows its samples by number: replay and replacement are possible.
  virtual bool indexed() const { return false; }
  /// Takes the next batch of at most `max_size` samples; gives their number. StopIteration ends it.
  virtual Outcome<int> next_batch(int max_size, uint64_t iteration, SourceBatch& batch) = 0;
  /// The tensors of one sample: by number, or what `next_batch` put aside. Called by workers.
  virtual Status load(const SourceBatch* batch, int slot, uint64_t id,
                      std::span<Tensor> outputs) const = 0;
  /// As `load`, for operators of this batch that only read: the bytes of a file (output 0) may lie
  /// where `room` says, or in the source's own memory.
  virtual Status lend(const FileRoom& /*room*/, const SourceBatch* batch, int slot, uint64_t id,
                      std::span<Tensor> outputs) const {
    return load(batch, slot, id, outputs);
  }
  /// The memory that it lends bytes of, if it is one piece for all samples.
  virtual std::span<const std::byte> mapping() const { return {}; }
  /// Begins again after the end.
  virtual void reset() {}
  /// Leaves what it is in for the beginning of an epoch; a source without an index just begins
  /// again.
  virtual Status begin(uint64_t) {
    reset();
    return {};
  }
  /// Reads this shard, unless its arguments name one. `seek` follows.
  virtual Status set_shard(int64_t, int64_t) { return {}; }
  /// What is left at a state, of `epoch` or of the epoch that the state is in. Only readers know.
  virtual Outcome<EpochRest> rest(const std::string&, std::optional<uint64_t>) const {
    return fail("this source has no epochs");
  }
  virtual uint64_t size() const { return 0; }
  virtual std::string state() const { return "null"; }
  virtual Status seek(const std::string&) { return {}; }
  virtual std::optional<ReaderMeta> meta() const { return std::nullopt; }
};

}  // namespace vg
