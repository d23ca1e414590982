// Slots of batches, memory of outputs, and the order of a submission.
#include "cuda/batch.h"

#include <unistd.h>

#include <algorithm>
#include <functional>

namespace vg::cuda {
namespace {

/// From so many samples on, a block for each keeps the device busy; fewer are cut into tiles.
constexpr int kChainsFrom = 64;
constexpr int64_t kChunk = int64_t{32} << 20;

void must(const Status& status) {
  if (!status.ok()) throw Error(status.failure().kind, status.failure().message);
}

/// A device tells of a fault when somebody waits for it: not which launch it was, but the batch.
Status of_batch(Status status, const std::vector<const OpDef*>& operators) {
  if (status.ok() || operators.empty()) return status;
  std::string names;
  for (const OpDef* op : operators) names += (names.empty() ? "" : ", ") + op->schema.name();
  status.failure().message += fmt::format("; the batch ran {}", names);
  return status;
}

}  // namespace

Slot::Slot(const std::shared_ptr<Pool>& pool)
    : staging(pool),
      file_bytes(pool, kChunk),
      values(pool, kChunk),
      zeroed(pool, kChunk / 32),
      levels(values, zeroed) {}

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
  if (slot->done) VG_TRY(of_batch(slot->done->wait(), slot->operators));
  slot->done.reset();
  slot->operators.clear();
  slot->held.clear();
  slot->staging.reset();
  slot->file_bytes.reset();
  slot->values.reset();
  slot->zeroed.reset();
  return std::unique_ptr<DeviceBatch>(new GpuBatch(shared_from_this(), std::move(slot)));
}

GpuDevice::~GpuDevice() {
  slots_.clear();
  for (const Loan& loan : loans_) pool_->machine().forget_host(loan.memory.data());
  if (decoding_) pool_->give(decoding_, decoding_bytes_);
}

void GpuDevice::lend(std::span<const std::byte> memory, std::shared_ptr<const void> owner) {
  // What the device reads stays in memory: no more of it than others will not miss.
  const auto most = static_cast<uint64_t>(::sysconf(_SC_PHYS_PAGES)) / 4 *
                    static_cast<uint64_t>(::sysconf(_SC_PAGESIZE));
  const auto bytes = static_cast<int64_t>(memory.size());
  if (memory.empty() || memory.size() > most) return;
  // Refused, it is copied by the host as other memory is.
  if (!pool_->machine().register_host(memory.data(), bytes).ok()) return;
  loans_.push_back({memory, std::move(owner)});
  lent_bytes_ += bytes;
}

bool GpuDevice::reads(const std::byte* data) const {
  return std::any_of(loans_.begin(), loans_.end(), [&](const Loan& loan) {
    const std::byte* begin = loan.memory.data();
    return !std::less<>()(data, begin) && std::less<>()(data, begin + loan.memory.size());
  });
}

Status GpuDevice::decode(const jpeg::Batch& files, const std::byte* blob, uint32_t* status) {
  // Until the launches stand in the stream nobody else may have the memory.
  std::lock_guard lock(decoding_mutex_);
  const int64_t bytes = files.scratch_bytes();
  if (bytes > decoding_bytes_) {
    if (decoding_) pool_->give(decoding_, decoding_bytes_);
    decoding_ = nullptr;
    decoding_bytes_ = 0;
    VG_ASSIGN(decoding_, pool_->take(bytes + bytes / 4));
    decoding_bytes_ = bytes + bytes / 4;
  }
  return pool_->machine().decode(files, {blob, decoding_, status});
}

int64_t GpuDevice::decoding_limit() const {
  constexpr int64_t kMost = int64_t{1} << 30;
  return pool_->max_bytes() > 0 ? std::min(kMost, pool_->max_bytes() / 4) : kMost;
}

void GpuDevice::give(std::unique_ptr<Slot> slot) {
  std::lock_guard lock(mutex_);
  slots_.push_back(std::move(slot));
}

void OutputsOfBatch::wait() { must(of_batch(done_->wait(), operators_)); }
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

std::byte* GpuBatch::room_for_file(int64_t bytes) { return slot_->file_bytes.room(bytes); }

std::byte* GpuBatch::bring(const std::byte* data, int64_t bytes) {
  return slot_->file_bytes.bring(data, bytes, device_->reads(data));
}

void GpuBatch::note(DeviceProgram& program, int samples) {
  if (!program.notes) program.notes = std::make_unique<ProgramNotes>();
  static_cast<ProgramNotes&>(*program.notes)
      .read(program, samples >= kChainsFrom, machine().block_memory());
  program.noted = true;
}

Status GpuBatch::submit(std::span<DeviceProgram* const> programs) {
  Levels& levels = slot_->levels;
  levels.reset();
  for (DeviceProgram* p : programs)
    if (!p->noted) note(*p, static_cast<int>(programs.size()));
  VG_TRY(levels.encode(programs));
  slot_->operators.insert(slot_->operators.end(), levels.operators().begin(),
                          levels.operators().end());
  VG_ASSIGN(blob_, stage_blob(levels.blob()));
  answer_mark_.reset();
  return of_batch(begin_decoding(), levels.operators());
}

Status GpuBatch::complete(const MakeOnHost& make_on_host) {
  return of_batch(launch_all(make_on_host), slot_->levels.operators());
}

Status GpuBatch::launch_all(const MakeOnHost& make_on_host) {
  const Levels& levels = slot_->levels;
  if (!levels.decodes().nvjpeg().empty())
    VG_TRY(decode_by_nvjpeg(levels.decodes().nvjpeg(), make_on_host));
  if (answer_mark_) VG_TRY(end_decoding(make_on_host));
  for (const Launch& launch : levels.launches()) {
    VG_TRY(machine().launch(launch, blob_.device));
    device_->count_launch();
  }
  return {};
}

Outcome<Staging::Piece> GpuBatch::stage_blob(std::span<const std::byte> bytes) {
  VG_ASSIGN(const Staging::Piece piece, slot_->staging.take(static_cast<int64_t>(bytes.size())));
  if (!bytes.empty()) std::memcpy(piece.host, bytes.data(), bytes.size());
  return piece;
}

/// Brings all bytes to the device, and has it decode the images of the submission.
Status GpuBatch::begin_decoding() {
  const std::vector<jpeg::Request>& requests = slot_->levels.decodes().requests();
  jpeg::Batch& files = slot_->files;
  Staging::Piece blob{};
  if (!requests.empty()) {
    files.lay_out(requests, device_->decoding_limit());
    VG_ASSIGN(blob, slot_->staging.take(files.blob_bytes()));
    files.write(blob.host);
  }
  VG_TRY(slot_->file_bytes.upload());
  VG_TRY(slot_->staging.upload());
  for (const Chunks::Run& run : slot_->zeroed.used()) VG_TRY(machine().zero(run.data, run.bytes));
  slot_->zeroed.reset();
  if (requests.empty()) return {};
  std::byte* status = blob.device + files.first_status();
  VG_TRY(device_->decode(files, blob.device, reinterpret_cast<uint32_t*>(status)));
  const auto words = static_cast<int64_t>(requests.size()) * 4;
  VG_ASSIGN(faults_, slot_->staging.take(words));
  VG_TRY(machine().download(faults_.host, status, words));
  VG_ASSIGN(answer_mark_, machine().mark());
  return {};
}

/// What the device gives up on, the host makes, before anything reads the pixels.
Status GpuBatch::end_decoding(const MakeOnHost& make_on_host) {
  VG_TRY(answer_mark_->wait());
  const std::vector<Decodes::Image>& images = slot_->levels.decodes().images();
  const auto* faults = reinterpret_cast<const uint32_t*>(faults_.host);
  uint64_t decoded = 0;
  for (size_t i = 0; i < images.size(); i++)
    if (faults[i] == 0)
      decoded++;
    else
      VG_TRY(make(images[i].program, *images[i].step, images[i].out, make_on_host));
  device_->count_decoded(decoded);
  return {};
}

/// An output that the host makes, if it can.
Status GpuBatch::make(size_t program, const DeviceStep& step, std::byte* out,
                      const MakeOnHost& make_on_host) {
  const int64_t bytes = step.out[0].desc.bytes();
  VG_ASSIGN(const Staging::Piece pixels, slot_->staging.take(bytes));
  return make_on_host(program, step, pixels.host) ? machine().upload(out, pixels.host, bytes)
                                                  : Status();
}

/// Whole images go to their place, others to memory of their own, from which their windows are
/// copied.
Status GpuBatch::decode_by_nvjpeg(std::span<const NvjpegDecode> decodes,
                                  const MakeOnHost& make_on_host) {
  const auto size = [](const NvjpegDecode& d) {
    return d.is_whole() ? 0 : int64_t{d.image.width} * d.image.height * d.channels;
  };
  int64_t bytes = 0;
  for (const NvjpegDecode& d : decodes) bytes += size(d);
  std::shared_ptr<std::byte> images;
  if (bytes > 0) {
    VG_ASSIGN(images, output(bytes));
  }
  std::vector<NvjpegImage> wanted;
  std::byte* next = images.get();
  for (const NvjpegDecode& d : decodes) {
    wanted.push_back(d.image);
    if (d.is_whole()) continue;
    wanted.back().out = next;
    next += size(d);
  }
  std::vector<uint8_t> refused(decodes.size());
  VG_TRY(machine().decode_nvjpeg(wanted, refused));
  uint64_t decoded = 0;
  for (size_t i = 0; i < decodes.size(); i++) {
    const NvjpegDecode& d = decodes[i];
    if (refused[i]) {
      VG_TRY(make(d.program, *d.step, d.image.out, make_on_host));
      continue;
    }
    decoded++;
    if (d.is_whole()) continue;
    const int64_t pitch = d.image.width * d.channels;
    VG_TRY(machine().pack_rows(d.image.out,
                               wanted[i].out + d.window.y * pitch + d.window.x * d.channels, pitch,
                               d.window.width * d.channels, d.window.height));
  }
  device_->count_nvjpeg(decoded);
  return {};
}

Status GpuBatch::download(std::span<const Download> wanted) {
  for (const Download& d : wanted) VG_TRY(machine().download(d.to, d.from, d.bytes));
  VG_ASSIGN(const MarkRef mark, machine().mark());
  return of_batch(mark->wait(), slot_->operators);
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
  outputs_->set_done(slot_->done, slot_->operators);
  device_->give(std::move(slot_));
  return std::shared_ptr<DeviceMemory>(outputs_);
}

}  // namespace vg::cuda
