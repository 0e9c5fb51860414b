import { InputError } from '@tesserae/core/data';
import { incompleteTail } from '../bytes/incomplete-tail';
import { utf8DecodeStrict } from '../bytes/utf8';
import { type Cover, type CoverEncodings, coverEncodings, type CoverOptions, tokenRow } from './cover-encodings';
import type { CoverTokenizer, TokenLanguageModel } from './cover-tokenizer';

/** A language model over tokens, seen as one over bytes. */
export interface BytePredictor {
  readonly model: TokenLanguageModel;
  readonly tokenizer: CoverTokenizer;
  /**
   * Leaves out the test which tokens may follow each other, for the whole vocabulary at every byte: faster, and exact
   * as far as the model itself gives nothing to tokens that its tokenizer never makes. Default false.
   */
  readonly isFast?: boolean;
}

/** What every token after a cover would be worth. */
interface Expansion {
  readonly cover: Cover;
  readonly row: ArrayLike<number>;
  /** 1 for tokens that may follow. */
  readonly mask: Uint8Array;
}

/** What is known after some bytes. */
export interface ByteState {
  /** Probability of every symbol: 256 bytes, then the special tokens of the tokenizer. They sum to 1. */
  readonly probabilities: Float64Array;
  /** The bytes so far, those that the tokenizer put in front included. */
  readonly bytes: Uint8Array;
  /** Natural logarithm of the probability of the bytes that were added to the text at the beginning. */
  readonly logProbability: number;
  readonly divider: readonly number[];
  readonly context: readonly number[];
  /** Ways to cover the bytes, the best with logarithm 0. */
  readonly covers: readonly Cover[];
  readonly expansions: readonly Expansion[];
}

/**
 * The distribution of the byte after a text, free of the bias that the end of the text puts on the tokens: every token
 * that reaches over it counts (arXiv 2410.09303).
 *
 * @throws {InputError} Nothing covers the text, nothing can follow it, or the model gives too few numbers.
 */
export async function startBytes(
  predictor: BytePredictor,
  text: string,
  options: CoverOptions = {},
): Promise<ByteState> {
  const encodings = await coverEncodings(predictor.model, predictor.tokenizer, text, options);
  return predict(predictor, encodings, 0);
}

/**
 * The distribution after one more byte.
 *
 * @param byte - 0..255, one of those with a probability above 0.
 * @throws {InputError} It cannot follow, or is no byte.
 */
export async function advanceBytes(predictor: BytePredictor, state: ByteState, byte: number): Promise<ByteState> {
  if (!Number.isInteger(byte) || byte < 0 || byte > 255) throw new InputError('byte', 'a byte, 0..255', String(byte));
  const { index } = predictor.tokenizer;
  const covers = state.covers
    .filter(({ rest }) => rest[0] === byte)
    .map((cover) => ({ ...cover, rest: cover.rest.subarray(1) }));
  for (const { cover, row, mask } of state.expansions) {
    for (const [id, bytes] of index.tokens.entries()) {
      if (bytes[0] !== byte || mask[id] === 0 || row[id] === -Infinity) continue;
      const logProbability = cover.logProbability + row[id]!;
      covers.push({ tokens: [...cover.tokens, id], rest: bytes.subarray(1), logProbability });
    }
  }
  if (covers.length === 0) throw new InputError('byte', 'one that can follow', String(byte));
  const bytes = Uint8Array.of(...state.bytes, byte);
  const encodings = { ...withoutCommonTokens(state.divider, covers), context: state.context, bytes };
  return predict(predictor, encodings, state.logProbability + Math.log(state.probabilities[byte]!));
}

/** Moves tokens that all covers begin with into the divider. */
function withoutCommonTokens(divider: readonly number[], covers: readonly Cover[]) {
  const first = covers[0]!.tokens;
  let shared = 0;
  while (shared < first.length && covers.every(({ tokens }) => tokens[shared] === first[shared])) shared += 1;
  if (shared === 0) return { divider, covers };
  return {
    divider: [...divider, ...first.slice(0, shared)],
    covers: covers.map((cover) => ({ ...cover, tokens: cover.tokens.slice(shared) })),
  };
}

async function predict(
  { model, tokenizer, isFast = false }: BytePredictor,
  { divider, context, bytes, covers: given }: CoverEncodings,
  logProbability: number,
): Promise<ByteState> {
  const highest = given.reduce((most, cover) => Math.max(most, cover.logProbability), -Infinity);
  if (!(highest > -Infinity)) throw new InputError('text', 'a text that the model holds possible', 'probability 0');
  const covers = given.map((cover) => ({ ...cover, logProbability: cover.logProbability - highest }));
  const probabilities = new Float64Array(256 + tokenizer.specials.length);
  const expansions: Expansion[] = [];
  for (const cover of covers) {
    if (cover.rest.length > 0) {
      probabilities[cover.rest[0]!]! += Math.exp(cover.logProbability);
      continue;
    }
    const ids = [...divider.slice(context.length), ...cover.tokens];
    // Without the test a cover may be one that its tokenizer never makes: it ends here.
    if (isFast && !isOwn(tokenizer, ids, bytes)) continue;
    const row = await tokenRow(model, tokenizer, [...divider, ...cover.tokens]);
    const mask = isFast ? new Uint8Array(tokenizer.index.tokens.length).fill(1) : maskOf(tokenizer, ids);
    expansions.push({ cover, row, mask });
    addExpansion(probabilities, tokenizer, { cover, row, mask });
  }
  const total = probabilities.reduce((sum, value) => sum + value, 0);
  if (!(total > 0)) throw new InputError('bytes', 'bytes that something can follow', 'probability 0 of everything');
  return {
    probabilities: probabilities.map((value) => value / total),
    bytes,
    logProbability,
    divider,
    context,
    covers,
    expansions,
  };
}

/** True where the tokenizer itself would end with the last token; behind a broken character it has byte tokens only. */
function isOwn(tokenizer: CoverTokenizer, ids: readonly number[], bytes: Uint8Array): boolean {
  if (ids.length === 0) return true;
  const last = ids[ids.length - 1]!;
  if (tokenizer.follow(ids.slice(0, -1))(last)) return true;
  const isBroken = utf8DecodeStrict(bytes.subarray(0, bytes.length - incompleteTail(bytes))) === undefined;
  return isBroken && last === tokenizer.byteIds[bytes[bytes.length - 1]!];
}

function maskOf(tokenizer: CoverTokenizer, ids: readonly number[]): Uint8Array {
  const allowed = tokenizer.follow(ids);
  return Uint8Array.from(tokenizer.index.tokens, (_, id) => (allowed(id) ? 1 : 0));
}

function addExpansion(
  probabilities: Float64Array,
  { index, specials }: CoverTokenizer,
  { cover, row, mask }: Expansion,
): void {
  for (const [id, bytes] of index.tokens.entries()) {
    if (bytes.length === 0 || mask[id] === 0) continue;
    probabilities[bytes[0]!]! += Math.exp(cover.logProbability + row[id]!);
  }
  for (const [place, id] of specials.entries()) {
    if (mask[id] === 1) probabilities[256 + place]! += Math.exp(cover.logProbability + row[id]!);
  }
}
