// A GPU as the executor sees it: a batch is staged, submitted in one go, and marked when it is
// done. The code behind it lies in a library of its own, which is opened when a pipeline asks for a
// GPU.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "graph/op_def.h"
#include "variegate/batch.h"

namespace vg {

/// A value of a sample on the device, while its program is submitted.
struct DeviceValue {
  int64_t bytes = 0;
  std::byte* data = nullptr;  ///< address; null: `submit` gives it one
  bool keep = true;           ///< is read after this submission, or is an output
};

/// An instruction of a program. `in` and `out` get their addresses from the values of those
/// numbers.
struct DeviceStep {
  const Node* node;
  const void* params;
  std::span<TensorRef> in, out;
  std::span<const int> in_values, out_values;
};

/// What a backend remembers of a program.
struct DeviceNotes {
  virtual ~DeviceNotes() = default;
};

/// What one sample adds to a submission.
struct DeviceProgram {
  std::vector<DeviceValue> values;
  std::vector<DeviceStep> steps;
  struct Copy {
    int value;
    std::byte* to;
    int64_t bytes;
  };
  std::vector<Copy> copies;  ///< after the steps, on the device
  std::unique_ptr<DeviceNotes> notes;
  bool noted = false;  ///< the notes are about these steps
  void clear() {
    noted = false;
    values.clear();
    steps.clear();
    copies.clear();
  }
};

/// One batch on its way. Workers stage at the same time; the rest is called by one thread at a
/// time.
class DeviceBatch {
 public:
  virtual ~DeviceBatch() = default;

  /// Whether the instruction has a form for the device. `work` has no addresses yet but those of
  /// encoded files; what is worked out about it may stay in its memory, which lasts for the sample.
  virtual bool runs(const Work& work) const = 0;

  struct Staged {
    std::byte* host;
    std::byte* device;  ///< where the next `submit` brings it
  };
  /// Host memory that travels with the next `submit`.
  virtual Outcome<Staged> stage(int64_t bytes) = 0;
  /// Host memory that lives as long as the batch and can travel, for the bytes of a file. Null:
  /// there is none.
  virtual std::byte* room_for_file(int64_t bytes) = 0;
  /// Where the next `submit` brings bytes that lie in such memory, or in memory that was lent to
  /// the device; null: they lie elsewhere.
  virtual std::byte* bring(const std::byte* data, int64_t bytes) = 0;
  /// Works out what `submit` has to know of a program of a batch of `samples`. Workers do so at the
  /// same time; what they leave to `submit`, one thread does.
  virtual void note(DeviceProgram& program, int samples) = 0;

  /// Makes on the host what the device gave up on: the output of a step of a program, `to` which is
  /// host memory. False: the host cannot make it either.
  using MakeOnHost = std::function<bool(size_t program, const DeviceStep& step, std::byte* to)>;
  /// Uploads what is staged and starts all programs, up to where it must be known which images the
  /// device could not decode. `complete` follows.
  virtual Status submit(std::span<DeviceProgram* const> programs) = 0;
  /// Whether that is known, or there is nothing to ask; does not wait.
  virtual bool answered() const = 0;
  /// Waits for the answer, if need be, and starts the rest of what was submitted.
  virtual Status complete(const MakeOnHost& make_on_host) = 0;

  struct Download {
    const std::byte* from;
    std::byte* to;
    int64_t bytes;
  };
  /// Waits for what was submitted, then copies to the host.
  virtual Status download(std::span<const Download> wanted) = 0;
  /// Memory of outputs: shared with the user.
  virtual Outcome<std::shared_ptr<std::byte>> output(int64_t bytes) = 0;
  /// Rare cases (a blank sample): done in the order of submissions.
  virtual Status fill(std::byte* to, const std::byte* from, int64_t bytes) = 0;
  /// Keeps tensors of others alive until the batch is done.
  virtual void hold(std::vector<Tensor> tensors) = 0;
  /// Nothing more is submitted. Gives the handle of the outputs; does not wait.
  virtual Outcome<std::shared_ptr<DeviceMemory>> finish() = 0;
};

struct DeviceFigures {
  int64_t bytes = 0;      ///< reserved on the device now
  uint64_t launches = 0;  ///< of kernels, since the device was opened
  uint64_t decoded = 0;   ///< images, by the device itself
  uint64_t nvjpeg = 0;    ///< images, by nvJPEG
  int64_t lent = 0;       ///< bytes of the host that it reads by itself
};

class Device {
 public:
  virtual ~Device() = default;
  /// A batch; waits if too many are on their way.
  virtual Outcome<std::unique_ptr<DeviceBatch>> begin() = 0;
  virtual DeviceFigures figures() const = 0;
  /// From now on the device may read this memory by itself, if it can. `owner` keeps it as long.
  virtual void lend(std::span<const std::byte> memory, std::shared_ptr<const void> owner) = 0;
  /// Keeps memory of the host in place, so that copies to the device run by themselves, until it is
  /// let go. False: it cannot be. Any thread may ask.
  virtual bool pin(const std::byte* memory, int64_t bytes) = 0;
  virtual void unpin(const std::byte* memory) = 0;
};

/// The table of functions that a backend library exports as `variegate_backend`.
struct DeviceBackend {
  static constexpr uint32_t kVersion = 5;
  uint32_t version = 0;
  Outcome<std::vector<std::string>> (*devices)() = nullptr;  ///< names; a failure says why none
  Outcome<std::shared_ptr<Device>> (*open)(int device, int64_t max_bytes) = nullptr;
};

/// The device of that number, or why it cannot be used.
Outcome<std::shared_ptr<Device>> open_device(int device, int64_t max_bytes);
/// A handle on a device that belongs to no pipeline, for memory of others. Throws as `open_device`
/// fails. It is never closed: at the end of the process the driver may be gone first.
std::shared_ptr<DeviceMemory> device_handle(int device);
/// Tests bring a backend of their own; null: the library again.
void use_backend(const DeviceBackend* backend);

}  // namespace vg
