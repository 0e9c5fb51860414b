import { InputError } from '../../errors/input-error';
import { TokensError } from '../../errors/tokens-error';
import type { Json } from '../../signal/signal';
import { type FlattenOrder, flattenTokens, unflattenTokens } from '../flatten';
import type { TokenizerIdentity, TokensInit } from '../token-types';
import type { Tokens } from '../tokens';
import { applyMerges, mergeRules, undoMerges } from './apply-merges';
import { type Merge, learnMerges } from './learn-merges';
import { readCodeBpe } from './read-code-bpe';

export interface TrainCodeBpeOptions {
  /** Merges at most; fewer where no pair is frequent enough. Default 1000. */
  readonly merges?: number;
  /** A pair has to occur so often to be merged, at least 1. Default 2. */
  readonly minimumFrequency?: number;
  /**
   * How the levels of an item become sequences: `level` (default), each level one of its own, row-major; `time`, all
   * levels one, step after step.
   */
  readonly order?: Exclude<FlattenOrder, 'delay'>;
}

/** Byte-pair encoding over the codes of one tokenizer: frequent neighbors become tokens of their own. */
export interface CodeBpe {
  /** Whose tokens these are; those of others are refused. */
  readonly tokenizer: TokenizerIdentity;
  readonly order: Exclude<FlattenOrder, 'delay'>;
  /** Codes of each level: level k has the ids behind those of the levels before. */
  readonly vocabularySizes: readonly number[];
  /** In the order in which they were learned: merge m has the id `sum of vocabularySizes + m`. */
  readonly merges: readonly Merge[];
  /** Ids in all. */
  readonly vocabularySize: number;
  /**
   * One sequence of merged ids of an item; -1 stays where no token is.
   *
   * @throws {TokensError} `fingerprint-mismatch`, `tokenizer-mismatch`: of another tokenizer or other weights;
   *   `invalid-tokens`: other levels.
   * @throws {UnsupportedError} Levels of bits or floats.
   */
  apply(tokens: TokensInit): Int32Array;
  /**
   * The inverse of `apply`.
   *
   * @param like - Tokens of the same shapes; their ids are not read.
   * @throws {TokensError} As `apply`; `out-of-range`: an id that is none, or of another level; `invalid-tokens`: ids that
   *   do not stand for as many tokens.
   */
  invert(ids: Int32Array, like: TokensInit): Tokens;
  toJSON(): Json;
}

/**
 * Learns merges on the tokens of a set of items, never across items or places without a token.
 *
 * @param items - All of one tokenizer, with the same levels.
 * @throws {InputError} No items, or an option out of range.
 * @throws {TokensError} Items of different tokenizers or levels.
 * @throws {UnsupportedError} Levels of bits or floats.
 * @see Gage, A new algorithm for data compression, 1994; on codes of images: arXiv 2410.02155; of speech: arXiv 2205.01086.
 */
export function trainCodeBpe(items: Iterable<TokensInit>, options: TrainCodeBpeOptions = {}): CodeBpe {
  const { merges: most = 1000, minimumFrequency = 2, order = 'level' } = options;
  const all = [...items];
  const [first] = all;
  if (first === undefined) {
    throw new InputError('items', 'at least one item', 'none');
  }
  for (const [name, value, least] of [
    ['merges', most, 0],
    ['minimumFrequency', minimumFrequency, 1],
  ] as const) {
    if (!Number.isSafeInteger(value) || value < least) {
      throw new InputError(name, `a whole number of at least ${least}`, String(value));
    }
  }
  const base = { tokenizer: first.tokenizer, order, vocabularySizes: sizesOf(first) };
  const firstId = base.vocabularySizes.reduce((sum, size) => sum + size, 0);
  const sequences = all.flatMap((item) => itemSequences(base, item));
  const joined = new Int32Array(sequences.reduce((sum, { length }) => sum + length + 1, 0)).fill(-1);
  let at = 0;
  for (const sequence of sequences) {
    joined.set(sequence, at);
    at += sequence.length + 1;
  }
  return codeBpe({ ...base, merges: learnMerges(joined, firstId, most, minimumFrequency) });
}

/**
 * Restores what `toJSON` gave.
 *
 * @throws {TokensError} `unsupported-version`; `invalid-tokens`: a field is missing or wrong; `malformed`: merges that
 *   contradict each other.
 */
export function codeBpeFromJson(json: Json): CodeBpe {
  return codeBpe(readCodeBpe(json));
}

/** What a {@link CodeBpe} is made of. */
export type CodeBpeData = Pick<CodeBpe, 'tokenizer' | 'order' | 'vocabularySizes' | 'merges'>;

function codeBpe(data: CodeBpeData): CodeBpe {
  const firstId = data.vocabularySizes.reduce((sum, size) => sum + size, 0);
  const vocabularySize = firstId + data.merges.length;
  if (vocabularySize > 2 ** 31 - 1) {
    throw new TokensError('invalid-tokens', `code BPE: ${vocabularySize} ids leave int32.`);
  }
  const rules = mergeRules(firstId, data.merges);
  return {
    ...data,
    vocabularySize,
    apply: (tokens) => {
      const merged = itemSequences(data, tokens).map((sequence) => applyMerges(sequence, rules));
      return Int32Array.from(merged.flatMap((sequence) => [...sequence]));
    },
    invert: (ids, like) => {
      checkTokens(data, like);
      const length = flattenTokens(like, layoutOf(data)).length;
      return unflattenTokens(undoMerges(ids, length, rules), like, layoutOf(data));
    },
    toJSON: () => ({
      format: 'tesserae-code-bpe',
      version: 1,
      tokenizer: { ...data.tokenizer },
      order: data.order,
      vocabularySizes: data.vocabularySizes,
      merges: data.merges,
    }),
  };
}

/** Base ids of an item, one list for each sequence that merges stay within. */
function itemSequences(data: Omit<CodeBpeData, 'merges'>, tokens: TokensInit): readonly Int32Array[] {
  checkTokens(data, tokens);
  const ids = flattenTokens(tokens, layoutOf(data));
  if (data.order === 'time') {
    return [ids];
  }
  let at = 0;
  return tokens.levels.map(({ data: { length } }) => ids.subarray(at, (at += length)));
}

/** Level k behind the levels before it. */
function layoutOf({ order, vocabularySizes }: Omit<CodeBpeData, 'merges'>): {
  readonly order: FlattenOrder;
  readonly offset: readonly number[];
} {
  let end = 0;
  return { order, offset: vocabularySizes.map((size) => (end += size) - size) };
}

function sizesOf({ levels }: TokensInit): readonly number[] {
  // Levels that hold no ids are refused by flattenTokens.
  return levels.map((level) => (level.kind === 'index' ? level.vocabularySize : 1));
}

function checkTokens({ tokenizer, vocabularySizes }: Omit<CodeBpeData, 'merges'>, tokens: TokensInit): void {
  const { id, fingerprint } = tokens.tokenizer;
  if (id !== tokenizer.id) {
    throw new TokensError('tokenizer-mismatch', `code BPE of ${tokenizer.id}: got tokens of ${id}.`);
  }
  if (fingerprint !== tokenizer.fingerprint) {
    throw new TokensError(
      'fingerprint-mismatch',
      `code BPE of ${id} with weights ${tokenizer.fingerprint}: got tokens of weights ${fingerprint}.`,
    );
  }
  const sizes = sizesOf(tokens);
  if (sizes.join(' ') !== vocabularySizes.join(' ')) {
    throw new TokensError(
      'invalid-tokens',
      `code BPE: expected levels of ${vocabularySizes.join(', ')} codes, got ${sizes.join(', ')}.`,
    );
  }
}
