import type { Value } from './graph';
import type { GraphBuilder } from './graph-builder';
import { elementwise, expand } from './kernels/lowering';

export interface AttentionOptions {
  /** Factor of the scores, usually 1 / √D. */
  readonly scale: number;
  /** Added to the scaled scores; broadcastable to `[B, heads, N, M]`. */
  readonly bias?: Value;
}

/** Every operand is `[B, heads, tokens, width of a head]`. */
type Attention = (graph: GraphBuilder, q: Value, k: Value, v: Value, options: AttentionOptions) => Value;

/** Two batched products. The scale goes to `q`, the smallest operand; ONNX Runtime folds it into the product. */
export const plainAttention: Attention = (graph, q, k, v, { scale, bias }) => {
  const [batch, heads, queries] = q.shape as [number, number, number];
  const shape = [batch, heads, queries, k.shape[2]!];
  const scaled = scale === 1 ? q : elementwise(graph, 'Mul', [q, graph.scalar(scale, 'float32')]);
  const products = graph.op('MatMul', [scaled, graph.transpose(k, [0, 1, 3, 2])], { shape, dtype: 'float32' });
  const scores = bias ? elementwise(graph, 'Add', [products, bias]) : products;
  const weights = graph.op('Softmax', [scores], { shape, dtype: 'float32' }, { axis: -1 });
  return graph.op('MatMul', [weights, v], { shape: [batch, heads, queries, v.shape[3]!], dtype: 'float32' });
};

/** Never holds all scores, unless there is a bias. The operator takes heads side by side: `[B, tokens, heads · D]`. */
export const multiHeadAttention: Attention = (graph, q, k, v, { scale, bias }) => {
  const [batch, heads, queries] = q.shape as [number, number, number];
  const width = v.shape[3]!;
  const sideBySide = (x: Value) => {
    const tokens = graph.transpose(x, [0, 2, 1, 3]);
    return graph.reshape(tokens, [batch, x.shape[2]!, heads * x.shape[3]!]);
  };
  // The operator broadcasts the first two axes only.
  const added = bias && fullBias(graph, bias, queries, k.shape[2]!);
  const joined = graph.op(
    'MultiHeadAttention',
    [sideBySide(q), sideBySide(k), sideBySide(v), ...(added ? [null, null, added] : [])],
    { shape: [batch, queries, heads * width], dtype: 'float32' },
    { num_heads: heads, scale: { float: scale } },
    'com.microsoft',
  );
  return graph.transpose(graph.reshape(joined, [batch, queries, heads, width]), [0, 2, 1, 3]);
};

function fullBias(graph: GraphBuilder, bias: Value, queries: number, keys: number): Value {
  const leading = [1, 1, ...bias.shape.slice(0, -2)].slice(-2);
  const tail = [1, 1, ...bias.shape].slice(-2);
  const shaped = graph.reshape(bias, [...leading, ...tail]);
  return expand(graph, shaped, [...leading, queries, keys]);
}
