import { multiHeadAttention, plainAttention } from './attention';
import type { TensorType, Value } from './graph';
import type { KernelTable, TraceKernel } from './kernel';
import { attributesOf, elementwise, input, sizeOf } from './kernels/lowering';
import { toChannelsFirst, toChannelsLast } from './kernels/windows';

/** Scores above this many bytes are never written down: ONNX Runtime's own attention works in blocks. */
const plainScoreBytes = 64 * 2 ** 20;

function typeOf({ shape, dtype }: Value): TensorType {
  return { shape, dtype };
}

const layerNorm: TraceKernel = (call) => {
  const { graph } = call;
  const x = input(call, 'x');
  const { epsilon } = attributesOf<{ readonly epsilon: number }>(call);
  const { offset } = call.inputs;
  const operands = [x, input(call, 'scale'), ...(offset ? [offset] : [])];
  return graph.op('LayerNormalization', operands, typeOf(x), { axis: -1, epsilon: { float: epsilon } });
};

/** Normalised as instances of one long channel a group, channels first, so that the transposes meet those of convs. */
const groupNorm: TraceKernel = (call) => {
  const { graph } = call;
  const x = input(call, 'x');
  const { groups, epsilon } = attributesOf<{ readonly groups: number; readonly epsilon: number }>(call);
  const first = toChannelsFirst(graph, x);
  const [batch, channels, ...spatial] = first.shape as [number, number, ...number[]];
  const grouped = graph.reshape(first, [batch, groups, sizeOf(first.shape) / (batch * groups)]);
  const [ones, zeros] = [1, 0].map((value) => graph.constant(new Float32Array(groups).fill(value), [groups]));
  const normalized = graph.op('InstanceNormalization', [grouped, ones!, zeros!], typeOf(grouped), {
    epsilon: { float: epsilon },
  });
  const perChannel = (value: Value) => graph.reshape(value, [channels, ...spatial.map(() => 1)]);
  const scaled = elementwise(graph, 'Mul', [graph.reshape(normalized, first.shape), perChannel(input(call, 'scale'))]);
  const { offset } = call.inputs;
  return toChannelsLast(graph, offset ? elementwise(graph, 'Add', [scaled, perChannel(offset)]) : scaled);
};

const gelu: TraceKernel = (call) => {
  const x = input(call, 'x');
  const { approximate } = attributesOf<{ readonly approximate: 'none' | 'tanh' }>(call);
  return call.graph.op('Gelu', [x], typeOf(x), { approximate });
};

/** ONNX Runtime makes one operator of the two. */
const silu: TraceKernel = (call) => {
  const x = input(call, 'x');
  return elementwise(call.graph, 'Mul', [x, elementwise(call.graph, 'Sigmoid', [x])]);
};

const attention: TraceKernel = (call) => {
  const [q, k, v] = [input(call, 'q'), input(call, 'k'), input(call, 'v')];
  const { scale } = attributesOf<{ readonly scale: number }>(call);
  const [batch, heads, queries] = q.shape as [number, number, number];
  const scoreBytes = batch * heads * queries * k.shape[2]! * 4;
  const attend = scoreBytes > plainScoreBytes ? multiHeadAttention : plainAttention;
  return attend(call.graph, q, k, v, { scale, bias: call.inputs['bias'] });
};

/** PyTorch's gates are input, forget, cell, output; ONNX wants input, output, forget, cell. */
const lstmGates = [0, 3, 1, 2];

const lstm: TraceKernel = (call) => {
  const { graph } = call;
  const [x, hidden, cell] = [input(call, 'x'), input(call, 'hidden'), input(call, 'cell')];
  const [batch, steps] = x.shape as [number, number, number];
  const size = hidden.shape[1]!;
  const order = graph.int64(lstmGates);
  // [in, 4H] to [1, 4H, in] (biases: [4H] to [1, 4H]), gates in the other order.
  const gatesOf = (weight: Value): Value => {
    const rows = weight.shape.length === 2 ? graph.transpose(weight, [1, 0]) : weight;
    const rest = rows.shape.slice(1);
    const split = graph.reshape(rows, [4, size, ...rest]);
    return graph.reshape(graph.op('Gather', [split, order], typeOf(split), { axis: 0 }), [1, 4 * size, ...rest]);
  };
  const biases = [gatesOf(input(call, 'inputBias')), gatesOf(input(call, 'recurrentBias'))];
  const state = (value: Value) => graph.reshape(value, [1, batch, size]);
  const last = { shape: [1, batch, size], dtype: 'float32' } as const;
  const [all, ...ends] = graph.ops(
    'LSTM',
    [
      graph.transpose(x, [1, 0, 2]),
      gatesOf(input(call, 'inputKernel')),
      gatesOf(input(call, 'recurrentKernel')),
      graph.op('Concat', biases, { shape: [1, 8 * size], dtype: 'float32' }, { axis: 1 }),
      null,
      state(hidden),
      state(cell),
    ],
    [{ shape: [steps, 1, batch, size], dtype: 'float32' }, last, last],
    { hidden_size: size },
  );
  const sequence = graph.transpose(graph.reshape(all!, [steps, batch, size]), [1, 0, 2]);
  return [sequence, ...ends.map((end) => graph.reshape(end, [batch, size]))];
};

/** Operators that `composite()` of `traits.ts` asks for; gradients use its plain forms instead. */
export const compositeKernels: KernelTable = {
  TessLayerNorm: layerNorm,
  TessGroupNorm: groupNorm,
  TessGelu: gelu,
  TessSilu: silu,
  TessAttention: attention,
  TessLstm: lstm,
};
