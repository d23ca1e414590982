// Where the host writes the tasks of a batch before they travel to the device.
#pragma once

#include "cuda/task.h"

namespace vg::cuda {

/// Collects the tasks of one level of a batch: instructions that do not need each other. `step`
/// orders the tasks of one instruction: those of a step run when those of the steps before are
/// done.
class Encoder {
 public:
  virtual ~Encoder() = default;

  template <class T>
  requires(Task<T> || BlockTask<T>) void add(int step, const T& task);

  /// Puts a table into the blob.
  template <class T>
  Table<T> table(std::span<const T> values) {
    static_assert(std::is_trivially_copyable_v<T>);
    return {put(values.data(), values.size_bytes(), alignof(T)),
            static_cast<uint32_t>(values.size())};
  }
  template <class T>
  Table<std::remove_const_t<T>> table(std::span<T> values) requires(!std::is_const_v<T>) {
    return table(std::span<const T>(values));
  }
  /// Device memory between the steps of this level; not initialised. 256-byte aligned.
  virtual std::byte* temporary(int64_t bytes) = 0;
  /// The same, zero when the level begins.
  virtual std::byte* zeroed(int64_t bytes) = 0;

 protected:
  virtual uint32_t put(const void* data, size_t bytes, size_t alignment) = 0;
  /// `weight`: of block tasks; heavy ones begin first.
  virtual void add_task(int step, int kernel, const void* task, int64_t elements, int tile,
                        int64_t weight) = 0;
};

/// How a family runs on the device. `work.in` and `work.out` hold device addresses (in `runs`: none
/// yet). Nothing is computed here; parameters are brought into the tasks' form.
struct Form {
  /// Whether there is a form for these types and parameters; else the host runs the instruction.
  bool (*runs)(const Work& work);
  void (*encode)(const Work& work, Encoder& encoder);
};

bool runs_point(const Work&);
void encode_point(const Work&, Encoder&);
bool runs_measured(const Work&);
void encode_measured(const Work&, Encoder&);
bool runs_warp(const Work&);
void encode_warp(const Work&, Encoder&);
bool runs_stencil(const Work&);
void encode_stencil(const Work&, Encoder&);
bool runs_resample(const Work&);
void encode_resample(const Work&, Encoder&);
bool runs_scatter(const Work&);
void encode_scatter(const Work&, Encoder&);
bool runs_view(const Work&);
void encode_view(const Work&, Encoder&);
bool runs_elementwise(const Work&);
void encode_elementwise(const Work&, Encoder&);
bool runs_decode(const Work&);
bool runs_reduce(const Work&);
void encode_reduce(const Work&, Encoder&);

}  // namespace vg::cuda

#include "cuda/kernels.h"

namespace vg::cuda {

template <class T>
requires(Task<T> || BlockTask<T>) void Encoder::add(int step, const T& task) {
  int64_t weight = 0;
  if constexpr (BlockTask<T>) weight = task.weight();
  if (task.elements() > 0)
    add_task(step, kernel_of<T>(Kernels{}), &task, task.elements(), T::kTile, weight);
}

}  // namespace vg::cuda
