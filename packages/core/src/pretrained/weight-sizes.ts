import { platform } from '#platform';
import { elementCount } from '../checkpoint/recipes';
import { isWeightTensor, type Host, type WeightTensor } from '../checkpoint/weight-recipe';
import type { ModelFunction } from '../engine/engine';
import { PretrainedError } from '../errors/pretrained-error';
import { describeMemory, halves, megabytes } from '../hub/license-notice';
import type { WeightSizes } from '../tokenizer/tokenizer';

const bytesPerValue = 4;

/** Bytes in memory, as float32, of the weights of each model function: `{ encode, decode }`. Reads nothing. */
export function functionBytes<Params>(
  weights: Host<Params>,
  functions: Readonly<Record<string, ModelFunction<Params>>>,
): Readonly<Record<string, number>> {
  return Object.fromEntries(
    // `select` only accesses properties, so that it fits the lazy tree as well.
    Object.entries(functions).map(([name, { select }]) => [name, treeBytes(select(weights as unknown as Params))]),
  );
}

/** Bytes of a tree of weights as float32; one that stands in two places counts once. */
export function treeBytes(tree: unknown): number {
  const leaves = new Set<WeightTensor>();
  const walk = (node: unknown): void => {
    if (isWeightTensor(node)) leaves.add(node);
    else if (typeof node === 'object' && node !== null) Object.values(node).forEach(walk);
  };
  walk(tree);
  return [...leaves].reduce((sum, { shape }) => sum + bytesPerValue * elementCount(shape), 0);
}

/**
 * Memory that weights can take: what is free for engines that hold them, all that there is for those that map the file
 * (the system then reads parts again instead of failing). Undefined where unknown.
 */
export function memoryLimit({ compiled }: { readonly compiled: boolean }): number | undefined {
  return compiled ? platform.totalMemoryBytes() : (platform.availableMemoryBytes() ?? platform.totalMemoryBytes());
}

/**
 * Says that neither half of a model can run here, before anything is downloaded or read. A machine that can encode but
 * not decode passes.
 *
 * @throws {PretrainedError} `memory`.
 */
export function assertSomethingFits(
  source: string,
  bytes: WeightSizes['functionBytes'],
  limit: number | undefined,
): void {
  const sizes = halves(bytes).map(([, size]) => size);
  if (limit === undefined || sizes.length === 0 || Math.min(...sizes) <= limit) return;
  throw tooLittle(source, describeMemory(bytes), limit);
}

/** @throws {PretrainedError} `memory`: this model function does not fit. */
export function assertFits(source: string, name: string, bytes: number, limit: number | undefined): void {
  if (limit === undefined || bytes <= limit) return;
  throw tooLittle(source, describeMemory({ [name]: bytes }), limit);
}

function tooLittle(source: string, needed: string, limit: number): PretrainedError {
  return new PretrainedError(
    'memory',
    source,
    `${source}: its weights need ${needed}, but only ${megabytes(limit)} can be had here: choose a smaller preset or a larger machine, or set memoryBytes to try all the same.`,
  );
}
