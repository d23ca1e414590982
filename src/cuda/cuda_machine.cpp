// Every call of the CUDA runtime is here, and every one is checked.
#include "cuda/cuda_machine.h"

#include "cuda/jpeg/launch.h"

#include <algorithm>
#include <vector>

namespace vg::cuda {
namespace {

/// The device of this thread for the time of a call; the program's own choice comes back.
class OnDevice {
 public:
  explicit OnDevice(int device) {
    if (cudaGetDevice(&before_) != cudaSuccess) before_ = -1;
    if (before_ != device) cudaSetDevice(device);
    changed_ = before_ != device;
  }
  ~OnDevice() {
    if (changed_ && before_ >= 0) cudaSetDevice(before_);
  }
  OnDevice(const OnDevice&) = delete;
  OnDevice& operator=(const OnDevice&) = delete;

 private:
  int before_ = -1;
  bool changed_ = false;
};

class Event : public Mark {
 public:
  static Outcome<MarkRef> record(int device, cudaStream_t stream) {
    const OnDevice on(device);
    auto event = std::make_shared<Event>(device);
    VG_TRY(
        check(cudaEventCreateWithFlags(&event->event_, cudaEventDisableTiming), "cudaEventCreate"));
    VG_TRY(check(cudaEventRecord(event->event_, stream), "cudaEventRecord"));
    return MarkRef(event);
  }
  explicit Event(int device) : device_(device) {}
  ~Event() override {
    if (event_) cudaEventDestroy(event_);
  }
  bool reached() const override { return cudaEventQuery(event_) != cudaErrorNotReady; }
  Status wait() const override { return check(cudaEventSynchronize(event_), "a batch"); }
  Status wait_on(uintptr_t stream) const override {
    const OnDevice on(device_);
    return check(cudaStreamWaitEvent(reinterpret_cast<cudaStream_t>(stream), event_),
                 "cudaStreamWaitEvent");
  }

 private:
  int device_;
  cudaEvent_t event_ = nullptr;
};

}  // namespace

Status check(cudaError_t error, const char* what) {
  if (error == cudaSuccess) return {};
  (void)cudaGetLastError();  // a later call is not to report it again
  const auto kind = error == cudaErrorMemoryAllocation ? ErrorKind::Memory : ErrorKind::Runtime;
  return fail(kind, "the GPU failed in {}: {} ({})", what, cudaGetErrorString(error),
              cudaGetErrorName(error));
}

Outcome<std::shared_ptr<Machine>> CudaMachine::open(int device) {
  const OnDevice on(device);
  std::shared_ptr<CudaMachine> machine(new CudaMachine(device));
  VG_TRY(check(cudaStreamCreateWithFlags(&machine->stream_, cudaStreamNonBlocking),
               "cudaStreamCreate"));
  VG_TRY(check(cudaStreamCreateWithFlags(&machine->copies_, cudaStreamNonBlocking),
               "cudaStreamCreate"));
  int memory = 0;
  VG_TRY(check(cudaDeviceGetAttribute(&memory, cudaDevAttrMaxSharedMemoryPerBlockOptin, device),
               "cudaDeviceGetAttribute"));
  machine->block_memory_ = std::max(0, memory - kBlockReserve) & ~15;
  return std::shared_ptr<Machine>(machine);
}

CudaMachine::~CudaMachine() {
  const OnDevice on(device_);
  if (stream_) {
    cudaStreamSynchronize(stream_);
    nvjpeg_.reset();
    cudaStreamDestroy(stream_);
  }
  if (copies_) {
    cudaStreamSynchronize(copies_);
    cudaStreamDestroy(copies_);
  }
}

Outcome<std::byte*> CudaMachine::allocate(int64_t bytes) {
  const OnDevice on(device_);
  void* memory = nullptr;
  VG_TRY(check(cudaMalloc(&memory, static_cast<size_t>(bytes)), "cudaMalloc"));
  return static_cast<std::byte*>(memory);
}

void CudaMachine::release(std::byte* memory) {
  const OnDevice on(device_);
  cudaFree(memory);
}

Outcome<std::byte*> CudaMachine::allocate_host(int64_t bytes) {
  const OnDevice on(device_);
  void* memory = nullptr;
  VG_TRY(check(cudaHostAlloc(&memory, static_cast<size_t>(bytes), cudaHostAllocDefault),
               "cudaHostAlloc"));
  return static_cast<std::byte*>(memory);
}

void CudaMachine::release_host(std::byte* memory) {
  const OnDevice on(device_);
  cudaFreeHost(memory);
}

Status CudaMachine::register_host(const std::byte* memory, int64_t bytes) {
  const OnDevice on(device_);
  // The runtime takes a pointer to what it will only read.
  return check(cudaHostRegister(const_cast<std::byte*>(memory), static_cast<size_t>(bytes),
                                cudaHostRegisterReadOnly | cudaHostRegisterPortable),
               "cudaHostRegister");
}

void CudaMachine::forget_host(const std::byte* memory) {
  const OnDevice on(device_);
  cudaStreamSynchronize(stream_);
  cudaHostUnregister(const_cast<std::byte*>(memory));
}

Status CudaMachine::upload_all(std::span<const Upload> uploads, bool beside) {
  const auto copies = reinterpret_cast<uintptr_t>(copies_);
  if (!beside) {
    VG_ASSIGN(const MarkRef before, mark());
    VG_TRY(before->wait_on(copies));
  }
  VG_TRY(copy_all(uploads));
  VG_ASSIGN(const MarkRef done, mark_on(copies));
  return done->wait_on(stream());
}

/// In the stream of copies.
Status CudaMachine::copy_all(std::span<const Upload> uploads) {
  const OnDevice on(device_);
#if CUDART_VERSION >= 13000
  if (uploads.size() > 1 && batched_copies_) {
    std::vector<void*> to;
    std::vector<const void*> from;
    std::vector<size_t> bytes;
    for (const Upload& u : uploads) {
      to.push_back(u.to);
      from.push_back(u.from);
      bytes.push_back(static_cast<size_t>(u.bytes));
    }
    cudaMemcpyAttributes how{};
    how.srcAccessOrder = cudaMemcpySrcAccessOrderStream;
    size_t first = 0;
    if (cudaMemcpyBatchAsync(to.data(), from.data(), bytes.data(), to.size(), &how, &first, 1,
                             copies_) == cudaSuccess)
      return {};
    (void)cudaGetLastError();  // an older driver: one after the other
    batched_copies_ = false;
  }
#endif
  for (const Upload& u : uploads)
    VG_TRY(check(cudaMemcpyAsync(u.to, u.from, static_cast<size_t>(u.bytes), cudaMemcpyHostToDevice,
                                 copies_),
                 "an upload"));
  return {};
}

Status CudaMachine::upload(std::byte* to, const std::byte* from, int64_t bytes) {
  const OnDevice on(device_);
  return check(
      cudaMemcpyAsync(to, from, static_cast<size_t>(bytes), cudaMemcpyHostToDevice, stream_),
      "an upload");
}

Status CudaMachine::download(std::byte* to, const std::byte* from, int64_t bytes) {
  const OnDevice on(device_);
  return check(
      cudaMemcpyAsync(to, from, static_cast<size_t>(bytes), cudaMemcpyDeviceToHost, stream_),
      "a download");
}

Status CudaMachine::zero(std::byte* to, int64_t bytes) {
  const OnDevice on(device_);
  return check(cudaMemsetAsync(to, 0, static_cast<size_t>(bytes), stream_), "cudaMemset");
}

Status CudaMachine::launch(const Launch& launch, const std::byte* blob) {
  const OnDevice on(device_);
  return check(launch_kernel(launch, blob, {stream_, block_memory_}), "a launch");
}

Status CudaMachine::decode(const jpeg::Batch& batch, const jpeg::Places& places) {
  const OnDevice on(device_);
  return check(jpeg::launch(batch, places, stream_), "decoding JPEG");
}

Status CudaMachine::decode_nvjpeg(std::span<const NvjpegImage> images, std::span<uint8_t> refused) {
  const OnDevice on(device_);
  std::lock_guard lock(nvjpeg_mutex_);
  if (!nvjpeg_) nvjpeg_ = Nvjpeg::open();
  if (!nvjpeg_->ok())
    return fail("route = \"nvjpeg\" is not possible: {}", nvjpeg_->failure().message);
  return (**nvjpeg_)->decode(images, refused, stream_);
}

Status CudaMachine::pack_rows(std::byte* to, const std::byte* from, int64_t pitch, int64_t bytes,
                              int64_t rows) {
  const OnDevice on(device_);
  const auto size = static_cast<size_t>(bytes);
  return check(cudaMemcpy2DAsync(to, size, from, static_cast<size_t>(pitch), size,
                                 static_cast<size_t>(rows), cudaMemcpyDeviceToDevice, stream_),
               "cudaMemcpy2D");
}

Outcome<MarkRef> CudaMachine::mark_on(uintptr_t stream) {
  return Event::record(device_, reinterpret_cast<cudaStream_t>(stream));
}

Status CudaMachine::copy_on(uintptr_t stream, std::byte* to, const std::byte* from, int64_t bytes) {
  const OnDevice on(device_);
  return check(cudaMemcpyAsync(to, from, static_cast<size_t>(bytes), cudaMemcpyDefault,
                               reinterpret_cast<cudaStream_t>(stream)),
               "a copy");
}

}  // namespace vg::cuda
