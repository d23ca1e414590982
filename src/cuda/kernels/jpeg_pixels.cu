// The kernels that make pixels of coefficients.
#include "cuda/jpeg/pixels.h"
#include "cuda/kernels/jpeg.cuh"

namespace vg::cuda::jpeg {
namespace {

constexpr uint32_t kDcThreads = 256, kTransformThreads = 256, kColourThreads = 256;

__global__ void __launch_bounds__(kDcThreads) sum_dc_kernel(Work work, const Share* shares) {
  __shared__ BlockSums scratch;
  const Share share = shares[blockIdx.x];
  const Image& image = work.images[share.image];
  const uint32_t mcus = image.mcus_x * image.mcus_y, tile_begin = share.index * kDcMcus;
  const uint32_t tile_end = min(tile_begin + kDcMcus, mcus);
  const uint32_t each = (tile_end - tile_begin + kDcThreads - 1) / kDcThreads;
  const uint32_t begin = min(tile_begin + threadIdx.x * each, tile_end);
  const uint32_t end = min(begin + each, tile_end);
  const DcSums mine = sum_dc(work, image, begin, end);
  DcSums before;
  for (int c = 0; c < 3; c++) {
    uint32_t all;
    before.of[c] = sum_before<kDcThreads>(mine.of[c], scratch, all);
    if (threadIdx.x == 0) work.at<uint32_t>(image.dc_tile_sums)[3 * share.index + c] = all;
  }
  apply_dc(work, image, begin, end, before);
}

__global__ void __launch_bounds__(kWarp) carry_dc_kernel(Work work, const Share* shares) {
  if (threadIdx.x < 3) carry_dc(work, work.images[shares[blockIdx.x].image], threadIdx.x);
}

/// What a block of coefficients needs to be known of it.
struct BlockToTransform {
  const uint4 *coefficients, *quant;
  uint8_t* samples;
  int64_t pitch;
  int32_t dc;  ///< dequantised
};

/// Eight lanes per block: a row of coefficients each, then a column, then a row.
__global__ void __launch_bounds__(kTransformThreads)
    transform_kernel(Work work, const Share* shares) {
  constexpr uint32_t kTogether = kTransformThreads / 8, kPitch = 9;
  __shared__ int32_t values[kTogether][8 * kPitch];
  __shared__ BlockToTransform blocks[kTransformBlocks];
  const Share share = shares[blockIdx.x];
  const Image& image = work.images[share.image];
  if (work.status[image.status] != 0) return;
  const uint32_t first = share.index * kTransformBlocks, all = KeptBlock::count(image);
  const uint32_t count = min(all - first, kTransformBlocks);
  const uint32_t lane = threadIdx.x % 8;
  bool wrong = false;
  if (threadIdx.x < count) {
    const KeptBlock b = KeptBlock::of(image, first + threadIdx.x);
    const Component& c = image.component[b.component];
    const int32_t dc = dc_of(work, image, b);
    wrong = dc != static_cast<int16_t>(dc);
    blocks[threadIdx.x] = {reinterpret_cast<const uint4*>(work.at<int16_t>(c.coefficients) +
                                                          (int64_t{b.y} * c.blocks_x + b.x) * 64),
                           reinterpret_cast<const uint4*>(c.quant),
                           work.at<uint8_t>(c.plane) + int64_t{b.y} * 8 * c.blocks_x * 8 + b.x * 8,
                           int64_t{c.blocks_x} * 8,
                           static_cast<int16_t>(dc) * static_cast<int32_t>(c.quant[0])};
  }
  __syncthreads();
  int32_t* mine = values[threadIdx.x / 8];
  for (uint32_t k = threadIdx.x / 8; k < kTransformBlocks; k += kTogether) {
    const bool present = k < count;
    const BlockToTransform& b = blocks[present ? k : 0];
    const uint4 packed = b.coefficients[lane], quants = b.quant[lane];
    const uint32_t pairs[4] = {packed.x, packed.y, packed.z, packed.w};
    const uint32_t quant_pairs[4] = {quants.x, quants.y, quants.z, quants.w};
    int32_t v[8];
    for (int i = 0; i < 8; i++)
      v[i] = static_cast<int16_t>(pairs[i / 2] >> (i % 2 * 16)) *
             static_cast<int32_t>(quant_pairs[i / 2] >> (i % 2 * 16) & 0xFFFF);
    if (lane == 0) v[0] = b.dc;
    wrong |= !within(v, kMaxCoefficient);
    for (int i = 0; i < 8; i++) mine[lane * kPitch + i] = v[i];
    __syncwarp();
    for (int i = 0; i < 8; i++) v[i] = mine[i * kPitch + lane];
    transform_column(v);
    wrong |= !within(v, kMaxColumn);
    for (int i = 0; i < 8; i++) mine[i * kPitch + lane] = v[i];
    __syncwarp();
    for (int i = 0; i < 8; i++) v[i] = mine[lane * kPitch + i];
    __syncwarp();
    transform_row(v);
    if (present)
      *reinterpret_cast<uint2*>(b.samples + lane * b.pitch) =
          make_uint2(packed_samples(v), packed_samples(v + 4));
  }
  if (wrong) report(work, image, kRange);
}

/// Stores bytes [begin, end) of a word.
__device__ inline void store_part(uint32_t* to, uint32_t word, uint32_t begin, uint32_t end) {
  for (uint32_t i = begin; i < end; i++)
    reinterpret_cast<uint8_t*>(to)[i] = static_cast<uint8_t>(word >> (8 * i));
}

/// Stores a row of the quads of a warp, which follow each other, in whole words where pixels are
/// packed: the first word of a quad takes the last bytes of the quad before.
__device__ inline void store_row(const Image& image, const Quad& quad, int32_t row,
                                 const QuadRow& bytes, bool present, bool next_present) {
  const uint32_t lane = threadIdx.x % kWarp;
  const uint32_t last = __shfl_up_sync(kAllLanes, bytes.words[2], 1);
  if (!present || !quad.has(image, row)) return;
  std::byte* out = place_of(image, quad, row);
  const auto shift = static_cast<uint32_t>(reinterpret_cast<uintptr_t>(out) & 3);
  auto* words = reinterpret_cast<uint32_t*>(out - shift);
  const bool whole = quad.pixels(image) == 4, grey = channels(image) == 1;
  if (image.pixel_step != channels(image) || (grey && (shift != 0 || !whole)))
    return store_bytes(image, quad, row, bytes);
  if (grey) {
    words[0] = bytes.words[0];
    return;
  }
  const bool joined = shift != 0 && lane > 0 && quad.x > 0;
  if (!whole) {
    if (joined) store_part(words, last >> (32 - 8 * shift), 0, shift);
    return store_bytes(image, quad, row, bytes);
  }
  const uint32_t first = __funnelshift_l(last, bytes.words[0], 8 * shift);
  if (shift == 0 || joined)
    words[0] = first;
  else
    store_part(words, bytes.words[0] << (8 * shift), shift, 4);
  words[1] = __funnelshift_l(bytes.words[0], bytes.words[1], 8 * shift);
  words[2] = __funnelshift_l(bytes.words[1], bytes.words[2], 8 * shift);
  const bool taken = lane < kWarp - 1 && next_present && quad.x + 4 < image.width;
  if (shift != 0 && !taken) store_part(words + 3, bytes.words[2] >> (32 - 8 * shift), 0, shift);
}

__global__ void __launch_bounds__(kColourThreads) colour_kernel(Work work, const Share* shares) {
  const Share share = shares[blockIdx.x];
  const Image& image = work.images[share.image];
  if (work.status[image.status] != 0) return;
  const uint32_t count = Quad::count(image);
  for (uint32_t k = threadIdx.x; k < kQuads; k += kColourThreads) {
    const uint32_t index = share.index * kQuads + k;
    const bool present = index < count;
    const Quad quad = Quad::of(image, present ? index : count - 1);
    const QuadBytes bytes = colour_quad(work, image, quad);
    for (int32_t row = 0; row < 2; row++)
      store_row(image, quad, row, bytes.rows[row], present, index + 1 < count);
  }
}

}  // namespace

cudaError_t sum_differences(const PhaseLaunch& l) {
  sum_dc_kernel<<<l.count, kDcThreads, 0, l.stream>>>(l.work, l.shares);
  return cudaGetLastError();
}
cudaError_t carry_differences(const PhaseLaunch& l) {
  carry_dc_kernel<<<l.count, kWarp, 0, l.stream>>>(l.work, l.shares);
  return cudaGetLastError();
}
cudaError_t transform(const PhaseLaunch& l) {
  transform_kernel<<<l.count, kTransformThreads, 0, l.stream>>>(l.work, l.shares);
  return cudaGetLastError();
}
cudaError_t colour_quads(const PhaseLaunch& l) {
  colour_kernel<<<l.count, kColourThreads, 0, l.stream>>>(l.work, l.shares);
  return cudaGetLastError();
}

}  // namespace vg::cuda::jpeg
