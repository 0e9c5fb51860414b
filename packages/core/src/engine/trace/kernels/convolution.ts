import type { Value } from '../graph';
import type { GraphBuilder } from '../graph-builder';
import { filled, padConstant, sizeOf } from './lowering';
import type { Windows } from './windows';
import { padsOf, skipUnseen } from './windows';

/**
 * A `Conv` with explicit padding.
 *
 * @param x - `[N, C, …spatial]`.
 * @param weights - `[O, C / groups, …kernel]`.
 * @param bias - `[O]`.
 * @returns `[N, O, …output]`.
 */
export function convolve(
  graph: GraphBuilder,
  x: Value,
  weights: Value,
  windows: Windows,
  { bias = null, groups = 1 }: { readonly bias?: Value | null; readonly groups?: number } = {},
): Value {
  const shape = [windows.batch, windows.outChannels, ...windows.output];
  const inputs = [skipUnseen(graph, x, windows), weights, ...(bias ? [bias] : [])];
  return graph.op(
    'Conv',
    inputs,
    { shape, dtype: 'float32' },
    {
      kernel_shape: windows.kernel,
      strides: windows.strides,
      dilations: windows.dilations,
      pads: padsOf(windows),
      group: groups,
    },
  );
}

/**
 * The adjoint of {@link convolve}: every window gives its weights, times its element of `dy`, back to the elements
 * that it saw. Elements that no window saw become 0.
 *
 * @param dy - `[N, O, …output]`.
 * @param weights - `[O, C / groups, …kernel]`, the same as for {@link convolve}.
 * @param windows - Of the convolution, whose input is computed here.
 * @returns `[N, C, …input]`.
 */
export function convolveBack(graph: GraphBuilder, dy: Value, weights: Value, windows: Windows, groups = 1): Value {
  const { batch, begin, end, input, strides, dilations } = windows;
  const channels = weights.shape[1]! * groups;
  if (sizeOf(dy.shape) === 0) return filled(graph, [batch, channels, ...input], 0, 'float32');
  const outputPadding = end.map((amount, axis) => {
    const missing = Math.max(0, -amount);
    // ONNX allows no more than this: the rest is padded afterwards.
    return missing < Math.max(strides[axis]!, dilations[axis]!) ? missing : 0;
  });
  const zeros = input.map((_, axis) => {
    return [Math.max(0, -begin[axis]!), Math.max(0, -end[axis]!) - outputPadding[axis]!] as const;
  });
  const covered = input.map((length, axis) => length - zeros[axis]![0] - zeros[axis]![1]);
  const dx = graph.op(
    'ConvTranspose',
    [dy, weights],
    { shape: [batch, channels, ...covered], dtype: 'float32' },
    {
      kernel_shape: windows.kernel,
      strides,
      dilations,
      pads: padsOf(windows),
      output_padding: outputPadding,
      group: groups,
    },
  );
  return padConstant(graph, dx, [[0, 0], [0, 0], ...zeros], 0);
}
