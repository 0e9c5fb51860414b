import type { GraphNode, Value } from './graph';

/** A model function as a graph: what tracing yields, what passes rewrite and what the writer writes. */
export interface TracedGraph {
  /** Every input that was declared, used or not, in order. */
  readonly inputs: readonly Value[];
  /** In the order of the function's record; taps follow as `tap:<name>`. */
  readonly outputs: readonly GraphOutput[];
  /** In an order in which every node comes after those that it reads. */
  readonly nodes: readonly GraphNode[];
}

export interface GraphOutput {
  readonly name: string;
  readonly value: Value;
}

/** Number of elements. */
export function elementsOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** The node that computes a value; undefined for inputs, constants and weights. */
export function nodeOf(value: Value | null | undefined): GraphNode | undefined {
  return value?.source.kind === 'node' ? value.source.node : undefined;
}

/** Nodes that some value of `roots` depends on, in the order of `nodes`. */
export function reachableNodes(nodes: readonly GraphNode[], roots: readonly Value[]): GraphNode[] {
  const needed = new Set<GraphNode>();
  const need = (value: Value | null): void => {
    const node = nodeOf(value);
    if (node) needed.add(node);
  };
  roots.forEach(need);
  // Producers come first, so one walk backwards sees every consumer before its producers.
  for (let index = nodes.length - 1; index >= 0; index -= 1) {
    const node = nodes[index]!;
    if (needed.has(node)) node.inputs.forEach(need);
  }
  return nodes.filter((node) => needed.has(node));
}

/** Drops what no output needs. */
export function withoutDeadCode(graph: TracedGraph): TracedGraph {
  const roots = graph.outputs.map(({ value }) => value);
  return { ...graph, nodes: reachableNodes(graph.nodes, roots) };
}

/** How often each value is read, by nodes and as an output. */
export function countUses({ nodes, outputs }: Pick<TracedGraph, 'nodes' | 'outputs'>): ReadonlyMap<Value, number> {
  const uses = new Map<Value, number>();
  const use = (value: Value | null): void => {
    if (value) uses.set(value, (uses.get(value) ?? 0) + 1);
  };
  for (const node of nodes) node.inputs.forEach(use);
  outputs.forEach(({ value }) => use(value));
  return uses;
}
