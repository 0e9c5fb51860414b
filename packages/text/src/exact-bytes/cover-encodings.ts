import { InputError } from '@tesserae/core/data';
import { idsAlong } from '../gfd/prefix-index';
import { type CoverTokenizer, joinTokens, type TokenLanguageModel } from './cover-tokenizer';

/** Tokens that the tokenizer could have given for some text that begins with the bytes wanted. */
export interface Cover {
  /** Behind the divider. */
  readonly tokens: readonly number[];
  /** Bytes of the last token that go beyond those wanted. */
  readonly rest: Uint8Array;
  /** Natural logarithm of the probability of the tokens after the divider. */
  readonly logProbability: number;
}

/** Every way in which tokens can cover a text. */
export interface CoverEncodings {
  /** Tokens that all covers begin with, the context included. */
  readonly divider: readonly number[];
  /** Tokens in front of the text. */
  readonly context: readonly number[];
  /** The text as the model sees it. */
  readonly bytes: Uint8Array;
  readonly covers: readonly Cover[];
}

export interface CoverOptions {
  /** Tokens in front of the text, in place of the tokenizer's own: a filled-in template, for example. */
  readonly context?: readonly number[];
}

/**
 * All encodings of which a text is a prefix and whose last token begins inside of it, with their probabilities
 * (arXiv 2410.09303, section 4; `extract_cover_prob_bytes` of the official code).
 *
 * @param text - Any text without lone surrogates; empty for what comes right behind the context.
 * @throws {InputError} The model gives too few numbers, or nothing covers the text.
 */
export async function coverEncodings(
  model: TokenLanguageModel,
  tokenizer: CoverTokenizer,
  text: string,
  options: CoverOptions = {},
): Promise<CoverEncodings> {
  const context = options.context ?? tokenizer.begin;
  const bytes = tokenizer.bytesOf(text);
  const divided = tokenizer.divide(text);
  const divider = [...context, ...divided];
  const start = joinTokens(tokenizer, divided).length;
  const covers: Cover[] = [];
  const pending = [{ tokens: [] as readonly number[], at: start, logProbability: 0 }];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { tokens, at, logProbability } = next;
    if (at === bytes.length) {
      covers.push({ tokens, rest: new Uint8Array(0), logProbability });
      continue;
    }
    const allowed = tokenizer.follow([...divided, ...tokens]);
    const fitting = [...idsAlong(tokenizer.index, bytes.subarray(at))].filter(allowed);
    if (fitting.length === 0) continue;
    const row = await tokenRow(model, tokenizer, [...divider, ...tokens]);
    for (const id of fitting) {
      const longer = { tokens: [...tokens, id], logProbability: logProbability + row[id]! };
      const size = tokenizer.index.tokens[id]!.length;
      if (at + size <= bytes.length) pending.push({ ...longer, at: at + size });
      else covers.push({ ...longer, rest: tokenizer.index.tokens[id]!.subarray(bytes.length - at) });
    }
  }
  if (covers.length === 0) throw new InputError('text', 'a text that tokens can cover', JSON.stringify(text));
  return { divider, context, bytes, covers };
}

/** What the model says of the next token. */
export async function tokenRow(
  model: TokenLanguageModel,
  { index }: CoverTokenizer,
  ids: readonly number[],
): Promise<ArrayLike<number>> {
  const row = await model.logProbabilities(ids);
  if (row.length < index.tokens.length) {
    throw new InputError('logProbabilities', `${index.tokens.length} numbers, one a token`, String(row.length));
  }
  return row;
}
