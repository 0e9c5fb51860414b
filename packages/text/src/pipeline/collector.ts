import { createIdSink, pushId, takeIds } from '../bpe/id-sink';
import { textSequence, type TokenSequence } from '../tokenizer/token-sequence';
import type { ByteRanges } from './byte-ranges';
import type { WordTokens } from './word-model';

/** Puts the tokens of words one behind the other. */
export interface Collector {
  /** Tokens so far. */
  readonly count: () => number;
  /**
   * @param ranges - Of the word's text.
   * @param word - Its number.
   */
  add(tokens: WordTokens, ranges: ByteRanges, word: number): void;
  /** What was added since the last time. */
  take(): TokenSequence;
}

/**
 * @param text - Which the tokens are of.
 * @param hasOffsets - False: offsets are 0.
 */
export function createCollector(text: string, hasOffsets: boolean): Collector {
  const ids = createIdSink();
  const offsets = createIdSink();
  const words = createIdSink();
  let surfaces: (string | undefined)[] = [];
  return {
    count: () => ids.count,
    add(tokens, ranges, word) {
      for (let index = 0; index < tokens.ids.length; index += 1) {
        const [start, end] = hasOffsets ? ranges.original(tokens.starts[index]!, tokens.ends[index]!) : [0, 0];
        pushId(ids, tokens.ids[index]!);
        pushId(offsets, start);
        pushId(offsets, end);
        pushId(words, word);
        surfaces.push(tokens.surfaces?.[index]);
      }
    },
    take() {
      const taken = { ...textSequence(takeIds(ids), takeIds(offsets), takeIds(words), surfaces), text };
      ids.count = offsets.count = words.count = 0;
      surfaces = [];
      return taken;
    },
  };
}
