// From runs of points to their task.
#include "cuda/points.h"

namespace vg::cuda {
namespace {

struct Needs {
  bool pixel = false, channel = false;  ///< an operator looks at the whole pixel, at the channel
};

Needs needs_of(std::span<const cpu::PointStep> steps) {
  Needs needs;
  for (const cpu::PointStep& s : steps)
    with_op(PointOps{}, s.op->opcode, [&]<class Op>() {
      needs.pixel |= PixelOp<Op>;
      needs.channel |= ChannelOp<Op>;
    });
  return needs;
}

RunPoint code_of(const cpu::PointStep& step, Encoder& encoder) {
  RunPoint code{step.op->opcode, step.dtype, 0, {}};
  with_op(PointOps{}, code.opcode, [&]<class Op>() {
    Op op = *static_cast<const Op*>(step.params);
    if constexpr (ReadsTable<Op>) {
      code.table = encoder.table(op.table());
      op.table() = {};  // the device knows where it is
    }
    code.params = encoder.table(std::span<const Op>(&op, 1)).offset;
  });
  return code;
}

}  // namespace

bool runs_points(std::span<const cpu::PointStep> steps, const TensorDesc& in,
                 const TensorDesc& out) {
  const Needs needs = needs_of(steps);
  const int from = point_channels(in), to = point_channels(out);
  if (steps.size() > PointTask::kMaxSteps) return false;
  if (needs.pixel || from != to) return (from == 1 || from == 3) && (to == 1 || to == 3);
  return !needs.channel || from <= PointTask::kMaxChannels;
}

void encode_points(std::span<const cpu::PointStep> steps, const TensorRef& in, const TensorRef& out,
                   Encoder& encoder) {
  const int64_t n = in.desc.shape.elements();
  if (n == 0) return;
  const Needs needs = needs_of(steps);
  PointTask task{};
  task.in = in.data;
  task.out = out.data;
  task.in_type = in.desc.dtype;
  task.out_type = out.desc.dtype;
  task.in_channels = point_channels(in.desc);
  task.out_channels = point_channels(out.desc);
  task.channels = task.in_channels;
  if (needs.pixel || task.in_channels != task.out_channels)
    task.channels = 3;
  else if (!needs.channel)  // every value is a pixel
    task.channels = task.in_channels = task.out_channels = 1;
  task.pixels = n / task.in_channels;
  for (const cpu::PointStep& s : steps) task.steps[task.count++] = code_of(s, encoder);
  encoder.add(0, task);
}

bool runs_point(const Work& work) {
  const TensorDesc& out = work.out[0].desc;
  const cpu::PointStep step{work.node.op, work.params, out.dtype};
  return runs_points({&step, 1}, work.in[0].desc, out);
}

void encode_point(const Work& work, Encoder& encoder) {
  const cpu::PointStep step{work.node.op, work.params, work.out[0].desc.dtype};
  encode_points({&step, 1}, work.in[0], work.out[0], encoder);
}

}  // namespace vg::cuda
