import { InputError, roundToHalf, ShapeError } from '@tesserae/core/data';
import type { BlockPlan } from './plan-blocks';

export interface StitchOptions {
  /** Logits of every unit. Default 1. */
  readonly labels?: number;
  /** How units count by their place in the block: `uniform` (default), or `hat`, most in the middle. */
  readonly weighting?: 'uniform' | 'hat';
  /** `half` (default): sums are float16 as in the official code; `single`: float32. */
  readonly precision?: 'half' | 'single';
}

/**
 * Averages the logits of overlapping blocks (`extract` of wtpsplit).
 *
 * @param logits - Of every block, `[blockSize, labels]` without special tokens; what lies behind the text is not read.
 * @returns Of every text, `[units, labels]`; float16 values where the precision is `half`.
 * @throws {ShapeError} Blocks of another number or size.
 */
export function stitchBlocks(
  plan: BlockPlan,
  logits: readonly Float32Array[],
  options: StitchOptions = {},
): Float32Array[] {
  const { labels = 1, weighting = 'uniform', precision = 'half' } = options;
  checkLogits(plan, logits, labels);
  const round = precision === 'half' ? roundToHalf : (values: Float32Array) => values;
  const weights = blockWeights(plan.blockSize, weighting, round);
  const sums = plan.lengths.map((length) => new Float32Array(length * labels));
  const counts = plan.lengths.map((length) => new Float32Array(length));
  for (const [index, { text, start, end }] of plan.blocks.entries()) {
    const values = logits[index]!;
    const sum = sums[text]!;
    const added = Float32Array.from({ length: (end - start) * labels }, (_, at) => {
      const weighted = Math.fround(weights[Math.floor(at / labels)]! * values[at]!);
      return sum[start * labels + at]! + weighted;
    });
    sum.set(round(added), start * labels);
    const count = counts[text]!;
    count.set(round(count.subarray(start, end).map((value, at) => value + weights[at]!)), start);
  }
  return sums.map((sum, text) => round(sum.map((value, at) => value / counts[text]![Math.floor(at / labels)]!)));
}

/** One weight a place of the block: 1, or `1 - |x|` of places spread evenly over -1..1. */
function blockWeights(
  blockSize: number,
  weighting: 'uniform' | 'hat',
  round: (values: Float32Array) => Float32Array,
): Float32Array {
  if (weighting === 'uniform') return new Float32Array(blockSize).fill(1);
  if (weighting !== 'hat') throw new InputError('weighting', 'uniform or hat', String(weighting));
  const edge = 1 - 1 / blockSize;
  const step = blockSize > 1 ? (2 * edge) / (blockSize - 1) : 0;
  const places = Float32Array.from({ length: blockSize }, (_, index) => Math.abs(index * step - edge));
  return round(round(places).map((place) => 1 - place));
}

function checkLogits({ blocks, blockSize }: BlockPlan, logits: readonly Float32Array[], labels: number): void {
  if (!Number.isSafeInteger(labels) || labels < 1) {
    throw new InputError('labels', 'an integer of at least 1', String(labels));
  }
  if (logits.length !== blocks.length) throw new ShapeError('logits', `${blocks.length} blocks`, [logits.length]);
  for (const [index, { length }] of logits.entries()) {
    if (length !== blockSize * labels) throw new ShapeError(`logits ${index}`, `[${blockSize}, ${labels}]`, [length]);
  }
}
