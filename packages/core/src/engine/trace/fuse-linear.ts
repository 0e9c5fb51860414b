import type { Attributes, GraphNode, Value } from './graph';
import type { GraphRecorder } from './graph-recorder';
import { rewriteGraph } from './rewrite';
import { countUses, elementsOf, nodeOf, type TracedGraph } from './traced-graph';

/**
 * Products take their transposes and biases in:
 *
 * - 2-D float MatMul, an operand transposed or a bias added: Gemm. ONNX Runtime would fold transposed weights into
 *   copies at load.
 * - Conv or ConvTranspose and an added number a channel: Conv with a bias.
 *
 * Only products that nothing else reads take a bias: they would be computed twice.
 */
export function fuseLinear(graph: TracedGraph): TracedGraph {
  const uses = countUses(graph);
  // A sum is met after its product, which is recorded already and stays behind unread.
  return rewriteGraph(graph, (node, inputs, recorder) => {
    if (node.op === 'MatMul') return gemm(recorder, node, inputs);
    if (node.op !== 'Add') return undefined;
    for (const index of [0, 1]) {
      const original = node.inputs[index];
      if (!original || uses.get(original) !== 1) continue;
      const [product, added] = [inputs[index]!, inputs[1 - index]!];
      const fused =
        gemmWithBias(recorder, product, added) ??
        convWithBias(recorder, product, added) ??
        transposedConvWithBias(recorder, original, product, added);
      if (fused) return [fused];
    }
    return undefined;
  });

  /** The last convolution of a graph still stands before a transpose. */
  function transposedConvWithBias(
    recorder: GraphRecorder,
    original: Value,
    product: Value,
    added: Value,
  ): Value | undefined {
    const [before, above] = [nodeOf(original), nodeOf(product)];
    if (before?.op !== 'Transpose' || above?.op !== 'Transpose' || uses.get(before.inputs[0]!) !== 1) return undefined;
    const perm = above.attributes['perm'] as readonly number[];
    const full = [...Array.from({ length: perm.length - added.shape.length }, () => 1), ...added.shape];
    const channels = full[perm.indexOf(1)]!;
    if (added.shape.length > perm.length || elementsOf(full) !== channels) return undefined;
    const shift = recorder.reshape(
      added,
      perm.map((_, axis) => (axis === 1 ? channels : 1)),
    );
    const sum = convWithBias(recorder, above.inputs[0]!, shift);
    return sum && recorder.transpose(sum, perm);
  }
}

function isMatrix({ shape, dtype }: Value): boolean {
  return shape.length === 2 && dtype === 'float32';
}

/** What a matrix is the transpose of. */
function untransposed(value: Value): Value | undefined {
  const node = nodeOf(value);
  return node?.op === 'Transpose' && value.shape.length === 2 ? node.inputs[0]! : undefined;
}

function gemm(graph: GraphRecorder, node: GraphNode, [a, b]: readonly (Value | null)[]): readonly Value[] | undefined {
  if (!a || !b || !isMatrix(a) || !isMatrix(b)) return undefined;
  const [left, right] = [untransposed(a), untransposed(b)];
  if (!left && !right) return undefined;
  const attributes: Attributes = { transA: left ? 1 : 0, transB: right ? 1 : 0 };
  return [graph.op('Gemm', [left ?? a, right ?? b], node.outputs[0]!, attributes)];
}

function gemmWithBias(graph: GraphRecorder, product: Value, added: Value): Value | undefined {
  const node = nodeOf(product);
  const fits = node?.op === 'MatMul' || (node?.op === 'Gemm' && node.inputs.length === 2);
  if (!node || !fits || !node.inputs.every((value) => value && isMatrix(value))) return undefined;
  const [rows, columns] = product.shape as [number, number];
  const perColumn = added.shape.at(-1) === columns && elementsOf(added.shape) === columns && added.shape.length <= 2;
  const full = added.shape.length === 2 && added.shape[0] === rows && added.shape[1] === columns;
  if (!perColumn && !full) return undefined;
  const attributes: Attributes = node.op === 'Gemm' ? node.attributes : { transA: 0, transB: 0 };
  return graph.op('Gemm', [...node.inputs, added], product, attributes);
}

function convWithBias(graph: GraphRecorder, product: Value, added: Value): Value | undefined {
  const node = nodeOf(product);
  const isConv = node?.op === 'Conv' || node?.op === 'ConvTranspose';
  if (!isConv || node.inputs.length !== 2) return undefined;
  const [, channels, ...spatial] = product.shape as [number, number, ...number[]];
  const perChannel = [1, channels, ...spatial.map(() => 1)].slice(-added.shape.length);
  const fits = added.shape.length > spatial.length && added.shape.every((length, axis) => length === perChannel[axis]);
  if (!fits) return undefined;
  return graph.op(node.op, [...node.inputs, graph.reshape(added, [channels])], product, node.attributes);
}
