// A pipeline: a graph, the threads that run it, and batches in order.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "variegate/batch.h"
#include "variegate/error.h"
#include "variegate/export.h"
#include "variegate/value.h"

namespace vg {

/// What happens to a sample that cannot be read or decoded.
enum class OnError {
  Raise,    ///< `run` throws for its batch; the next `run` gives the next batch
  Skip,     ///< its batch is smaller
  Replace,  ///< another sample's data takes its place, with the draws of the failed one
  Blank,    ///< zeros of the same size; small outputs (labels) are kept
};

struct PipelineOptions {
  int batch_size = 0;  ///< samples of a batch, at most
  int num_threads = 1;
  std::optional<uint64_t> seed;  ///< absent: from the clock
  int prefetch_queue_depth = 2;  ///< batches in flight
  OnError on_error = OnError::Raise;
  int device_id = -1;                     ///< GPU of this pipeline; -1: the host does all
  int64_t max_gpu_bytes = 0;              ///< ceiling of the memory on the GPU; 0: none
  int64_t max_host_bytes = 0;             ///< ceiling of the memory for pixels; 0: none
  int64_t max_pixels = int64_t{1} << 28;  ///< larger images fail from their header
  bool record_programs = true;            ///< keep what `Batch::programs` needs
  /// GPU to which outputs on the host will be copied: their memory is pinned, so that a copy runs
  /// by itself. Then outputs must be held until such copies have ended. -1: none
  int pin_for = -1;
};

/// Where the time went since `build`, in seconds summed over the threads.
struct Stats {
  double reading = 0, decoding = 0, pixels = 0, planning = 0;
  double workers_idle = 0;     ///< workers had nothing to do: the consumer is the limit
  double consumer_waited = 0;  ///< `run` waited: the pipeline is the limit
  uint64_t samples = 0, batches = 0;
  int64_t host_bytes = 0;    ///< reserved now
  int64_t pinned_bytes = 0;  ///< ... of which is pinned for copies to a GPU
  int64_t device_bytes = 0;  ///< the same on the GPU
  double submitting = 0;     ///< batches to the GPU
  double device_waited = 0;  ///< a worker had nothing to do before the GPU had decoded
  int64_t lent_bytes = 0;    ///< of packed files that the GPU reads by itself
  uint64_t launches = 0;     ///< of kernels on the GPU
  uint64_t decoded_on_host = 0, decoded_on_gpu = 0, decoded_by_nvjpeg = 0;  ///< images
  std::vector<std::string> on_host;  ///< operators asked for on the GPU that have no form there
};

/// Facts of a reader (`Pipeline.reader_meta`).
struct ReaderMeta {
  int64_t epoch_size = 0, epoch_size_padded = 0, number_of_shards = 1, shard_id = 0;
  bool pad_last_batch = false, stick_to_shard = false;
};

/// What the ranks of a reader still take until `epoch` has ended for them, padding not included:
/// the rank with the fewest samples and the one with the most.
struct EpochLeft {
  uint64_t epoch = 0, fewest = 0, most = 0;
};

class VG_API Pipeline {
 public:
  explicit Pipeline(const PipelineOptions& options);
  ~Pipeline();  ///< as `close`
  Pipeline(Pipeline&&) noexcept;

  void set_outputs(std::vector<Value> outputs);
  /// Evaluated for every sample though no output needs it.
  void add_sink(Value value);
  /// Compiles the graph and starts the threads; `run` does it if need be.
  /// Throws NotImplemented without outputs, Value or Type for impossible options.
  void build();

  /// The next batch. Throws StopIteration at the end of the data, Runtime for bad data.
  /// `poll` is called every few milliseconds while it waits; false ends the wait with a Runtime.
  Batch run(const std::function<bool()>& poll = {});
  /// The two halves of `run`: start a batch; take the oldest one started.
  void schedule_run();
  Batch take(const std::function<bool()>& poll = {});
  int scheduled() const;  ///< batches started and not taken
  /// After StopIteration: begins the next epoch of sources that end.
  void reset();
  /// Drops batches in flight and goes to the beginning of an epoch. Sources without an index begin
  /// again.
  void begin_epoch(uint64_t epoch);
  /// Readers whose arguments name no shard read this one from now on.
  void set_shard(int64_t shard_id, int64_t num_shards);
  /// Ends all threads and forgets batches in flight. Outputs that are held stay valid.
  void close();

  /// Programs of samples, without touching pixels. Throws if a decision needs pixels.
  std::vector<Program> plan(const std::vector<uint64_t>& sample_ids, uint64_t epoch);
  /// One sample alone, byte-equal to what a run gives.
  Batch replay(uint64_t sample_id, uint64_t epoch);

  /// JSON: where the stream stands, after the batch taken last.
  std::string state_dict() const;
  /// Continues there; the batch size, the threads and the number of shards may differ.
  void load_state_dict(const std::string& json);

  Stats stats() const;
  std::map<std::string, ReaderMeta> readers() const;
  /// After the batch taken last, of `epoch` or of the first epoch of which there is something left.
  EpochLeft epoch_left(const std::string& reader, std::optional<uint64_t> epoch = {}) const;
  uint64_t seed() const;
  const PipelineOptions& options() const;
  /// Facts of the graph for tools: every compiled operator by name, in order.
  std::vector<std::string> operators() const;
  /// What is legal, but will fail for some batches: branches of distinct types. After `build`.
  std::vector<std::string> warnings() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace vg
