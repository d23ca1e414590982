// The measured driver of the host: one pass that counts, one that looks up.
#include <array>
#include <limits>

#include "core/round.h"
#include "cpu/byte_map.h"
#include "cpu/byte_statistics.h"
#include "cpu/drivers.h"
#include "ops/lists/measured.h"

namespace vg::cpu {
namespace {

constexpr int kBlock = kStatisticsBlock;

struct View {
  const uint8_t* data;
  int64_t n;  // bytes: pixels * channels
  int channels;
  /// Blocks in which a position belongs to one channel.
  int64_t blocks() const { return kBlock % channels == 0 ? n / kBlock : 0; }
};

void extrema(const View& v, ChannelStatistics* out) {
  std::array<uint8_t, kBlock> low, high;
  low.fill(255);
  high.fill(0);
  block_extrema(v.data, v.blocks(), low.data(), high.data());
  for (int c = 0; c < v.channels; c++) {
    uint8_t lo = 255, hi = 0;
    for (int k = c; k < kBlock && v.blocks() > 0; k += v.channels) {
      lo = std::min(lo, low[k]);
      hi = std::max(hi, high[k]);
    }
    for (int64_t j = v.blocks() * kBlock + c; j < v.n; j += v.channels) {
      lo = std::min(lo, v.data[j]);
      hi = std::max(hi, v.data[j]);
    }
    out[c].low = lo;
    out[c].high = hi;
  }
}

void sums(const View& v, ChannelStatistics* out) {
  constexpr int64_t kRounds = 257;  // of 255 at most, before 16 bits overflow
  for (int c = 0; c < v.channels; c++) out[c].sum = 0;
  for (int64_t b = 0; b < v.blocks(); b += kRounds) {
    std::array<uint16_t, kBlock> part;
    block_sums(v.data + b * kBlock, std::min(kRounds, v.blocks() - b), part.data());
    for (int k = 0; k < kBlock; k++) out[k % v.channels].sum += part[k];
  }
  for (int64_t i = v.blocks() * kBlock; i < v.n; i++) out[i % v.channels].sum += v.data[i];
}

int count_tables(int channels) {
  return channels == 3 ? 6 : channels <= 4 && 4 % channels == 0 ? 4 : channels;
}

void cumulate(const View& v, ChannelStatistics* out, std::span<uint32_t> count) {
  const int tables = count_tables(v.channels);
  for (int c = 0; c < v.channels; c++)
    std::fill(std::begin(out[c].cumulative), std::end(out[c].cumulative), 0);
  const int64_t most = std::numeric_limits<uint32_t>::max() / tables * tables;
  for (int64_t i = 0; i < v.n; i += most) {
    std::fill(count.begin(), count.end(), 0u);
    count_bytes(v.data + i, std::min(most, v.n - i), tables, count.data());
    for (int t = 0; t < tables; t++)
      for (int x = 0; x < 256; x++)
        out[t % v.channels].cumulative[x] += count[static_cast<size_t>(256 * t + x)];
  }
  for (int c = 0; c < v.channels; c++) {
    uint64_t(&sum)[256] = out[c].cumulative;
    out[c].low = out[c].high = 0;
    while (out[c].low < 255 && sum[out[c].low] == 0) out[c].low++;
    for (int x = 0; x < 256; x++) {
      if (sum[x] != 0) out[c].high = x;
      if (x > 0) sum[x] += sum[x - 1];
    }
  }
}

void measure(Statistic statistic, const View& v, ChannelStatistics* out,
             std::span<uint32_t> count) {
  switch (statistic) {
    case Statistic::Extrema:
      return extrema(v, out);
    case Statistic::Sum:
      return sums(v, out);
    case Statistic::Cumulative:
      return cumulate(v, out, count);
  }
}

template <class Op>
void fill_tables(const void* params, const Statistics& s, ByteTable* tables) {
  const Op op = *static_cast<const Op*>(params);
  for (int c = 0; c < s.channels; c++)
    for (int v = 0; v < 256; v++) tables[c][v] = round_to<uint8_t>(op(s, c, v));
}

struct Code {
  Statistic statistic;
  void (*fill_tables)(const void*, const Statistics&, ByteTable*);
};

template <class... Op>
constexpr std::array<Code, sizeof...(Op)> codes_of(TypeList<Op...>) {
  return {{{Op::statistic, &fill_tables<Op>}...}};
}
constexpr auto kCodes = codes_of(MeasuredOps{});

}  // namespace

Status run_measured(const OpDef& op, const Work& work) {
  VG_ASSIGN(const Planes planes, planes_of(work.in[0].desc));
  const Code& code = kCodes[op.opcode];
  const int channels = planes.channels;
  const auto statistics = work.scratch.array<ChannelStatistics>(static_cast<size_t>(channels));
  const auto tables = work.scratch.array<ByteTable>(static_cast<size_t>(channels));
  const auto count =
      work.scratch.array<uint32_t>(256 * static_cast<size_t>(count_tables(channels)));
  const int64_t n = planes.pixels * channels;
  if (n == 0) return {};
  for (int64_t f = 0; f < planes.frames; f++) {
    const uint8_t* from = work.in[0].as<uint8_t>() + f * n;
    uint8_t* to = work.out[0].as<uint8_t>() + f * n;
    // Planes that lie apart are images of one channel.
    const int views = planes.interleaved ? 1 : channels;
    const View view{from, n / views, channels / views};
    const auto part = [&](int i) { return View{from + i * view.n, view.n, view.channels}; };
    for (int i = 0; i < views; i++) measure(code.statistic, part(i), &statistics[i], count);
    code.fill_tables(work.params, {statistics.data(), channels, planes.pixels}, tables.data());
    for (int i = 0; i < views; i++)
      map_bytes({&tables[i], static_cast<size_t>(view.channels)}, part(i).data, to + i * view.n,
                view.n);
  }
  return {};
}

}  // namespace vg::cpu
