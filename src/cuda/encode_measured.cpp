// From a measured operator to its tasks: a histogram of every channel, then the look-up.
#include <limits>

#include "cuda/encoder.h"

namespace vg::cuda {
namespace {

uint32_t params_of(const Work& work, Encoder& encoder) {
  uint32_t offset = 0;
  with_op(MeasuredOps{}, work.node.op->opcode, [&]<class Op>() {
    offset = encoder.table(std::span<const Op>(&work.param<Op>(), 1)).offset;
  });
  return offset;
}

}  // namespace

bool runs_measured(const Work& work) {
  const auto planes = planes_of(work.in[0].desc);
  return planes.ok() && planes->channels <= MeasuredTask::kChannels &&
         planes->pixels <= std::numeric_limits<int32_t>::max();
}

void encode_measured(const Work& work, Encoder& encoder) {
  const Planes planes = *planes_of(work.in[0].desc);
  const int64_t n = planes.pixels * planes.channels;
  if (n == 0 || planes.frames == 0) return;
  const int64_t counters = int64_t{256} * planes.channels;
  auto* count = reinterpret_cast<uint32_t*>(
      encoder.zeroed(planes.frames * counters * static_cast<int64_t>(sizeof(uint32_t))));
  MeasuredTask task{};
  task.pixels = planes.pixels;
  task.channels = planes.channels;
  task.interleaved = planes.interleaved;
  task.opcode = work.node.op->opcode;
  task.params = params_of(work, encoder);
  // Planes that lie apart are images of one channel.
  const int views = planes.interleaved ? 1 : planes.channels, in_view = planes.channels / views;
  for (int64_t f = 0; f < planes.frames; f++, count += counters) {
    task.in = work.in[0].as<uint8_t>() + f * n;
    task.out = work.out[0].as<uint8_t>() + f * n;
    task.count = count;
    for (int i = 0; i < views; i++)
      encoder.add(
          0, HistogramTask{task.in + i * planes.pixels, count + 256 * i, planes.pixels, in_view});
    encoder.add(1, task);
  }
}

}  // namespace vg::cuda
