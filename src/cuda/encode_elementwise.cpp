// Elementwise instructions as tasks.
#include "cuda/tasks/elementwise.h"

#include "cuda/encoder.h"

namespace vg::cuda {
namespace {

struct Code {
  bool computes = false;  ///< else it converts or fills
  uint32_t types = 0;     ///< on which a device computes, bits by DType
  int fill = 0;           ///< without operands: the value
};

template <class Op, class T>
constexpr uint32_t bit_of(DType dtype) {
  return has_form<Op, T>() ? 1u << static_cast<int>(dtype) : 0;
}

template <class Op>
constexpr Code code_of() {
  Code code;
  code.computes = takes<Op, float>() || takes<Op, int32_t>();
  code.types = bit_of<Op, uint8_t>(DType::Uint8) | bit_of<Op, uint16_t>(DType::Uint16) |
               bit_of<Op, uint32_t>(DType::Uint32) | bit_of<Op, uint64_t>(DType::Uint64) |
               bit_of<Op, int8_t>(DType::Int8) | bit_of<Op, int16_t>(DType::Int16) |
               bit_of<Op, int32_t>(DType::Int32) | bit_of<Op, int64_t>(DType::Int64) |
               bit_of<Op, float>(DType::Float) | bit_of<Op, double>(DType::Float64) |
               bit_of<Op, bool>(DType::Bool);
  if constexpr (requires { Op::kValue; }) code.fill = Op::kValue;
  return code;
}

template <class... Op>
constexpr std::array<Code, sizeof...(Op)> codes_of(TypeList<Op...>) {
  return {code_of<Op>()...};
}
constexpr auto kCodes = codes_of(ElementwiseOps{});

Operand operand_of(const ElementwiseParams& params, int i, const TensorRef& in) {
  Operand operand{in.data, in.desc.dtype, {}};
  for (int k = 0; k < params.groups; k++) operand.walk.add(params.extent[k], params.stride[i][k]);
  return operand;
}

/// An unsigned type of the same size: elements that stay what they are keep every bit.
DType word_of(DType dtype) {
  switch (size_of(dtype)) {
    case 1:
      return DType::Uint8;
    case 2:
      return DType::Uint16;
    case 4:
      return DType::Uint32;
    default:
      return DType::Uint64;
  }
}

template <class T>
void begin(T& task, const TensorRef& out) {
  task.count = static_cast<uint32_t>(out.desc.shape.elements());
  task.out = out.data;
}

void encode_fill(int value, const TensorRef& out, Encoder& encoder) {
  Fill task{};
  begin(task, out);
  store_number(value, out.desc.dtype, reinterpret_cast<std::byte*>(&task.word));
  task.size = static_cast<int>(size_of(out.desc.dtype));
  encoder.add(0, task);
}

void encode_conversion(const Operand& operand, const TensorRef& out, Encoder& encoder) {
  Convert task{};
  begin(task, out);
  task.in = operand;
  task.type = out.desc.dtype;
  if (operand.type == task.type) task.in.type = task.type = word_of(task.type);
  encoder.add(0, task);
}

}  // namespace

bool runs_elementwise(const Work& work) {
  const auto& params = work.param<ElementwiseParams>();
  const Code& code = kCodes[static_cast<size_t>(work.node.op->opcode)];
  if (work.out[0].desc.shape.elements() >= kMostElements) return false;
  if (params.operands == 0 || !code.computes) return true;
  for (int i = 1; i < params.operands; i++)
    if (params.type[i] != params.type[0]) return false;  // comparisons of 64 bits and 64 bits
  return code.types >> static_cast<int>(params.type[0]) & 1;
}

void encode_elementwise(const Work& work, Encoder& encoder) {
  const auto& params = work.param<ElementwiseParams>();
  const int opcode = work.node.op->opcode;
  const Code& code = kCodes[static_cast<size_t>(opcode)];
  const TensorRef& out = work.out[0];
  if (params.operands == 0) return encode_fill(code.fill, out, encoder);
  const TensorRef* in = work.in.data() + params.first;
  if (!code.computes) return encode_conversion(operand_of(params, 0, in[0]), out, encoder);
  with_type(params.type[0], [&]<class T>(std::type_identity<T>) {
    if constexpr (!std::is_same_v<T, Half>) {
      Elementwise<T> task{};
      begin(task, out);
      task.opcode = opcode;
      task.operands = params.operands;
      for (int i = 0; i < params.operands; i++) {
        task.in[i] = operand_of(params, i, in[i]);
        // Arithmetic wraps: 64 unsigned bits become signed as they are.
        if (std::is_same_v<T, int64_t> && task.in[i].type == DType::Uint64)
          task.in[i].type = DType::Int64;
      }
      encoder.add(0, task);
    }
  });
}

}  // namespace vg::cuda
