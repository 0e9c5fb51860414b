import type { GraphNode, Value } from './graph';
import { rewriteGraph } from './rewrite';
import { sinkBelow, sinkableOps } from './sink-rules';
import type { TracedGraph } from './traced-graph';

/**
 * Moves transposes towards the outputs: `op(T(x))` becomes `T(op'(x))` wherever the transpose meets another one later
 * on, so that pairs cancel. Model functions are channels last and ONNX convolutions channels first: without this every
 * convolution stands between two transposes.
 *
 * Correctness never depends on it, and ONNX Runtime does much the same at its highest level.
 */
export function sinkTransposes(graph: TracedGraph): TracedGraph {
  const meeting = meetsTranspose(graph.nodes);
  return rewriteGraph(graph, (node, inputs, recorder) => {
    if (!meeting.has(node)) return undefined;
    const sunk = sinkBelow(node, inputs, recorder);
    return sunk && [sunk];
  });
}

/** Movable nodes whose result reaches a transpose through movable nodes only. */
function meetsTranspose(nodes: readonly GraphNode[]): ReadonlySet<GraphNode> {
  const wanted = new Set<Value>();
  const meeting = new Set<GraphNode>();
  for (let index = nodes.length - 1; index >= 0; index -= 1) {
    const node = nodes[index]!;
    const passes = sinkableOps.has(node.op) && node.outputs.some((value) => wanted.has(value));
    if (passes) meeting.add(node);
    if (passes || node.op === 'Transpose') node.inputs.forEach((value) => value && wanted.add(value));
  }
  return meeting;
}
