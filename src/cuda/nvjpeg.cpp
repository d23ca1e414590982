// Finding nvJPEG, and decoding with it: batches of one output format, and image by image what a
// batch does not take.
#include "cuda/nvjpeg.h"

#include <dlfcn.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "cuda/cuda_machine.h"

#ifdef VG_NVJPEG
#include <nvjpeg.h>
#endif

namespace vg::cuda {

#ifndef VG_NVJPEG

Outcome<std::unique_ptr<Nvjpeg>> Nvjpeg::open() {
  return fail("this build has no nvJPEG: its header was not found when the GPU part was compiled");
}

#else

namespace {

/// The functions that are used, under the names of the library.
struct Functions {
  decltype(&nvjpegCreateEx) create = nullptr;
  decltype(&nvjpegDestroy) destroy = nullptr;
  decltype(&nvjpegJpegStateCreate) create_state = nullptr;
  decltype(&nvjpegJpegStateDestroy) destroy_state = nullptr;
  decltype(&nvjpegDecode) decode = nullptr;
  decltype(&nvjpegDecodeBatchedInitialize) begin_batch = nullptr;
  decltype(&nvjpegDecodeBatched) decode_batch = nullptr;
};

/// Where libraries of CUDA's Python packages lie beside this one.
std::vector<std::string> places() {
  if (const char* chosen = std::getenv("VARIEGATE_NVJPEG_LIBRARY")) return {chosen};
  std::string packages;
  Dl_info info;
  if (dladdr(reinterpret_cast<void*>(&Nvjpeg::open), &info) && info.dli_fname) {
    packages = info.dli_fname;
    packages = packages.substr(0, packages.rfind('/') + 1) + "../nvidia/";
  }
  return {"libnvjpeg.so.13", packages + "cu13/lib/libnvjpeg.so.13", "libnvjpeg.so.12",
          packages + "nvjpeg/lib/libnvjpeg.so.12"};
}

/// The library stays open: its device memory may be used until the process ends.
Outcome<Functions> load() {
  void* library = nullptr;
  std::string tried;
  for (const std::string& place : places()) {
    library = dlopen(place.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library) break;
    tried += (tried.empty() ? "" : ", ") + place;
  }
  if (!library)
    return fail(
        "nvJPEG was not found (tried {}); PyPI's nvidia-nvjpeg brings it, and "
        "VARIEGATE_NVJPEG_LIBRARY may name it",
        tried);
  Functions f;
  bool complete = true;
  const auto find = [&](auto& function, const char* name) {
    function = reinterpret_cast<std::remove_reference_t<decltype(function)>>(dlsym(library, name));
    complete = complete && function;
  };
  find(f.create, "nvjpegCreateEx");
  find(f.destroy, "nvjpegDestroy");
  find(f.create_state, "nvjpegJpegStateCreate");
  find(f.destroy_state, "nvjpegJpegStateDestroy");
  find(f.decode, "nvjpegDecode");
  find(f.begin_batch, "nvjpegDecodeBatchedInitialize");
  find(f.decode_batch, "nvjpegDecodeBatched");
  if (!complete) return fail("the nvJPEG library that was found lacks a function");
  return f;
}

nvjpegOutputFormat_t format_of(jpeg::Colors colors) {
  switch (colors) {
    case jpeg::Colors::Gray:
      return NVJPEG_OUTPUT_Y;
    case jpeg::Colors::Bgr:
      return NVJPEG_OUTPUT_BGRI;
    default:
      return NVJPEG_OUTPUT_RGBI;
  }
}

/// Chroma is interpolated as everywhere here, and damaged files are to be refused.
unsigned wanted_flags() {
  unsigned flags = NVJPEG_FLAGS_DEFAULT;
#ifdef NVJPEG_FLAGS_UPSAMPLING_WITH_INTERPOLATION
  flags |= (NVJPEG_FLAGS_UPSAMPLING_WITH_INTERPOLATION);
#endif
#ifdef NVJPEG_FLAGS_BITSTREAM_STRICT
  flags |= (NVJPEG_FLAGS_BITSTREAM_STRICT);
#endif
  return flags;
}

class Opened : public Nvjpeg {
 public:
  explicit Opened(const Functions& functions) : f_(functions) {}
  ~Opened() override {
    if (batch_) f_.destroy_state(batch_);
    if (single_) f_.destroy_state(single_);
    if (handle_) f_.destroy(handle_);
  }

  Status begin() {
    // Not the hardware engines: they take fewer kinds of files, and other pixels come out of them.
    const auto create = [&](unsigned flags) {
      return f_.create(NVJPEG_BACKEND_GPU_HYBRID, nullptr, nullptr, flags, &handle_);
    };
    nvjpegStatus_t status = create(wanted_flags());
    if (status == NVJPEG_STATUS_INVALID_PARAMETER)  // an older library
      status = create(NVJPEG_FLAGS_DEFAULT);
    if (status == NVJPEG_STATUS_SUCCESS) status = f_.create_state(handle_, &batch_);
    if (status == NVJPEG_STATUS_SUCCESS) status = f_.create_state(handle_, &single_);
    if (status != NVJPEG_STATUS_SUCCESS)
      return fail("nvJPEG cannot be used: its status is {}", static_cast<int>(status));
    return {};
  }

  Status decode(std::span<const NvjpegImage> images, std::span<uint8_t> refused,
                cudaStream_t stream) override {
    for (jpeg::Colors colors : {jpeg::Colors::Rgb, jpeg::Colors::Bgr, jpeg::Colors::Gray}) {
      std::vector<size_t> which;
      for (size_t i = 0; i < images.size(); i++)
        if (images[i].colors == colors) which.push_back(i);
      if (which.empty()) continue;
      VG_ASSIGN(const bool done, decode_batch(images, which, colors, stream));
      if (done) continue;
      for (size_t i : which) {
        VG_ASSIGN(const bool decoded, decode_one(images[i], stream));
        refused[i] = !decoded;
      }
    }
    return {};
  }

 private:
  static nvjpegImage_t target_of(const NvjpegImage& image) {
    nvjpegImage_t target{};
    target.channel[0] = reinterpret_cast<unsigned char*>(image.out);
    target.pitch[0] =
        static_cast<size_t>(image.width) * (image.colors == jpeg::Colors::Gray ? 1u : 3u);
    return target;
  }
  static const unsigned char* bytes_of(const NvjpegImage& image) {
    return reinterpret_cast<const unsigned char*>(image.file.data());
  }

  /// False: it refuses one of them, and says not which.
  Outcome<bool> decode_batch(std::span<const NvjpegImage> images, const std::vector<size_t>& which,
                             jpeg::Colors colors, cudaStream_t stream) {
    std::vector<const unsigned char*> files;
    std::vector<size_t> lengths;
    std::vector<nvjpegImage_t> targets;
    for (size_t i : which) {
      files.push_back(bytes_of(images[i]));
      lengths.push_back(images[i].file.size());
      targets.push_back(target_of(images[i]));
    }
    if (f_.begin_batch(handle_, batch_, static_cast<int>(which.size()), 1, format_of(colors)) !=
        NVJPEG_STATUS_SUCCESS)
      return false;
    // Its buffers are used again: what stands in the stream has to be done before and after.
    VG_TRY(check(cudaStreamSynchronize(stream), "what precedes nvJPEG"));
    const nvjpegStatus_t status =
        f_.decode_batch(handle_, batch_, files.data(), lengths.data(), targets.data(), stream);
    VG_TRY(check(cudaStreamSynchronize(stream), "nvJPEG"));
    return status == NVJPEG_STATUS_SUCCESS;
  }

  Outcome<bool> decode_one(const NvjpegImage& image, cudaStream_t stream) {
    nvjpegImage_t target = target_of(image);
    const nvjpegStatus_t status = f_.decode(handle_, single_, bytes_of(image), image.file.size(),
                                            format_of(image.colors), &target, stream);
    VG_TRY(check(cudaStreamSynchronize(stream), "nvJPEG"));
    return status == NVJPEG_STATUS_SUCCESS;
  }

  Functions f_;
  nvjpegHandle_t handle_ = nullptr;
  nvjpegJpegState_t batch_ = nullptr, single_ = nullptr;
};

}  // namespace

Outcome<std::unique_ptr<Nvjpeg>> Nvjpeg::open() {
  VG_ASSIGN(const Functions functions, load());
  auto opened = std::make_unique<Opened>(functions);
  VG_TRY(opened->begin());
  return std::unique_ptr<Nvjpeg>(std::move(opened));
}

#endif

}  // namespace vg::cuda
