import { InputError } from '../errors/input-error';
import type { RandomSource } from '../random/random-source';

/** Which tokens are predicted from which, when training mixes the tasks of TokenUnify (arXiv 2405.16847, section 3). */
export type PredictionTask = 'random' | 'next' | 'next-all';

/** Masks of one task over a sequence of n tokens; 1 = yes. */
export interface PredictionMasks {
  /** `[n]`: tokens whose content is hidden from the model. */
  readonly hidden: Uint8Array;
  /** `[n, n]`: whether position i (row) sees position j. */
  readonly attention: Uint8Array;
  /** `[n, n]`: whether token j is predicted at position i (row). */
  readonly targets: Uint8Array;
}

/**
 * - `random`: hidden tokens are predicted at their own place, from all that are not hidden.
 * - `next`: each token at the place before it, from what is up to there.
 * - `next-all`: all later tokens at each place, from what is up to there.
 *
 * @param count - Tokens, n.
 * @param options.ratio - Share of hidden tokens for `random`, 0..1, rounded to whole tokens. Default 0.75.
 * @param options.random - Draws them; needed for `random`.
 * @throws {InputError} `count` is no count, `ratio` is out of range, `random` is missing, or no such task.
 */
export function predictionMasks(
  task: PredictionTask,
  count: number,
  { ratio = 0.75, random }: { readonly ratio?: number; readonly random?: RandomSource } = {},
): PredictionMasks {
  if (!Number.isSafeInteger(count) || count < 0) {
    throw new InputError('count', 'a whole number of at least 0', String(count));
  }
  const square = (isSet: (row: number, column: number) => boolean): Uint8Array =>
    Uint8Array.from({ length: count * count }, (_, at) => (isSet(Math.floor(at / count), at % count) ? 1 : 0));
  const hidden = new Uint8Array(count);
  switch (task) {
    case 'random': {
      if (!(ratio >= 0 && ratio <= 1)) throw new InputError('ratio', '0..1', String(ratio));
      if (!random) throw new InputError('random', 'a random source, as hidden tokens are drawn', 'none');
      for (const token of random.permutation(count).subarray(0, Math.round(ratio * count))) hidden[token] = 1;
      return {
        hidden,
        attention: square((row, column) => hidden[column] === 0 || row === column),
        targets: square((row, column) => row === column && hidden[row] === 1),
      };
    }
    case 'next':
      return {
        hidden,
        attention: square((row, column) => column <= row),
        targets: square((row, column) => column === row + 1),
      };
    case 'next-all':
      return {
        hidden,
        attention: square((row, column) => column <= row),
        targets: square((row, column) => column > row),
      };
    default:
      throw new InputError('task', 'random, next or next-all', String(task));
  }
}
