// A device and the batches on their way to it: programs become levels of tasks, levels become
// launches.
#pragma once

#include <atomic>
#include <deque>

#include "cuda/file_bytes.h"
#include "cuda/levels.h"
#include "exec/device.h"

namespace vg::cuda {

/// How a family runs on the device; null functions: it does not.
struct Form;
Form form_of(Family family);

/// What a batch needs while it is on its way, to be used again by another.
struct Slot {
  explicit Slot(const std::shared_ptr<Pool>& pool);
  Staging staging;
  FileBytes file_bytes;
  Chunks values, zeroed;
  Levels levels;
  jpeg::Batch files;                    ///< that the device decodes
  MarkRef done;                         ///< null: nothing was given to the device
  std::vector<Tensor> held;             ///< of others, until `done`
  std::vector<const OpDef*> operators;  ///< what the batch runs, for messages
};

class GpuDevice : public Device, public std::enable_shared_from_this<GpuDevice> {
 public:
  GpuDevice(std::shared_ptr<Machine> machine, int64_t max_bytes);
  Outcome<std::unique_ptr<DeviceBatch>> begin() override;
  ~GpuDevice() override;
  DeviceFigures figures() const override {
    return {pool_->bytes_reserved(), launches_, decoded_, nvjpeg_, lent_bytes_};
  }

  void lend(std::span<const std::byte> memory, std::shared_ptr<const void> owner) override;
  bool pin(const std::byte* memory, int64_t bytes) override {
    return pool_->machine().register_host(memory, bytes).ok();
  }
  void unpin(const std::byte* memory) override { pool_->machine().forget_host(memory); }
  /// Whether bytes lie in memory that the device reads by itself.
  bool reads(const std::byte* data) const;

  /// Takes a slot back; `done` says when the device has ended with it.
  void give(std::unique_ptr<Slot> slot);
  void count_launch() { launches_++; }
  void count_decoded(uint64_t images) { decoded_ += images; }
  void count_nvjpeg(uint64_t images) { nvjpeg_ += images; }
  /// Starts a decoder. Its memory is the device's: batches use it one after the other, in the order
  /// of the stream.
  Status decode(const jpeg::Batch& files, const std::byte* blob, uint32_t* status);
  /// The most that a decoder shall take.
  int64_t decoding_limit() const;
  const std::shared_ptr<Pool>& pool() const { return pool_; }

 private:
  struct Loan {
    std::span<const std::byte> memory;
    std::shared_ptr<const void> owner;
  };
  std::vector<Loan> loans_;  ///< made before the first batch
  int64_t lent_bytes_ = 0;
  static constexpr size_t kMaxSlots = 6;  ///< batches on their way
  std::shared_ptr<Pool> pool_;
  std::mutex mutex_;
  std::deque<std::unique_ptr<Slot>> slots_;  ///< oldest first
  std::atomic<uint64_t> launches_{0}, decoded_{0}, nvjpeg_{0};
  std::mutex decoding_mutex_;
  std::byte* decoding_ = nullptr;
  int64_t decoding_bytes_ = 0;
};

/// What the outputs of a batch share with the user.
class OutputsOfBatch : public DeviceMemory {
 public:
  explicit OutputsOfBatch(std::shared_ptr<Pool> pool) : pool_(std::move(pool)) {}
  int device() const override { return pool_->machine().device(); }
  uintptr_t stream() const override { return pool_->machine().stream(); }
  void wait() override;
  void wait_on(uintptr_t stream) override;
  void used_on(uintptr_t stream) override;
  void wait_for(uintptr_t stream) override;
  void copy_to_host(const std::byte* from, std::byte* to, int64_t bytes) override;
  void copy(const std::byte* from, std::byte* to, int64_t bytes, uintptr_t stream,
            bool wait) override;
  std::pair<std::shared_ptr<std::byte>, std::shared_ptr<DeviceMemory>> gather(
      const std::vector<const std::byte*>& pieces, int64_t bytes) override;

  void set_done(MarkRef done, std::vector<const OpDef*> operators = {}) {
    done_ = std::move(done);
    operators_ = std::move(operators);
  }
  /// Gives a block back, to be used after what was announced by `used_on`.
  void release(std::byte* block, int64_t bytes);

 private:
  std::shared_ptr<Pool> pool_;
  MarkRef done_;
  std::vector<const OpDef*> operators_;
  std::mutex mutex_;
  std::vector<uintptr_t> streams_;
};

class GpuBatch : public DeviceBatch {
 public:
  GpuBatch(std::shared_ptr<GpuDevice> device, std::unique_ptr<Slot> slot);
  ~GpuBatch() override;

  bool runs(const Work& work) const override;
  Outcome<Staged> stage(int64_t bytes) override;
  std::byte* room_for_file(int64_t bytes) override;
  std::byte* bring(const std::byte* data, int64_t bytes) override;
  void note(DeviceProgram& program, int samples) override;
  Status submit(std::span<DeviceProgram* const> programs) override;
  bool answered() const override { return !answer_mark_ || answer_mark_->reached(); }
  Status complete(const MakeOnHost& make_on_host) override;
  Status download(std::span<const Download> wanted) override;
  Outcome<std::shared_ptr<std::byte>> output(int64_t bytes) override;
  Status fill(std::byte* to, const std::byte* from, int64_t bytes) override;
  void hold(std::vector<Tensor> tensors) override;
  Outcome<std::shared_ptr<DeviceMemory>> finish() override;

 private:
  Machine& machine() const { return device_->pool()->machine(); }
  Outcome<Staging::Piece> stage_blob(std::span<const std::byte> bytes);
  Status begin_decoding();
  Status end_decoding(const MakeOnHost& make_on_host);
  Status launch_all(const MakeOnHost& make_on_host);
  Status decode_by_nvjpeg(std::span<const NvjpegDecode> decodes, const MakeOnHost& make_on_host);
  Status make(size_t program, const DeviceStep& step, std::byte* out,
              const MakeOnHost& make_on_host);
  std::shared_ptr<GpuDevice> device_;
  std::unique_ptr<Slot> slot_;
  std::shared_ptr<OutputsOfBatch> outputs_;
  // Of the last submission.
  Staging::Piece blob_{};    ///< of its launches
  Staging::Piece faults_{};  ///< a word per image that the device decodes, when it answers
  MarkRef answer_mark_;      ///< null: it decodes none
};

}  // namespace vg::cuda
