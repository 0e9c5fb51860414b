import type { GraphNode, Value } from './graph';
import { createGraphRecorder, type GraphRecorder } from './graph-recorder';
import { withoutDeadCode, type TracedGraph } from './traced-graph';

/** What stands for the outputs of `node` in the new graph; undefined: the node itself. */
export type Replacement = (
  node: GraphNode,
  inputs: readonly (Value | null)[],
  graph: GraphRecorder,
) => readonly Value[] | undefined;

/** A new graph, node by node; equal nodes become one, and what nothing needs disappears. */
export function rewriteGraph(graph: TracedGraph, replace: Replacement): TracedGraph {
  const recorder = createGraphRecorder();
  const renewed = new Map<Value, Value>();
  const renew = (value: Value): Value => {
    const found = renewed.get(value);
    if (found) return found;
    const made = leaf(value, recorder);
    renewed.set(value, made);
    return made;
  };
  const inputs = graph.inputs.map(renew);
  for (const node of graph.nodes) {
    const read = node.inputs.map((value) => value && renew(value));
    recorder.setScope(node.scope);
    const outputs = replace(node, read, recorder) ?? recorder.copy(node, read);
    recorder.setScope(undefined);
    node.outputs.forEach((value, index) => renewed.set(value, outputs[index]!));
  }
  const outputs = graph.outputs.map(({ name, value }) => ({ name, value: renew(value) }));
  return withoutDeadCode({ inputs, outputs, nodes: recorder.nodes });
}

function leaf({ source, dtype, shape }: Value, recorder: GraphRecorder): Value {
  switch (source.kind) {
    case 'input':
      return recorder.input(source.name, { dtype, shape });
    case 'constant':
      return recorder.bytes(source.data, { dtype, shape });
    case 'stored':
      return recorder.stored(source.recipe);
    case 'values':
      return recorder.values(source.recipe);
    case 'node':
      throw new Error(`${source.node.op} is read before it is recorded`);
  }
}
