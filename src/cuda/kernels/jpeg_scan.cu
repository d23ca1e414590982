// The kernels that prepare a scan: tables, and bits without stuffing.
#include "cuda/jpeg/unstuff.h"
#include "cuda/kernels/jpeg.cuh"

namespace vg::cuda::jpeg {
namespace {

constexpr uint32_t kChunkThreads = kChunkBytes / kPieceBytes, kArrangeThreads = 128;

__device__ inline void make_tables(const Work& work, const TableSet& set, HuffmanTable* table) {
  copy_shared(reinterpret_cast<uint32_t*>(table), reinterpret_cast<const uint32_t*>(set.table),
              static_cast<uint32_t>(set.tables) * uint32_t{sizeof(HuffmanTable)} / 4);
  __syncthreads();
  auto* multi = work.at<uint32_t>(set.place);
  auto* shorts = reinterpret_cast<uint16_t*>(multi + set.multi_size());
  uint16_t* longs = shorts + set.shorts_size();
  for (uint32_t i = threadIdx.x; i < set.multi_size(); i += kChunkThreads) {
    const int t = static_cast<int>(i >> kMultiBits);
    multi[i] = multi_entry(table + t / 2 * 2, t % 2, i & ((1u << kMultiBits) - 1));
  }
  for (uint32_t i = threadIdx.x; i < set.shorts_size(); i += kChunkThreads) {
    const int t = static_cast<int>(i >> kShortBits);
    shorts[i] = short_entry(table[t], t % 2, i & ((1u << kShortBits) - 1));
  }
  for (int t = 0; t < set.tables; t++) {
    const HuffmanTable& here = table[t];
    for (uint32_t i = threadIdx.x; i < here.long_prefixes << kLongBits; i += kChunkThreads)
      longs[(here.long_base << kLongBits) + i] = long_entry(here, t % 2, i);
  }
}
static_assert(sizeof(HuffmanTable) % 4 == 0);

__device__ inline void count_bytes(const Work& work, const Image& image, uint32_t chunk,
                                   BlockSums& sums) {
  const uint32_t at = chunk * kChunkBytes + threadIdx.x * kPieceBytes;
  Piece piece{};
  piece.end = kPieceBytes;
  if (at < scan_end(image)) piece = read_piece(image, at);
  const uint32_t end =
      smallest<kChunkThreads>(piece.end < kPieceBytes ? at + piece.end : kNoMarker, sums);
  cut_piece(piece, at, end);
  // There are less than 2^16 of each in a chunk.
  uint32_t all;
  sum_before<kChunkThreads>(count_ones(piece.keep) | count_ones(piece.restarts) << 16, sums, all);
  if (threadIdx.x == 0)
    work.at<ChunkFound>(image.chunk_found)[chunk] = {all & 0xFFFF, all >> 16, end};
}

/// Two things that do not need each other: a table takes long, and few threads.
__global__ void __launch_bounds__(kChunkThreads) prepare_kernel(Work work, const Share* shares) {
  __shared__ HuffmanTable table[kMaxTables];
  __shared__ BlockSums sums;
  const Share share = shares[blockIdx.x];
  if (share.index == kSet)
    make_tables(work, work.sets[share.image], table);
  else
    count_bytes(work, work.images[share.image], share.index, sums);
}

__global__ void __launch_bounds__(kArrangeThreads) arrange_kernel(Work work, const Share* shares) {
  __shared__ BlockSums sums;
  const Image& image = work.images[shares[blockIdx.x].image];
  auto* chunks = work.at<ChunkFound>(image.chunk_found);
  uint32_t end = kNoMarker, kept = 0, restarts = 0;
  for (uint32_t k = threadIdx.x; k < image.chunks; k += kArrangeThreads)
    end = chunks[k].end < end ? chunks[k].end : end;
  end = smallest<kArrangeThreads>(end, sums);
  for (uint32_t base = 0; base < image.chunks; base += kArrangeThreads) {
    const uint32_t k = base + threadIdx.x;
    const bool counts = k < image.chunks && k * kChunkBytes <= end;
    uint32_t all_kept, all_restarts;
    const uint32_t kept_before =
        sum_before<kArrangeThreads>(counts ? chunks[k].kept : 0, sums, all_kept);
    const uint32_t restarts_before =
        sum_before<kArrangeThreads>(counts ? chunks[k].restarts : 0, sums, all_restarts);
    if (k < image.chunks) {
      chunks[k].kept = kept + kept_before;
      chunks[k].restarts = restarts + restarts_before;
    }
    kept += all_kept;
    restarts += all_restarts;
  }
  if (threadIdx.x == 0) arrange(work, image, end, kept, restarts);
}

__global__ void __launch_bounds__(kChunkThreads) unstuff_kernel(Work work, const Share* shares) {
  __shared__ BlockSums sums;
  __shared__ uint32_t words[kChunkBytes / 4 + 1];
  const Share share = shares[blockIdx.x];
  const Image& image = work.images[share.image];
  const Extent extent = *work.at<Extent>(image.extent);
  if (extent.bytes == 0 || share.index * kChunkBytes > extent.end) return;
  const ChunkFound before = work.at<ChunkFound>(image.chunk_found)[share.index];
  const uint32_t at = share.index * kChunkBytes + threadIdx.x * kPieceBytes;
  Piece piece{};
  if (at < scan_end(image)) piece = read_piece(image, at);
  cut_piece(piece, at, extent.end);
  uint32_t all;
  const uint32_t first = sum_before<kChunkThreads>(
      count_ones(piece.keep) | count_ones(piece.restarts) << 16, sums, all);
  if (piece.restarts != 0)
    note_restarts(work, image, piece, at, before.kept + (first & 0xFFFF),
                  before.restarts + (first >> 16));
  // Bytes are put where they have to be within their words, and whole words are written.
  const uint32_t shift = before.kept & 3, end = shift + (all & 0xFFFF);
  auto* bytes = reinterpret_cast<uint8_t*>(words);
  uint32_t to = shift + (first & 0xFFFF);
  for (uint32_t i = 0; i < kPieceBytes; i++)
    if (piece.keep >> i & 1) bytes[to++ ^ 3] = static_cast<uint8_t>(piece.byte(i));
  __syncthreads();
  uint32_t* out = work.at<uint32_t>(image.bits) + before.kept / 4;
  const uint32_t whole_begin = shift ? 1 : 0, whole_end = end / 4;
  for (uint32_t i = whole_begin + threadIdx.x; i < whole_end; i += kChunkThreads) out[i] = words[i];
  // The words at both edges may belong to another chunk as well.
  auto* out_bytes = reinterpret_cast<uint8_t*>(out);
  if (threadIdx.x < 4) {
    const uint32_t head = threadIdx.x, tail = whole_end * 4 + threadIdx.x;
    if (shift != 0 && head >= shift && head < end) out_bytes[head ^ 3] = bytes[head ^ 3];
    if (tail < end && (whole_end > 0 || shift == 0)) out_bytes[tail ^ 3] = bytes[tail ^ 3];
  }
}

}  // namespace

cudaError_t prepare(const PhaseLaunch& l) {
  prepare_kernel<<<l.count, kChunkThreads, 0, l.stream>>>(l.work, l.shares);
  return cudaGetLastError();
}
cudaError_t arrange_chunks(const PhaseLaunch& l) {
  arrange_kernel<<<l.count, kArrangeThreads, 0, l.stream>>>(l.work, l.shares);
  return cudaGetLastError();
}
cudaError_t unstuff(const PhaseLaunch& l) {
  unstuff_kernel<<<l.count, kChunkThreads, 0, l.stream>>>(l.work, l.shares);
  return cudaGetLastError();
}

}  // namespace vg::cuda::jpeg
