import { InputError, ShapeError } from '@tesserae/core/data';
import { type Matrix, rowCount, rowOf } from '../numeric/matrix';
import { argMax, logSumExp } from '../numeric/softmax';

/** A byte string as one tokenization, and what else could have begun it. */
export interface ByteStringQuery {
  /** The prompt and then the tokens of the byte string. */
  readonly ids: ArrayLike<number>;
  /** Where the byte string begins in `ids`, at least 1. Tokens before it count as given. */
  readonly start: number;
  /** Of every position of `ids`, as `alternativeIds` gives them. */
  readonly alternatives: readonly ArrayLike<number>[];
  /** `[positions, vocabulary]`; row `i` predicts `ids[i + 1]`. */
  readonly logits: Matrix;
  /**
   * The official code, for a byte string that begins at 1 and has alternatives there, adds the log-probability of the
   * whole sequence to theirs (an index of -1). True leaves that out. Default false.
   */
  readonly exact?: boolean;
}

export interface ByteStringProbability {
  /** `log P`, natural logarithm: of the sequence itself and of every way in which a longer token ends it. */
  readonly logProbability: number;
  /** At most 0: what the number of tokens is corrected by when the score is divided by the length. */
  readonly lengthAdjustment: number;
}

/**
 * Probability of a byte string under a language model over tokens, whatever token the next bytes may complete: the
 * marginal of "Let's Fuse Step by Step" (GFD, arXiv 2405.14259, section 3; `_get_logprob` of the official code).
 *
 * @throws {ShapeError} Fewer rows of logits or lists of alternatives than tokens.
 * @throws {InputError} `start` lies outside of the sequence, or an id outside of the vocabulary.
 */
export function byteStringLogProbability(query: ByteStringQuery): ByteStringProbability {
  const { ids, start, alternatives, logits, exact = false } = query;
  checkQuery(query);
  const reached = new Float64Array(ids.length);
  const normalizers = new Float64Array(ids.length);
  for (let position = 1; position < ids.length; position += 1) {
    const row = rowOf(logits, position - 1);
    normalizers[position] = logSumExp(row);
    const own = position < start ? 0 : idLogit(row, ids[position]!) - normalizers[position]!;
    reached[position] = reached[position - 1]! + own;
  }
  const terms: number[] = [];
  for (let position = start; position < ids.length; position += 1) {
    const others = alternatives[position]!;
    if (others.length === 0) continue;
    const row = rowOf(logits, position - 1);
    const before = position === 1 && !exact ? reached.at(-1)! : reached[position - 1]!;
    terms.push(before + logSumExp(Array.from(others, (id) => idLogit(row, id))) - normalizers[position]!);
  }
  terms.push(reached[ids.length - 1] ?? 0);
  return { logProbability: logSumExp(terms), lengthAdjustment: Math.min(argMax(terms) - terms.length + 2, 0) };
}

function checkQuery({ ids, start, alternatives, logits }: ByteStringQuery): void {
  const rows = rowCount('byteStringLogProbability: logits', logits);
  if (rows < ids.length) {
    throw new ShapeError('byteStringLogProbability: logits', `${ids.length} rows`, [rows, logits.columns]);
  }
  if (alternatives.length !== ids.length) {
    throw new ShapeError('byteStringLogProbability: alternatives', `${ids.length} lists`, [alternatives.length]);
  }
  if (!Number.isInteger(start) || start < 1 || start > ids.length) {
    throw new InputError('start', `1..${ids.length}`, String(start));
  }
}

function idLogit(row: Float32Array | Float64Array, id: number): number {
  const logit = row[id];
  if (logit === undefined) throw new InputError('ids', `ids below ${row.length}`, String(id));
  return logit;
}
