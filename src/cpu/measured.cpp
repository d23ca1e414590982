// The measured driver of the host: one pass that counts, one that looks up.
#include <array>
#include <cstring>
#include <limits>

#include "core/round.h"
#include "cpu/drivers.h"
#include "ops/lists/measured.h"

namespace vg::cpu {
namespace {

// A multiple of the usual numbers of channels: byte i of any such block belongs to channel i % n,
// and loops over a block vectorise whatever n is.
constexpr int kBlock = 48;

struct View {
  const uint8_t* data;
  int64_t n;  // bytes: pixels * channels
  int channels;
};

void extrema(const View& v, ChannelStatistics* out) {
  std::array<uint8_t, kBlock> low, high;
  low.fill(255);
  high.fill(0);
  int64_t i = 0;
  if (kBlock % v.channels == 0) {
    for (; i + kBlock <= v.n; i += kBlock)
      for (int k = 0; k < kBlock; k++) {
        const uint8_t x = v.data[i + k];
        low[k] = x < low[k] ? x : low[k];
        high[k] = x > high[k] ? x : high[k];
      }
    for (int k = v.channels; k < kBlock; k++) {
      low[k % v.channels] = std::min(low[k % v.channels], low[k]);
      high[k % v.channels] = std::max(high[k % v.channels], high[k]);
    }
  }
  for (int c = 0; c < v.channels; c++) {
    uint8_t lo = c < kBlock ? low[c] : 255, hi = c < kBlock ? high[c] : 0;
    for (int64_t j = i + c; j < v.n; j += v.channels) {
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
  int64_t i = 0;
  while (kBlock % v.channels == 0 && i + kBlock <= v.n) {
    std::array<uint16_t, kBlock> part{};
    for (int64_t r = 0; r < kRounds && i + kBlock <= v.n; r++, i += kBlock)
      for (int k = 0; k < kBlock; k++) part[k] = static_cast<uint16_t>(part[k] + v.data[i + k]);
    for (int k = 0; k < kBlock; k++) out[k % v.channels].sum += part[k];
  }
  for (; i < v.n; i++) out[i % v.channels].sum += v.data[i];
}

void cumulate(const View& v, ChannelStatistics* out) {
  for (int c = 0; c < v.channels; c++) {
    uint64_t(&count)[256] = out[c].cumulative;
    std::fill(std::begin(count), std::end(count), 0);
  }
  // Two counters per value in turn: equal neighbours would wait for each other's store.
  std::array<uint32_t, 512> count;
  for (int c = 0; c < v.channels; c++) {
    count.fill(0);
    const auto flush = [&] {
      for (int x = 0; x < 256; x++) out[c].cumulative[x] += uint64_t{count[x]} + count[256 + x];
      count.fill(0);
    };
    int64_t j = c, since = 0;
    for (; j + v.channels < v.n; j += 2 * v.channels) {
      count[v.data[j]]++;
      count[256 + v.data[j + v.channels]]++;
      if (++since == std::numeric_limits<uint32_t>::max()) flush(), since = 0;
    }
    if (j < v.n) count[v.data[j]]++;
    flush();
    uint64_t(&sum)[256] = out[c].cumulative;
    out[c].low = out[c].high = 0;
    while (out[c].low < 255 && sum[out[c].low] == 0) out[c].low++;
    for (int x = 0; x < 256; x++) {
      if (sum[x] != 0) out[c].high = x;
      if (x > 0) sum[x] += sum[x - 1];
    }
  }
}

void measure(Statistic statistic, const View& v, ChannelStatistics* out) {
  switch (statistic) {
    case Statistic::Extrema:
      return extrema(v, out);
    case Statistic::Sum:
      return sums(v, out);
    case Statistic::Cumulative:
      return cumulate(v, out);
  }
}

using Table = std::array<uint8_t, 256>;

template <class Op>
void fill_tables(const void* params, const Statistics& s, Table* tables) {
  const Op op = *static_cast<const Op*>(params);
  for (int c = 0; c < s.channels; c++)
    for (int v = 0; v < 256; v++) tables[c][v] = round_to<uint8_t>(op(s, c, v));
}

struct Code {
  Statistic statistic;
  void (*fill_tables)(const void*, const Statistics&, Table*);
};

template <class... Op>
constexpr std::array<Code, sizeof...(Op)> codes_of(TypeList<Op...>) {
  return {{{Op::statistic, &fill_tables<Op>}...}};
}
constexpr auto kCodes = codes_of(MeasuredOps{});

void map_interleaved(const View& v, const Table* tables, uint8_t* out) {
  if (v.channels == 3) {
    for (int64_t i = 0; i + 2 < v.n; i += 3) {
      out[i] = tables[0][v.data[i]];
      out[i + 1] = tables[1][v.data[i + 1]];
      out[i + 2] = tables[2][v.data[i + 2]];
    }
    return;
  }
  for (int c = 0; c < v.channels; c++)
    for (int64_t i = c; i < v.n; i += v.channels) out[i] = tables[c][v.data[i]];
}

}  // namespace

Status run_measured(const OpDef& op, const Work& work) {
  VG_ASSIGN(const Planes planes, planes_of(work.in[0].desc));
  const Code& code = kCodes[op.opcode];
  const int channels = planes.channels;
  const auto statistics = work.scratch.array<ChannelStatistics>(static_cast<size_t>(channels));
  const auto tables = work.scratch.array<Table>(static_cast<size_t>(channels));
  const int64_t n = planes.pixels * channels;
  if (n == 0) return {};
  for (int64_t f = 0; f < planes.frames; f++) {
    const uint8_t* from = work.in[0].as<uint8_t>() + f * n;
    uint8_t* to = work.out[0].as<uint8_t>() + f * n;
    // Planes that lie apart are images of one channel.
    const int views = planes.interleaved ? 1 : channels;
    const View view{from, n / views, channels / views};
    const auto part = [&](int i) { return View{from + i * view.n, view.n, view.channels}; };
    for (int i = 0; i < views; i++) measure(code.statistic, part(i), &statistics[i]);
    code.fill_tables(work.params, {statistics.data(), channels, planes.pixels}, tables.data());
    for (int i = 0; i < views; i++) map_interleaved(part(i), &tables[i], to + i * view.n);
  }
  return {};
}

}  // namespace vg::cpu
