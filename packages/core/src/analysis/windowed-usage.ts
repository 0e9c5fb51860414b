import * as v from 'valibot';
import { InputError } from '../errors/input-error';
import type { Json } from '../signal/signal';
import { parseWith } from '../tokenizer/parse-with';
import { type TokenAccumulator, tokenAccumulator } from './token-accumulator';
import { presentSymbols, type TokenSymbol } from './token-stream';

export interface WindowedUsageOptions {
  /** Newest tokens that count: 65536 (default) in LlamaGen, 131072 in TokenFlow. */
  readonly window?: number;
}

export interface WindowedUsage {
  /** Different codes in the window. */
  readonly used: number;
  /** used / K, 0..1. */
  readonly usage: number;
  /** Places of the window that hold tokens; the others hold code 0, as in the official code. */
  readonly filled: number;
}

/** The newest ids in a window that is full from the start. */
export interface UsageWindow {
  /** Shifts ids in, oldest first. */
  add(ids: ArrayLike<number>): void;
  /** Share of the codebook that the window holds, 0..1. */
  readonly usage: number;
  /** `[window]`, oldest first; 0 where nothing was added yet. */
  readonly ids: Int32Array;
}

/**
 * Windowed usage of one codebook in training: the window starts as zeros, so id 0 counts as used until it is full.
 *
 * @throws {InputError} `vocabularySize` or `window` is no count, or an id is outside the vocabulary.
 * @see LlamaGen, `tokenizer/tokenizer_image/vq_model.py`, `codebook_used`.
 */
export function usageWindow(vocabularySize: number, { window = 65536 }: WindowedUsageOptions = {}): UsageWindow {
  checkCount('vocabularySize', vocabularySize);
  checkCount('window', window);
  const ids = new Int32Array(window);
  return {
    add: (added) => {
      const newest = Int32Array.from(added).subarray(-window);
      const wrong = newest.find((id) => id < 0 || id >= vocabularySize);
      if (wrong !== undefined) {
        throw new InputError('ids', `ids of 0..${vocabularySize - 1}`, String(wrong));
      }
      ids.copyWithin(0, newest.length);
      ids.set(newest, window - newest.length);
    },
    get usage() {
      return new Set(ids).size / vocabularySize;
    },
    ids,
  };
}

const savedWindow = v.array(v.union([v.number(), v.string()]));

/**
 * Windowed usage of every level of a stream of items: what {@link usageWindow} gives, also for bits.
 *
 * @param saved - What `toJSON` gave.
 * @throws {InputError} `window` is no count.
 */
export function windowedUsageAccumulator(
  { window = 65536 }: WindowedUsageOptions = {},
  saved?: Json,
): TokenAccumulator<WindowedUsage> {
  checkCount('window', window);
  const push = (newest: TokenSymbol[], symbols: readonly TokenSymbol[]): void => {
    for (const symbol of symbols.slice(-window)) {
      newest.push(symbol);
    }
    newest.splice(0, newest.length - window);
  };
  return tokenAccumulator<TokenSymbol[], WindowedUsage>(
    {
      metric: 'windowed-usage',
      options: { window },
      create: () => [],
      add: (newest, stream) => push(newest, presentSymbols(stream)),
      merge: push,
      value: (newest, { vocabularySize }) => {
        const different = new Set(newest);
        const zero = typeof newest[0] === 'string' ? '0'.repeat(newest[0].length) : 0;
        const used = different.size + (newest.length < window && !different.has(zero) ? 1 : 0);
        return { used, usage: used / vocabularySize, filled: newest.length };
      },
      save: (newest) => [...newest],
      load: (json, where) => parseWith(savedWindow, json, where),
    },
    saved,
  );
}

function checkCount(name: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new InputError(name, 'a whole number of at least 1', String(value));
  }
}
