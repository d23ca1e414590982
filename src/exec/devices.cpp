// Finding the library with the GPU backend, once per process.
#include <dlfcn.h>

#include <cstdlib>
#include <map>
#include <mutex>

#include "exec/device.h"

namespace vg {
namespace {

const DeviceBackend* chosen = nullptr;  // by a test

/// The folder of the library that this code is in.
std::string own_folder() {
  Dl_info info;
  if (!dladdr(reinterpret_cast<void*>(&open_device), &info) || !info.dli_fname) return "";
  const std::string path = info.dli_fname;
  const size_t slash = path.rfind('/');
  return slash == std::string::npos ? "" : path.substr(0, slash + 1);
}

Outcome<const DeviceBackend*> load_backend() {
  constexpr const char* kName = "libvariegate_cuda.so";
  const char* other = std::getenv("VARIEGATE_CUDA_LIBRARY");  // instead of the one that came along
  const std::string path = other ? other : own_folder() + kName;
  void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  std::string problem;
  if (!library) {
    if (const char* text = dlerror()) problem = text;
    if (!other) library = dlopen(kName, RTLD_NOW | RTLD_LOCAL);
  }
  if (!library) return fail("this installation has no GPU part ({})", problem);
  const auto* backend = static_cast<const DeviceBackend*>(dlsym(library, "variegate_backend"));
  if (!backend) return fail("{} is not the GPU part of variegate", kName);
  if (backend->version != DeviceBackend::kVersion)
    return fail("{} is of another version of variegate (its table: {}, wanted: {})", kName,
                backend->version, DeviceBackend::kVersion);
  return backend;
}

Outcome<const DeviceBackend*> backend() {
  if (chosen) return chosen;
  static const Outcome<const DeviceBackend*> loaded = load_backend();
  if (!loaded.ok()) return loaded.failure();
  return *loaded;
}

Outcome<std::vector<std::string>> devices() {
  VG_ASSIGN(const DeviceBackend* b, backend());
  return b->devices();
}

}  // namespace

void use_backend(const DeviceBackend* b) { chosen = b; }

Outcome<std::shared_ptr<Device>> open_device(int device, int64_t max_bytes) {
  VG_ASSIGN(const DeviceBackend* b, backend());
  VG_ASSIGN(const std::vector<std::string> names, b->devices());
  if (device < 0 || static_cast<size_t>(device) >= names.size())
    return fail(ErrorKind::Value, "device_id = {} is not in [0, {})", device, names.size());
  return b->open(device, max_bytes);
}

std::shared_ptr<DeviceMemory> device_handle(int device) {
  static std::mutex mutex;
  static auto& handles = *new std::map<int, std::shared_ptr<DeviceMemory>>();
  std::lock_guard lock(mutex);
  std::shared_ptr<DeviceMemory>& handle = handles[device];
  if (!handle) handle = open_device(device, 0).take()->begin().take()->finish().take();
  return handle;
}

std::vector<std::string> gpu_devices() {
  auto names = devices();
  return names.ok() ? *names : std::vector<std::string>();
}

std::string gpu_problem() {
  auto names = devices();
  return names.ok() ? "" : names.failure().message;
}

}  // namespace vg
