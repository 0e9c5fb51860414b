import type { GraphNode } from './graph';
import { elementsOf } from './traced-graph';

/** Floating point operations of a node, a product and a sum counting two; elementwise ones as one an element. */
export function flopsOf({ op, inputs, outputs, attributes }: GraphNode): number {
  const written = outputs.reduce((sum, { shape }) => sum + elementsOf(shape), 0);
  switch (op) {
    case 'MatMul':
      return 2 * written * (inputs[0]?.shape.at(-1) ?? 1);
    case 'Gemm':
      return 2 * written * (inputs[0]?.shape[attributes['transA'] === 1 ? 0 : 1] ?? 1);
    case 'Conv':
      // Weights are [O, C / groups, …kernel]: every output reads one row of them.
      return 2 * written * elementsOf(inputs[1]?.shape.slice(1) ?? []);
    case 'ConvTranspose':
      return 2 * elementsOf(inputs[0]?.shape ?? []) * elementsOf(inputs[1]?.shape.slice(1) ?? []);
    case 'MultiHeadAttention':
      return 4 * written * (inputs[1]?.shape[1] ?? 1);
    case 'Einsum':
      return 2 * Math.max(written, ...inputs.map((value) => elementsOf(value?.shape ?? [])));
    default:
      return written;
  }
}
