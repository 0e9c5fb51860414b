import { writeByteCharacters } from '../bytes/byte-alphabet';
import { utf8Encode } from '../bytes/utf8';
import { alignText } from '../pipeline/aligned-text';
import { findByteLevelScanner } from '../pipeline/byte-level-plan';
import { jsonPlace } from '../pipeline/json-reader';
import { readNormalizer } from '../pipeline/normalizers';
import { wellFormed } from '../pipeline/pipeline';
import { readPreTokenizer } from '../pipeline/pre-tokenizers';
import type { Scanner } from '../scanner/scanner';
import { cutsAtSpaces } from './cuts-at-spaces';

/** The parts of a tokenizer.json that turn a text into the words that a trainer counts. */
export interface WordPipeline {
  /** As `normalizer` in a tokenizer.json: `{ type: 'NFKC' }`. Default: none. */
  readonly normalizer?: object | null;
  /** As `pre_tokenizer` in a tokenizer.json: `{ type: 'ByteLevel', add_prefix_space: false }`. Default: none. */
  readonly preTokenizer?: object | null;
}

/** Cuts texts into words, in two steps: the second is only needed once for all equal parts. */
export interface WordSplitter {
  /** Calls `take` with every part of a text, in order; no part is empty. */
  split(text: string, take: (part: string) => void): void;
  /** The words of a part, as the model sees them; none is empty. */
  finish(part: string): readonly string[];
}

/**
 * Makes the words as the Hugging Face library feeds them to a trainer: normalizer, then pre-tokenizer; special tokens
 * are ordinary text.
 *
 * @throws {ConfigError} A component with an unknown type, or a field that is missing or wrong.
 * @throws {UnsupportedError} A regular expression that has no counterpart.
 */
export function createWordSplitter({ normalizer, preTokenizer }: WordPipeline): WordSplitter {
  const cut = preTokenizer ? readPreTokenizer(jsonPlace(preTokenizer, 'preTokenizer')) : undefined;
  const known = preTokenizer && !normalizer ? findByteLevelScanner(preTokenizer) : undefined;
  if (known) return byteLevelSplitter(known.scanner, known.addPrefixSpace);
  const normalize = normalizer ? readNormalizer(jsonPlace(normalizer, 'normalizer')) : undefined;
  const wordsOf = (text: string): string[] => {
    const source = alignText(wellFormed(text), 0, false);
    const normalized = normalize ? normalize(source) : source;
    if (normalized.text === '') return [];
    const words = cut ? cut(normalized) : [normalized];
    return words.flatMap((word) => (word.text === '' ? [] : [word.text]));
  };
  if (cutsAtSpaces({ normalizer: normalizer ?? null, preTokenizer: preTokenizer ?? null })) {
    return { split: cutBeforeSpaces, finish: wordsOf };
  }
  return {
    split(text, take) {
      for (const word of wordsOf(text)) take(word);
    },
    finish: (word) => [word],
  };
}

function cutBeforeSpaces(text: string, take: (part: string) => void): void {
  let start = 0;
  for (let space = text.indexOf(' ', 1); space >= 0; space = text.indexOf(' ', space + 1)) {
    take(text.slice(start, space));
    start = space;
  }
  if (start < text.length) take(text.slice(start));
}

/** Byte level with a compiled scanner; only distinct words are written as bytes. */
function byteLevelSplitter(scan: Scanner, addPrefixSpace: boolean): WordSplitter {
  let units = new Uint16Array(1024);
  return {
    split(text, take) {
      const valid = wellFormed(text);
      const source = addPrefixSpace && valid !== '' && !valid.startsWith(' ') ? ` ${valid}` : valid;
      const { length } = source;
      if (units.length < length) units = new Uint16Array(length * 2);
      for (let index = 0; index < length; index += 1) units[index] = source.charCodeAt(index);
      for (let start = 0; start < length;) {
        const end = scan(units, start, length);
        take(source.slice(start, end));
        start = end;
      }
    },
    finish: (part) => [writeByteCharacters(utf8Encode(part))],
  };
}
