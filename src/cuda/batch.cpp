// Slots of batches, memory of outputs, and the order of a submission.
#include "cuda/batch.h"

#include <algorithm>

#include "cuda/levels.h"

namespace vg::cuda {
namespace {

constexpr int64_t kChunk = int64_t{32} << 20;

void must(const Status& status) {
  if (!status.ok()) throw Error(status.failure().kind, status.failure().message);
}

}  // namespace

Slot::Slot(const std::shared_ptr<Pool>& pool)
    : staging(pool), values(pool, kChunk), zeroed(pool, kChunk / 32) {}

GpuDevice::GpuDevice(std::shared_ptr<Machine> machine, int64_t max_bytes)
    : pool_(std::make_shared<Pool>(std::move(machine), max_bytes)) {}

Outcome<std::unique_ptr<DeviceBatch>> GpuDevice::begin() {
  std::unique_ptr<Slot> slot;
  {
    std::lock_guard lock(mutex_);
    const bool ready =
        !slots_.empty() && (!slots_.front()->done || slots_.front()->done->reached());
    if (ready || slots_.size() >= kMaxSlots) {
      slot = std::move(slots_.front());
      slots_.pop_front();
    }
  }
  if (!slot) slot = std::make_unique<Slot>(pool_);
  if (slot->done) VG_TRY(slot->done->wait());
  slot->done.reset();
  slot->held.clear();
  slot->staging.reset();
  slot->values.reset();
  slot->zeroed.reset();
  return std::unique_ptr<DeviceBatch>(new GpuBatch(shared_from_this(), std::move(slot)));
}

void GpuDevice::give(std::unique_ptr<Slot> slot) {
  std::lock_guard lock(mutex_);
  slots_.push_back(std::move(slot));
}

void OutputsOfBatch::wait() { must(done_->wait()); }
void OutputsOfBatch::wait_on(uintptr_t stream) { must(done_->wait_on(stream)); }

void OutputsOfBatch::used_on(uintptr_t stream) {
  std::lock_guard lock(mutex_);
  if (std::find(streams_.begin(), streams_.end(), stream) == streams_.end())
    streams_.push_back(stream);
}

void OutputsOfBatch::wait_for(uintptr_t stream) {
  auto mark = pool_->machine().mark_on(stream);
  must(mark.ok() ? (*mark)->wait() : Status(std::move(mark.failure())));
}

void OutputsOfBatch::copy_to_host(const std::byte* from, std::byte* to, int64_t bytes) {
  wait();
  must(pool_->machine().download(to, from, bytes));
  auto mark = pool_->machine().mark();
  must(mark.ok() ? (*mark)->wait() : Status(std::move(mark.failure())));
}

void OutputsOfBatch::copy(const std::byte* from, std::byte* to, int64_t bytes, uintptr_t stream,
                          bool wait) {
  wait_on(stream);
  used_on(stream);
  must(pool_->machine().copy_on(stream, to, from, bytes));
  if (wait) wait_for(stream);
}

std::pair<std::shared_ptr<std::byte>, std::shared_ptr<DeviceMemory>> OutputsOfBatch::gather(
    const std::vector<const std::byte*>& pieces, int64_t bytes) {
  const int64_t all = std::max<int64_t>(bytes * static_cast<int64_t>(pieces.size()), 1);
  auto outputs = std::make_shared<OutputsOfBatch>(pool_);
  std::byte* block = pool_->take(all).take();
  std::shared_ptr<std::byte> data(block,
                                  [outputs, all](std::byte* b) { outputs->release(b, all); });
  for (size_t i = 0; i < pieces.size(); i++)
    must(pool_->machine().copy_on(stream(), block + static_cast<int64_t>(i) * bytes, pieces[i],
                                  bytes));
  outputs->set_done(pool_->machine().mark().take());
  return {std::move(data), std::move(outputs)};
}

void OutputsOfBatch::release(std::byte* block, int64_t bytes) {
  std::vector<MarkRef> marks;
  {
    std::lock_guard lock(mutex_);
    for (uintptr_t stream : streams_)
      if (auto mark = pool_->machine().mark_on(stream); mark.ok()) marks.push_back(*mark);
  }
  pool_->give(block, bytes, std::move(marks));
}

GpuBatch::GpuBatch(std::shared_ptr<GpuDevice> device, std::unique_ptr<Slot> slot)
    : device_(std::move(device)),
      slot_(std::move(slot)),
      outputs_(std::make_shared<OutputsOfBatch>(device_->pool())) {}

GpuBatch::~GpuBatch() {
  if (!slot_) return;
  // Given up half-way: what was submitted still reads the slot.
  if (auto mark = machine().mark(); mark.ok()) slot_->done = *mark;
  device_->give(std::move(slot_));
}

bool GpuBatch::runs(const Work& work) const {
  const Form form = form_of(work.node.op->family);
  return form.runs && form.runs(work);
}

Outcome<DeviceBatch::Staged> GpuBatch::stage(int64_t bytes) {
  VG_ASSIGN(const Staging::Piece piece, slot_->staging.take(bytes));
  return Staged{piece.host, piece.device};
}

Status GpuBatch::submit(std::span<DeviceProgram* const> programs) {
  Levels levels(slot_->values, slot_->zeroed, machine().block_memory());
  VG_TRY(levels.encode(programs));
  VG_ASSIGN(const Staging::Piece blob,
            slot_->staging.take(static_cast<int64_t>(levels.blob().size())));
  if (!levels.blob().empty()) std::memcpy(blob.host, levels.blob().data(), levels.blob().size());
  VG_TRY(slot_->staging.upload());
  for (const Chunks::Run& run : slot_->zeroed.used()) VG_TRY(machine().zero(run.data, run.bytes));
  slot_->zeroed.reset();
  for (const Launch& launch : levels.launches()) {
    VG_TRY(machine().launch(launch, blob.device));
    device_->count_launch();
  }
  return {};
}

Status GpuBatch::download(std::span<const Download> wanted) {
  for (const Download& d : wanted) VG_TRY(machine().download(d.to, d.from, d.bytes));
  VG_ASSIGN(const MarkRef mark, machine().mark());
  return mark->wait();
}

Outcome<std::shared_ptr<std::byte>> GpuBatch::output(int64_t bytes) {
  VG_ASSIGN(std::byte * block, device_->pool()->take(bytes));
  return std::shared_ptr<std::byte>(
      block, [outputs = outputs_, bytes](std::byte* b) { outputs->release(b, bytes); });
}

Status GpuBatch::fill(std::byte* to, const std::byte* from, int64_t bytes) {
  return from ? machine().upload(to, from, bytes) : machine().zero(to, bytes);
}

void GpuBatch::hold(std::vector<Tensor> tensors) {
  slot_->held.insert(slot_->held.end(), std::make_move_iterator(tensors.begin()),
                     std::make_move_iterator(tensors.end()));
}

Outcome<std::shared_ptr<DeviceMemory>> GpuBatch::finish() {
  VG_ASSIGN(slot_->done, machine().mark());
  outputs_->set_done(slot_->done);
  device_->give(std::move(slot_));
  return std::shared_ptr<DeviceMemory>(outputs_);
}

}  // namespace vg::cuda
