import { InputError } from '../errors/input-error';
import { TokensError } from '../errors/tokens-error';
import type { FlattenOptions } from './flatten';
import { type JointVocabulary, jointVocabulary } from './special-tokens';
import type { TokenizerIdentity, TokensInit } from './token-types';

/** The tokens of one tokenizer as a part of the ids of a language model. */
export interface VocabularyPart {
  /** Codes of each level. */
  readonly vocabularySizes: readonly number[];
  /** Whether all levels have the same ids (their vocabularies must be of one size), as VAR and SNAC have. Default false. */
  readonly shared?: boolean;
  /** Tokens of others are refused. Default: anything with such levels. */
  readonly tokenizer?: Pick<TokenizerIdentity, 'id' | 'fingerprint'>;
  /** How levels become one sequence, as in flattenTokens. Default `level`. */
  readonly order?: FlattenOptions['order'];
  readonly delays?: readonly number[];
}

/** Where the levels of a part are in the joint vocabulary. */
export interface PartLayout {
  readonly name: string;
  readonly sizes: readonly number[];
  /** First joint id of each level. */
  readonly offsets: readonly number[];
  readonly part: VocabularyPart | undefined;
}

/** A range of ids: that of one level, or of all that share it. */
export interface PartRange {
  readonly key: string;
  readonly name: string;
  readonly level: number;
  readonly size: number;
}

/** Name of the range of special tokens; no key of a part is the same. */
export const specialRange = 'special';

/** Name of the range of a level. */
export function rangeKey(name: string, level: number): string {
  return `${name} ${level}`;
}

/**
 * Special tokens first, then the levels of each part.
 *
 * @throws {InputError} A size is no count, levels of different sizes share ids, a part has no levels, or the sum leaves int32.
 */
export function layOut(
  specials: number,
  parts: Readonly<Record<string, VocabularyPart | number>>,
): {
  readonly joint: JointVocabulary<string>;
  readonly ranges: readonly PartRange[];
  readonly layouts: ReadonlyMap<string, PartLayout>;
} {
  const ranges = Object.entries(parts).flatMap(([name, part]) => rangesOf(name, part));
  const joint = jointVocabulary<string>([
    ...(specials > 0 ? [[specialRange, specials] as const] : []),
    ...ranges.map(({ key, size }) => [key, size] as const),
  ]);
  const layouts = new Map(
    Object.entries(parts).map(([name, part]): readonly [string, PartLayout] => {
      const plain = typeof part === 'number';
      const sizes = plain ? [part] : part.vocabularySizes;
      const shared = !plain && part.shared === true;
      const offsets = sizes.map((_, level) => joint.offsets[rangeKey(name, shared ? 0 : level)]!);
      return [name, { name, sizes, offsets, part: plain ? undefined : part }];
    }),
  );
  return { joint, ranges, layouts };
}

/** How tokens of a part are flattened: each level at its own offset; those that are left out at the end count for nothing. */
export function flattenOptionsOf({ offsets, part }: PartLayout, { levels }: TokensInit): FlattenOptions {
  return {
    offset: offsets.slice(0, levels.length),
    order: part?.order ?? 'level',
    ...(part?.delays && { delays: part.delays.slice(0, levels.length) }),
  };
}

/**
 * Whether tokens belong to a part.
 *
 * @throws {TokensError} `tokenizer-mismatch`, `fingerprint-mismatch`; `invalid-tokens`: other levels.
 */
export function checkPartTokens({ name, sizes, part }: PartLayout, { tokenizer, levels }: TokensInit): void {
  const expected = part?.tokenizer;
  if (expected && expected.id !== tokenizer.id) {
    throw new TokensError('tokenizer-mismatch', `${name}: expected tokens of ${expected.id}, got ${tokenizer.id}.`);
  }
  if (expected && expected.fingerprint !== tokenizer.fingerprint) {
    throw new TokensError(
      'fingerprint-mismatch',
      `${name}: expected tokens of weights ${expected.fingerprint}, got ${tokenizer.fingerprint}.`,
    );
  }
  // A prefix of the levels is as good; levels that hold no ids are refused when they are flattened.
  const wrong = levels.findIndex((level, index) => level.kind === 'index' && level.vocabularySize !== sizes[index]);
  if (wrong >= 0 || levels.length > sizes.length) {
    const actual = levels.map((level) => (level.kind === 'index' ? String(level.vocabularySize) : level.kind));
    throw new TokensError(
      'invalid-tokens',
      `${name}: expected levels of ${sizes.join(', ')} codes, got ${actual.join(', ')}.`,
    );
  }
}

function rangesOf(name: string, part: VocabularyPart | number): readonly PartRange[] {
  if (typeof part === 'number') {
    return [{ key: rangeKey(name, 0), name, level: 0, size: part }];
  }
  const { vocabularySizes, shared = false } = part;
  if (vocabularySizes.length === 0 || (shared && new Set(vocabularySizes).size > 1)) {
    const expected = shared ? 'equal sizes, as levels share ids' : 'at least one level';
    throw new InputError(`parts.${name}.vocabularySizes`, expected, `[${vocabularySizes.join(', ')}]`);
  }
  return vocabularySizes
    .slice(0, shared ? 1 : undefined)
    .map((size, level) => ({ key: rangeKey(name, level), name, level, size }));
}
