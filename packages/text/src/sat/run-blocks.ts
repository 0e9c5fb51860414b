import { type HostTensor, InputError, type RunOptions } from '@tesserae/core';
import type { BlockInputs } from './block-inputs';
import type { BlockPlan } from './plan-blocks';
import { type StitchOptions, stitchBlocks } from './stitch-blocks';

export interface BatchOptions extends RunOptions {
  /** Blocks at once. Default 32. */
  readonly batchSize?: number;
}

export interface BlockModel {
  /** Special tokens at each end of a row. */
  readonly frame: 0 | 1;
  /** Numbers of a unit: 1, or hashes. */
  readonly numbers: number;
  readonly labels: number;
  /** Logits, `[rows, columns, labels]`. */
  run(ids: HostTensor, mask: HostTensor, options: RunOptions): Promise<HostTensor>;
}

/** Runs a model over the blocks of texts and averages what it says: `[units, labels]` of every text. */
export async function runBlocks(
  plan: BlockPlan,
  inputs: BlockInputs,
  model: BlockModel,
  { batchSize = 32, weighting, precision, ...options }: BatchOptions & Omit<StitchOptions, 'labels'> = {},
): Promise<Float32Array[]> {
  if (!Number.isSafeInteger(batchSize) || batchSize < 1) {
    throw new InputError('batchSize', 'an integer of at least 1', String(batchSize));
  }
  const { rows, columns } = inputs;
  const { frame, numbers, labels } = model;
  const logits: Float32Array[] = [];
  for (let first = 0; first < rows; first += batchSize) {
    const last = Math.min(first + batchSize, rows);
    const ids = inputs.ids.slice(first * columns * numbers, last * columns * numbers);
    const mask = inputs.mask.slice(first * columns, last * columns);
    const shape = [last - first, columns];
    const idShape = numbers === 1 ? shape : [...shape, numbers];
    const output = await model.run({ shape: idShape, data: ids }, { shape, data: mask }, options);
    for (let row = 0; row < last - first; row += 1) {
      const [from, to] = [row * columns + frame, (row + 1) * columns - frame];
      logits.push((output.data as Float32Array).slice(from * labels, to * labels));
    }
  }
  return stitchBlocks(plan, logits, { labels, ...(weighting && { weighting }), ...(precision && { precision }) });
}
