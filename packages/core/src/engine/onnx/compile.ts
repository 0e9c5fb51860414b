import type { RunOptions } from '../run-options';
import type { Value } from '../trace/graph';
import { optimizeGraph } from '../trace/passes';
import { peakBytes } from '../trace/peak-bytes';
import { cutStages } from '../trace/stages';
import type { TracedGraph } from '../trace/traced-graph';
import type { FileWatch } from './external-data';
import type { WireModel } from './protocol';
import { storedFiles, type PlacedWeights, type WeightStore } from './weight-store';
import { initializers, writeModel } from './writer';

/** A function for one signature, ready for a session. */
export interface CompiledGraph {
  readonly models: readonly WireModel[];
  readonly weights: PlacedWeights;
  /** Names of the inputs that are read: the others must not be fed. */
  readonly inputs: readonly string[];
  /** Shapes of the outputs, by `out/<name>`. */
  readonly shapes: ReadonlyMap<string, readonly number[]>;
  /** Files that the sessions map. */
  readonly files: readonly string[];
  /** Bytes of intermediate values that live at one time. */
  readonly activationBytes: number;
}

export interface CompileOptions extends RunOptions {
  readonly name: string;
  readonly store: WeightStore;
  readonly watch: FileWatch;
  /** Tests cut small graphs with it. */
  readonly stageFlops?: number;
}

/** Optimises a graph, cuts it into stages and writes a model for each. */
export async function compileGraph(
  traced: TracedGraph,
  { name, store, watch, stageFlops, ...options }: CompileOptions,
): Promise<CompiledGraph> {
  const graph = optimizeGraph(traced);
  const stages = cutStages(graph, stageFlops);
  const needed = new Set(stages.flatMap(initializers).filter(isWeight));
  const files = storedFiles([...needed]);
  await watch.check(files);
  const weights = await store.place([...needed], options);
  const models = stages.map(({ inputs, outputs, nodes, results, drops }) => ({
    bytes: writeModel({ name, inputs, outputs, nodes }, weights.placeOf),
    results,
    drops,
  }));
  const inputs = new Set(stages.flatMap((stage) => stage.inputs).flatMap(({ value }) => inputName(value) ?? []));
  const shapes = new Map(graph.outputs.map(({ name: key, value }) => [`out/${key}`, value.shape]));
  return { models, shapes, weights, files, inputs: [...inputs], activationBytes: peakBytes(graph) };
}

function inputName({ source }: Value): string | undefined {
  return source.kind === 'input' ? source.name : undefined;
}

function isWeight({ source }: Value): boolean {
  return source.kind === 'stored' || source.kind === 'values';
}

/**
 * A graph without weights as one model, inputs and outputs under their own names: for tests of kernels.
 */
export function writeWholeModel(traced: TracedGraph): Uint8Array<ArrayBuffer> {
  const { inputs, nodes, outputs } = optimizeGraph(traced);
  const read = new Set([...nodes.flatMap((node) => node.inputs), ...outputs.map(({ value }) => value)]);
  const named = inputs.filter((value) => read.has(value)).map((value) => ({ name: inputName(value)!, value }));
  return writeModel({ name: 'test', inputs: named, outputs, nodes }, ({ id }) => {
    throw new Error(`v${id} is a weight`);
  });
}
