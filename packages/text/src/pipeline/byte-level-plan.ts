import { appendTokens, type Bpe, countTokens, createBpe } from '../bpe/bpe';
import type { ByteVocabulary } from '../bpe/byte-vocabulary';
import { joinTokenBytes } from '../bpe/token-bytes';
import { byteCharacters, readByteCharacters } from '../bytes/byte-alphabet';
import { scannerOfPatterns } from '../scanner/known-patterns';
import type { Scanner } from '../scanner/scanner';
import { isAbsent, type JsonPlace } from './json-reader';
import { byteLevelPattern } from './pre-tokenizers/byte-level';
import type { BpeParts } from './read-model';
import type { TextPlan } from './text-plan';

/**
 * A plan for byte-level BPE whose pre-tokenizer is known by its text; undefined for every other file. It gives the ids
 * that the parts of the file give one after the other.
 */
export function byteLevelPlan(preTokenizer: JsonPlace, parts: BpeParts): TextPlan | undefined {
  if (parts.byteFallback || parts.continuingPrefix !== '' || parts.endOfWordSuffix !== '') return undefined;
  const found = isAbsent(preTokenizer) ? undefined : findByteLevelScanner(preTokenizer.value);
  const vocabulary = found && byteVocabulary(parts);
  if (!vocabulary) return undefined;
  const bpe: Bpe = createBpe(vocabulary, found.scanner);
  const { starts } = vocabulary.tokens;
  if (!found.addPrefixSpace) {
    return {
      isRaw: false,
      cuts: true,
      append: (text, sink, wordEnds) => appendTokens(bpe, text, 0, text.length, sink, wordEnds),
      count: (text, most) => countTokens(bpe, text, 0, text.length, most),
      byteLength: (id) => starts[id + 1]! - starts[id]!,
    };
  }
  const prepare = (text: string) => (text === '' || text.startsWith(' ') ? text : ` ${text}`);
  return {
    isRaw: false,
    cuts: false,
    append(text, sink, wordEnds) {
      const whole = prepare(text);
      appendTokens(bpe, whole, 0, whole.length, sink, wordEnds);
    },
    count(text, most) {
      const whole = prepare(text);
      return countTokens(bpe, whole, 0, whole.length, most);
    },
  };
}

interface PreTokenizerJson {
  readonly type: string;
  readonly use_regex?: boolean;
  readonly add_prefix_space?: boolean;
  readonly behavior?: string;
  readonly invert?: boolean;
  readonly pattern?: { readonly Regex?: string };
  readonly pretokenizers?: readonly PreTokenizerJson[];
}

/** The scanner of a byte-level pre-tokenizer that is known by its text; undefined for every other one. */
export function findByteLevelScanner(
  preTokenizer: unknown,
): { readonly scanner: Scanner; readonly addPrefixSpace: boolean } | undefined {
  const json = preTokenizer as PreTokenizerJson;
  if (json.type === 'ByteLevel') {
    const scanner = json.use_regex === false ? undefined : scannerOfPatterns([byteLevelPattern]);
    return scanner && { scanner, addPrefixSpace: json.add_prefix_space === true };
  }
  const steps = json.type === 'Sequence' ? (json.pretokenizers ?? []) : [];
  const last = steps.at(-1);
  if (last?.type !== 'ByteLevel' || last.use_regex !== false || last.add_prefix_space === true) return undefined;
  const patterns = steps.slice(0, -1).map(splitPattern);
  const scanner = patterns.every((pattern) => pattern !== undefined) ? scannerOfPatterns(patterns) : undefined;
  return scanner && { scanner, addPrefixSpace: false };
}

/** A split that keeps everything: the known patterns leave nothing between their matches that could be lost. */
function splitPattern({ type, behavior, invert = false, pattern }: PreTokenizerJson): string | undefined {
  const keepsAll = (behavior === 'Isolated' && !invert) || (behavior === 'Removed' && invert);
  return type === 'Split' && keepsAll ? pattern?.Regex : undefined;
}

/** The vocabulary in bytes; undefined where a byte has no token. */
function byteVocabulary({ vocabulary, pairs, ignoreMerges }: BpeParts): ByteVocabulary | undefined {
  const byteIds = Int32Array.from(byteCharacters, (character) => vocabulary.get(character) ?? -1);
  if (byteIds.includes(-1)) return undefined;
  const tokens: (Uint8Array | undefined)[] = [];
  for (const [token, id] of vocabulary) tokens[id] = readByteCharacters(token);
  const joined = joinTokenBytes(Array.from(tokens));
  // Without ignore_merges a token counts only where merging gives it.
  return {
    tokens: joined,
    count: tokens.length,
    wholeTokens: ignoreMerges ? joined : joinTokenBytes([]),
    byteIds,
    pairs,
  };
}
