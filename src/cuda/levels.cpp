// From programs to levels, from levels to launches.
#include "cuda/levels.h"

#include <algorithm>
#include <cstring>

#include "cuda/batch.h"
#include "cuda/segment.h"
#include "cuda/tasks/copy.h"

namespace vg::cuda {
namespace {

template <class... T>
size_t size_of_task(TypeList<T...>, int kernel) {
  static constexpr size_t kSizes[] = {sizeof(T)...};
  return kSizes[kernel];
}

}  // namespace

std::byte* Levels::take(Chunks& from, int64_t bytes) {
  auto piece = from.take(bytes);
  if (piece.ok()) return *piece;
  if (status_.ok()) status_ = std::move(piece.failure());
  return nullptr;
}

std::byte* Levels::temporary(int64_t bytes) {
  std::byte* data = take(values_, bytes);
  if (data) temporaries_.push_back({data, bytes});
  return data;
}

std::byte* Levels::zeroed(int64_t bytes) { return take(zeroed_, bytes); }

uint32_t Levels::put(const void* data, size_t bytes, size_t alignment) {
  const size_t at = (blob_.size() + alignment - 1) / alignment * alignment;
  blob_.resize(at + bytes);
  if (bytes > 0) std::memcpy(blob_.data() + at, data, bytes);
  return static_cast<uint32_t>(at);
}

void Levels::add_task(int step, int kernel, const void* task, int64_t elements, int tile,
                      int64_t weight) {
  Bucket& bucket = buckets_[{step, kernel}];
  const auto* bytes = static_cast<const std::byte*>(task);
  bucket.tasks.insert(bucket.tasks.end(), bytes, bytes + size_of_task(Kernels{}, kernel));
  const int64_t tiles = (elements + tile - 1) / tile;
  for (int64_t i = 0; i < tiles; i++)
    bucket.tiles.push_back({bucket.count, static_cast<uint32_t>(i)});
  bucket.count++;
  if (weight > 0) bucket.weights.push_back(weight);
}

void Levels::note(const OpDef& op) {
  constexpr size_t kOpcodes = 256;
  const size_t at = static_cast<size_t>(op.family) * kOpcodes + static_cast<size_t>(op.opcode);
  if (seen_.size() <= at) seen_.resize(at + kOpcodes);
  if (!seen_[at]) operators_.push_back(&op);
  seen_[at] = true;
}

void Levels::reset() {
  for (auto& level : levels_) level.clear();
  for (auto& values : dying_) values.clear();
  for (auto& [key, bucket] : buckets_) bucket.clear();
  depth_ = 0;
  temporaries_.clear();
  blob_.clear();
  launches_.clear();
  decodes_.clear();
  operators_.clear();
  seen_.clear();
  status_ = {};
}

Status Levels::encode_place(const Place& place, Arena& scratch) {
  DeviceProgram& program = *place.program;
  const Entry& entry = *place.entry;
  DeviceStep &head = program.steps[entry.first],
             &tail = program.steps[entry.first + entry.count - 1];
  for (size_t i = 0; i < head.in.size(); i++)
    head.in[i].data = program.values[static_cast<size_t>(head.in_values[i])].data;
  for (size_t o = 0; o < tail.out.size(); o++) {
    DeviceValue& value = program.values[static_cast<size_t>(tail.out_values[o])];
    if (!value.data) value.data = take(values_, value.bytes);
    tail.out[o].data = value.data;
  }
  VG_TRY(std::move(status_));
  if (entry.chain) {
    encode_chain(place.notes->stages(entry), head.in[0].data, tail.out[0].data, *this);
  } else if (entry.stages > 0) {
    encode_stage(place.notes->stages(entry)[0], head.in[0].data, tail.out[0].data, *this);
  } else if (head.node->op->family == Family::Decode) {
    decodes_.add(place.number, head, head.in[0].data, tail.out[0].data);
  } else {
    const Work work{*head.node, head.params, head.in, head.out, scratch};
    form_of(head.node->op->family).encode(work, *this);
    scratch.reset();
  }
  if (blob_.size() > size_t{1} << 31) return fail("the parameters of a batch are above 2 GiB");
  return std::move(status_);
}

void Levels::write_launches(int level) {
  for (auto& [key, bucket] : buckets_) {
    if (bucket.tiles.empty()) continue;
    if (!bucket.weights.empty())
      std::stable_sort(bucket.tiles.begin(), bucket.tiles.end(), [&](Tile a, Tile b) {
        return bucket.weights[a.task] > bucket.weights[b.task];
      });
    Launch launch{key.second, 0, 0, static_cast<int>(bucket.tiles.size()), level};
    launch.tasks = put(bucket.tasks.data(), bucket.tasks.size(), 16);
    launch.tiles = put(bucket.tiles.data(), bucket.tiles.size() * sizeof(Tile), 16);
    launches_.push_back(launch);
    bucket.clear();
  }
  for (const Owned& t : temporaries_) values_.give(t.data, t.bytes);
  temporaries_.clear();
}

/// Entries of one depth, whatever program they belong to, are a level.
void Levels::gather(std::span<DeviceProgram* const> programs) {
  const auto need = [&](size_t level) {
    depth_ = std::max(depth_, level + 1);
    if (levels_.size() < depth_) levels_.resize(depth_);
    if (dying_.size() < depth_) dying_.resize(depth_);
  };
  for (size_t i = 0; i < programs.size(); i++) {
    DeviceProgram& program = *programs[i];
    const auto& notes = static_cast<const ProgramNotes&>(*program.notes);
    for (const DeviceStep& step : program.steps) note(*step.node->op);
    for (const Entry& entry : notes.entries()) {
      const auto level = static_cast<size_t>(entry.level);
      need(level);
      levels_[level].push_back({&program, &notes, &entry, i});
    }
    for (const ProgramNotes::Dying& d : notes.dying())
      dying_[static_cast<size_t>(d.level)].push_back({&program, d.value});
  }
}

Status Levels::encode(std::span<DeviceProgram* const> programs) {
  gather(programs);
  Arena scratch;
  for (size_t level = 0; level < depth_; level++) {
    for (const Place& place : levels_[level]) VG_TRY(encode_place(place, scratch));
    write_launches(static_cast<int>(level));
    for (auto [program, v] : dying_[level]) {
      const DeviceValue& value = program->values[static_cast<size_t>(v)];
      values_.give(value.data, value.bytes);
    }
  }
  for (DeviceProgram* p : programs)
    for (const DeviceProgram::Copy& c : p->copies)
      add(0, CopyTask{p->values[static_cast<size_t>(c.value)].data, c.to, c.bytes});
  write_launches(static_cast<int>(depth_));
  return {};
}

}  // namespace vg::cuda
