import { InputError } from '@tesserae/core/data';
import { type Matrix, rowCount, rowOf } from '../numeric/matrix';

/** How logits of the language model are softened before fusion; the defaults are those of the published settings. */
export interface LogitShaping {
  /** Logits are divided by it. Above 0, default 1.7. */
  readonly temperature?: number;
  /** Logits of recent tokens are divided (multiplied where negative) by it; at most 1 means no change. Default 2. */
  readonly repetitionPenalty?: number;
  /** To how many of the last positions the penalty applies. Default 50. */
  readonly penalizedPositions?: number;
  /** How many tokens before a position are its recent ones. Default 50. */
  readonly penaltyWindow?: number;
}

/**
 * Logits after temperature and repetition penalty (`gfd-asr-en.yaml` of the official code).
 *
 * @param logits - `[positions, vocabulary]`, one row a token of `ids`.
 * @returns New logits of the same shape.
 * @throws {InputError} A temperature of 0 or less.
 */
export function shapeLogits(logits: Matrix, ids: ArrayLike<number>, options: LogitShaping = {}): Matrix {
  const { temperature = 1.7, repetitionPenalty = 2, penalizedPositions = 50, penaltyWindow = 50 } = options;
  if (!(temperature > 0)) throw new InputError('temperature', 'a number above 0', String(temperature));
  const rows = rowCount('shapeLogits: logits', logits);
  const shaped: Matrix = { values: logits.values.map((value) => value / temperature), columns: logits.columns };
  if (repetitionPenalty <= 1) return shaped;
  const first = Math.max(1, rows - penalizedPositions);
  for (let position = first; position < rows; position += 1) {
    const row = rowOf(shaped, position);
    const recent = new Set(Array.from(ids).slice(Math.max(0, position - penaltyWindow), position));
    for (const id of recent) {
      const value = row[id];
      if (value !== undefined) row[id] = value < 0 ? value * repetitionPenalty : value / repetitionPenalty;
    }
  }
  return shaped;
}
