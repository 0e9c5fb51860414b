import { InputError } from '@tesserae/core/data';
import type { Matrix } from '../numeric/matrix';
import { byteStringLogProbability } from './byte-string-log-probability';
import { fuseScores, type FuseScoreOptions } from './fuse-scores';
import { type LogitShaping, shapeLogits } from './logit-shaping';
import { alternativeIds, type PrefixIndex } from './prefix-index';

/** The model that reads the signal: speech or text recognition. */
export interface FusionRecognizer {
  /** Log-probabilities of the next token after its own prompt and `ids`; `-Infinity` for tokens that are suppressed. */
  logProbabilities(ids: readonly number[]): ArrayLike<number> | Promise<ArrayLike<number>>;
  /** Bytes of every token by id; empty for special tokens. */
  readonly tokens: readonly Uint8Array[];
  readonly endId: number;
}

/** The model that knows the language, with a vocabulary of its own. */
export interface FusionLanguageModel {
  /** `[ids.length, vocabulary]`; row `i` predicts the token after `ids[i]`. */
  logits(ids: readonly number[]): Matrix | Promise<Matrix>;
  /** Tokens of a byte string, see `encodeBytes`. */
  encode(bytes: Uint8Array): readonly number[];
  readonly index: PrefixIndex;
  /** What stands before the text, at least the begin token. */
  readonly prompt: readonly number[];
}

export interface FusedDecodeOptions extends FuseScoreOptions, LogitShaping {
  /** Hypotheses kept. Default 5. */
  readonly beams?: number;
  /** Tokens of the recognizer after which a hypothesis counts as ended. Default 448. */
  readonly maxLength?: number;
  /** Decoding stops when hypotheses differ by more tokens than this. Default 20. */
  readonly maxLengthDifference?: number;
  /** Which hypothesis is the result: that with the best score, or that with the longest text. Default `best`. */
  readonly select?: 'best' | 'longest';
  /** Counts as in `byteStringLogProbability`. Default false. */
  readonly exact?: boolean;
  readonly signal?: AbortSignal;
}

/** One hypothesis. */
export interface FusedHypothesis {
  /** Tokens of the recognizer, the end token included. */
  readonly ids: readonly number[];
  /** Bytes of its tokens; may end inside a character. */
  readonly bytes: Uint8Array;
  readonly score: number;
  /** Sum of its log-probabilities under the recognizer. */
  readonly recognizerLogProbability: number;
  readonly ended: boolean;
}

/**
 * Beam search over the tokens of a recognizer, scored by it and by a language model with another vocabulary: GFD
 * (arXiv 2405.14259, `gfd.py` of the official code). The language model scores the bytes of a hypothesis before the
 * token that is being added, and an end token is only taken where the recognizer likes it best.
 *
 * @returns Hypotheses, the result first.
 * @throws {InputError} Fewer than one beam, or log-probabilities without any token.
 * @throws {DOMException} `AbortError`, or the reason of the signal.
 */
export async function fusedDecode(
  recognizer: FusionRecognizer,
  languageModel: FusionLanguageModel,
  options: FusedDecodeOptions = {},
): Promise<FusedHypothesis[]> {
  const { beams: width = 5, maxLengthDifference = 20 } = options;
  if (!Number.isInteger(width) || width < 1) throw new InputError('beams', 'an integer of at least 1', String(width));
  const start: FusedHypothesis = {
    ids: [],
    bytes: new Uint8Array(0),
    score: 0,
    recognizerLogProbability: 0,
    ended: false,
  };
  const none = { logProbability: undefined, length: 1 };
  let beams = await extend(start, none, 1, recognizer, options);
  for (;;) {
    options.signal?.throwIfAborted();
    const next: FusedHypothesis[] = [];
    for (const beam of beams) {
      if (beam.ended) next.push(beam);
      else {
        const known = await languageModelScore(beam, languageModel, options);
        next.push(...(await extend(beam, known, width, recognizer, options)));
      }
    }
    beams = next.toSorted((a, b) => b.score - a.score).slice(0, width);
    const lengths = beams.map(({ ids }) => ids.length);
    const spread = Math.max(...lengths) - Math.min(...lengths);
    if (spread > maxLengthDifference || beams.every(({ ended }) => ended)) break;
  }
  return options.select === 'longest' ? longestFirst(beams) : beams;
}

async function languageModelScore(
  { bytes }: FusedHypothesis,
  { prompt, encode, logits, index }: FusionLanguageModel,
  options: FusedDecodeOptions,
) {
  const own = encode(bytes);
  const ids = [...prompt, ...own];
  const { logProbability, lengthAdjustment } = byteStringLogProbability({
    ids,
    start: prompt.length,
    alternatives: alternativeIds(index, ids),
    logits: shapeLogits(await logits(ids), ids, options),
    ...(options.exact !== undefined && { exact: options.exact }),
  });
  return { logProbability, length: own.length + lengthAdjustment };
}

async function extend(
  beam: FusedHypothesis,
  known: { readonly logProbability: number | undefined; readonly length: number },
  width: number,
  { logProbabilities, tokens, endId }: FusionRecognizer,
  options: FusedDecodeOptions,
): Promise<FusedHypothesis[]> {
  const { maxLength = 448 } = options;
  const values = await logProbabilities(beam.ids);
  if (values.length === 0) throw new InputError('logProbabilities', 'at least one token', 'none');
  const best = largest(values, width);
  const candidates = best[0] === endId ? [endId] : best.filter((id) => id !== endId);
  return candidates.map((id) => {
    const ids = [...beam.ids, id];
    const recognizerLogProbability = beam.recognizerLogProbability + values[id]!;
    const own = { logProbability: recognizerLogProbability, length: ids.length };
    return {
      ids,
      bytes: joined(beam.bytes, tokens[id] ?? new Uint8Array(0)),
      score: fuseScores(own, known, options),
      recognizerLogProbability,
      ended: id === endId || ids.length > maxLength,
    };
  });
}

/** Ids of the largest values, best first; of equals the smallest id. */
function largest(values: ArrayLike<number>, count: number): number[] {
  const ids = Array.from({ length: values.length }, (_, id) => id);
  return ids.toSorted((a, b) => values[b]! - values[a]! || a - b).slice(0, count);
}

function joined(left: Uint8Array, right: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(left.length + right.length);
  bytes.set(left);
  bytes.set(right, left.length);
  return bytes;
}

function longestFirst(beams: readonly FusedHypothesis[]): FusedHypothesis[] {
  const length = ({ bytes }: FusedHypothesis) => [...new TextDecoder().decode(bytes)].length;
  return beams.toSorted((a, b) => length(b) - length(a));
}
