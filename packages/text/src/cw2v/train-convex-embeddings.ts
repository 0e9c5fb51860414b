import { InputError, type RandomSource, ShapeError } from '@tesserae/core/data';
import { finiteRowCount, type Matrix } from '../numeric/matrix';
import { matrixOfRows } from '../numeric/weighted-rows';
import { skipGramLoss } from './batch-loss';
import { type ConvexRows, createConvexRows, mixedRow, mixtureOf } from './convex-rows';
import { countIds, createNoise, type SkipGramOptions, skipGramPairs } from './skip-gram-pairs';

export interface ConvexTrainingOptions extends SkipGramOptions {
  /** Input embeddings of the old tokens `[old tokens, dim]`; they do not change. */
  readonly input: Matrix;
  /** Output embeddings of the old tokens, of the same shape. Default: `input`. */
  readonly output?: Matrix;
  /** Tokens added; their ids follow those of the old ones. At least 1. */
  readonly newTokens: number;
  /** Lines of code-mixed text as ids of the extended vocabulary. */
  readonly lines: readonly ArrayLike<number>[];
  readonly random: RandomSource;
  /** Width between the two factors of the mixture logits. Default 1024. */
  readonly rank?: number;
  /** Default 5. */
  readonly epochs?: number;
  /** Pairs of one step. Default 4096. */
  readonly batchSize?: number;
  /** Noise tokens of every pair. Default 5. */
  readonly negatives?: number;
  /** Of Adam. Default 3e-4. */
  readonly learningRate?: number;
}

/** After every step. */
export interface ConvexTrainingProgress {
  readonly epoch: number;
  readonly step: number;
  readonly steps: number;
  readonly loss: number;
}

/** Rows of the new tokens; every one lies in the convex hull of the old ones. */
export interface ConvexEmbeddings {
  /** `[new tokens, dim]`. */
  readonly input: Matrix;
  /** `[new tokens, dim]`. */
  readonly output: Matrix;
}

/**
 * Learns embeddings of new tokens as convex mixtures of the old ones, by skip-gram with negative sampling: constrained
 * Word2Vec (CW2V, arXiv 2407.05841, section 3).
 *
 * @throws {InputError} No new tokens, no pairs in the text, ids out of range, or `not-finite`.
 * @throws {ShapeError} Input and output embeddings of different shapes.
 */
export function* trainConvexEmbeddings(
  options: ConvexTrainingOptions,
): Generator<ConvexTrainingProgress, ConvexEmbeddings> {
  const { input, output = input, newTokens, lines, random } = options;
  const { rank = 1024, epochs = 5, batchSize = 4096, negatives = 5, learningRate = 3e-4 } = options;
  for (const [name, value] of Object.entries({ newTokens, rank, epochs, batchSize, negatives })) {
    if (!Number.isInteger(value) || value < 1) throw new InputError(name, 'an integer of at least 1', String(value));
  }
  const oldTokens = finiteRowCount('trainConvexEmbeddings: input', input);
  if (finiteRowCount('trainConvexEmbeddings: output', output) !== oldTokens || output.columns !== input.columns) {
    const shape = [output.values.length / output.columns, output.columns];
    throw new ShapeError('trainConvexEmbeddings: output', `[${oldTokens}, ${input.columns}]`, shape);
  }
  const counts = countIds(lines, oldTokens + newTokens);
  const noise = createNoise(counts, random);
  const pairs = skipGramPairs(lines, counts, random, options);
  if (pairs.length === 0) throw new InputError('lines', 'neighbouring tokens', 'none');
  const sides = [
    createConvexRows(input, newTokens, rank, random),
    createConvexRows(output, newTokens, rank, random),
  ] as const;
  const steps = Math.ceil(pairs.length / (2 * batchSize));
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    for (let step = 0; step < steps; step += 1) {
      const batch = pairs.subarray(step * 2 * batchSize, (step + 1) * 2 * batchSize);
      const result = skipGramLoss(sides[0], sides[1], {
        centers: batch.filter((_, index) => index % 2 === 0),
        contexts: batch.filter((_, index) => index % 2 === 1),
        noise: noise((batch.length / 2) * negatives),
      });
      for (const [rows, gradients] of [
        [sides[0], result.input],
        [sides[1], result.output],
      ] as const) {
        rows.optimizers[0].step(rows.first, gradients.first, learningRate);
        rows.optimizers[1].step(rows.second, gradients.second, learningRate);
      }
      yield { epoch, step, steps, loss: result.loss };
    }
  }
  return { input: allMixtures(sides[0], newTokens), output: allMixtures(sides[1], newTokens) };
}

function allMixtures(rows: ConvexRows, count: number): Matrix {
  const mixed = Array.from({ length: count }, (_, row) => mixedRow(rows, mixtureOf(rows, row)));
  return matrixOfRows(mixed, rows.fixed.columns);
}
