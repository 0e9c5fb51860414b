import { flopsOf } from './flops';
import type { GraphNode, Value } from './graph';
import { nodeOf, reachableNodes, type TracedGraph } from './traced-graph';

/** About a second on a few cores: what an abort waits for at most, and how often progress is told. */
const defaultStageFlops = 300e9;

/** A part of a graph that is compiled on its own. */
export interface Stage {
  /** Inputs of the graph (`in/<name>`) and values of earlier stages (`x<id>`) that this one reads. */
  readonly inputs: readonly StageValue[];
  /** Outputs of the graph (`out/<name>`) and values for later stages. */
  readonly outputs: readonly StageValue[];
  readonly nodes: readonly GraphNode[];
  /** Names of the outputs of the graph among the outputs. */
  readonly results: readonly string[];
  /** Names that no later stage reads. */
  readonly drops: readonly string[];
}

export interface StageValue {
  readonly name: string;
  readonly value: Value;
}

/**
 * Cuts a graph into stages wherever `limit` operations have gathered. Live values cross as outputs and inputs; what
 * depends on weights and constants only is repeated in every stage that needs it, so that it can still be folded.
 */
export function cutStages(graph: TracedGraph, limit = defaultStageFlops): readonly Stage[] {
  const fixed = fixedNodes(graph.nodes);
  const moving = graph.nodes.filter((node) => !fixed.has(node));
  const chunks = cutByFlops(moving, limit);
  const stageOf = new Map(chunks.flatMap((chunk, stage) => chunk.map((node) => [node, stage] as const)));
  const bodies = chunks.map((chunk, stage) => {
    const own = graph.outputs.filter(({ value }) => (stageOf.get(nodeOf(value)!) ?? 0) === stage);
    const candidates = graph.nodes.filter((node) => fixed.has(node) || stageOf.get(node) === stage);
    const roots = [...chunk.flatMap(({ outputs }) => outputs), ...own.map(({ value }) => value)];
    const nodes = reachableNodes(candidates, roots);
    const read = new Set([...nodes.flatMap(({ inputs }) => inputs), ...own.map(({ value }) => value)]);
    const outside = [...read].filter(
      (value): value is Value => value !== null && comesFromOutside(value, stage, stageOf),
    );
    return { own, nodes, outside };
  });
  const lastUse = new Map<Value, number>();
  bodies.forEach(({ outside }, stage) => outside.forEach((value) => lastUse.set(value, stage)));
  return bodies.map(({ own, nodes, outside }, stage) => {
    const results = own.map(({ name, value }) => ({ name: `out/${name}`, value }));
    const crossing = nodes
      .filter((node) => !fixed.has(node))
      .flatMap(({ outputs }) => outputs)
      .filter((value) => (lastUse.get(value) ?? -1) > stage);
    return {
      inputs: outside.map(named),
      outputs: [...results, ...crossing.map(named)],
      nodes,
      results: results.map(({ name }) => name),
      drops: outside.filter((value) => lastUse.get(value) === stage).map((value) => named(value).name),
    };
  });
}

function named(value: Value): StageValue {
  return { name: value.source.kind === 'input' ? `in/${value.source.name}` : `x${value.id}`, value };
}

function comesFromOutside({ source }: Value, stage: number, stageOf: ReadonlyMap<GraphNode, number>): boolean {
  if (source.kind === 'input') return true;
  return source.kind === 'node' && (stageOf.get(source.node) ?? stage) !== stage;
}

/** Nodes that read weights and constants only. */
function fixedNodes(nodes: readonly GraphNode[]): ReadonlySet<GraphNode> {
  const fixed = new Set<GraphNode>();
  const isFixed = (value: Value | null) => {
    if (value === null) return true;
    return value.source.kind === 'node' ? fixed.has(value.source.node) : value.source.kind !== 'input';
  };
  for (const node of nodes) if (node.inputs.every(isFixed)) fixed.add(node);
  return fixed;
}

/** Runs of nodes, at least one (an empty one where nothing depends on inputs). */
function cutByFlops(nodes: readonly GraphNode[], limit: number): readonly (readonly GraphNode[])[] {
  const chunks: GraphNode[][] = [[]];
  let sum = 0;
  for (const node of nodes) {
    const flops = flopsOf(node);
    if (sum + flops > limit && chunks.at(-1)!.length > 0) {
      chunks.push([]);
      sum = 0;
    }
    sum += flops;
    chunks.at(-1)!.push(node);
  }
  return chunks;
}
