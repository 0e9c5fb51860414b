import { TokensError } from '../errors/tokens-error';
import type { Json } from '../signal/signal';
import { malformed } from './binary';
import { type LevelCoding, type LevelFormat, parseLevelFormat } from './level-format';
import { hasAbsent } from './levels';
import type { PrefixUnit, TokenizerIdentity, TokenLevel, TokensInit } from './token-types';
import { checkIdentity, checkJson, record } from './validate-tokens';

/** What all items of a file share. */
export interface FileHeader {
  readonly tokenizer: TokenizerIdentity;
  readonly prefixUnit: PrefixUnit;
  readonly levels: readonly LevelFormat[];
  /** The source fields that are equal in all items. */
  readonly source: Readonly<Record<string, Json>>;
  readonly meta?: Json;
}

export interface ParsedHeader extends FileHeader {
  readonly codings: readonly LevelCoding[];
}

/** Larger headers are refused. */
export const largestHeaderBytes = 16 * 2 ** 20;

/**
 * The header of items of one tokenizer, without entropy coding.
 *
 * @throws {TokensError} `tokenizer-mismatch`, `invalid-tokens`: the items cannot share a header.
 */
export function describeItems(items: readonly TokensInit[], meta?: Json): FileHeader {
  const [first] = items as [TokensInit];
  for (const [index, item] of items.entries()) {
    if (!equalJson(item.tokenizer, first.tokenizer)) {
      const names = [first, item].map(({ tokenizer: t }) => `${t.id} ${t.variant} ${t.library} ${t.fingerprint}`);
      throw new TokensError('tokenizer-mismatch', `items[${index}].tokenizer: expected ${names[0]}, got ${names[1]}.`);
    }
    if (item.prefixUnit !== first.prefixUnit || item.levels.length !== first.levels.length) {
      throw new TokensError(
        'invalid-tokens',
        `items[${index}]: expected ${first.levels.length} levels and prefixUnit '${first.prefixUnit}' as in items[0], got ${item.levels.length} and '${item.prefixUnit}'.`,
      );
    }
  }
  return {
    tokenizer: first.tokenizer,
    prefixUnit: first.prefixUnit,
    levels: first.levels.map((_, index) =>
      describeLevel(
        index,
        items.map((item) => item.levels[index]!),
      ),
    ),
    source: sharedFields(items),
    ...(meta !== undefined && { meta }),
  };
}

function describeLevel(index: number, levels: readonly TokenLevel[]): LevelFormat {
  const [first] = levels as [TokenLevel];
  const type = levelType(first);
  for (const [item, level] of levels.entries()) {
    if (!equalJson(levelType(level), type)) {
      throw new TokensError(
        'invalid-tokens',
        `items[${item}].levels[${index}]: expected ${JSON.stringify(type)} as in items[0], got ${JSON.stringify(levelType(level))}.`,
      );
    }
  }
  const shape = first.shape.map((length, axis) =>
    levels.every((level) => level.shape[axis] === length) ? length : null,
  );
  return { ...type, shape, ...(levels.some(hasAbsent) && { absent: true as const }) };
}

function levelType(level: TokenLevel): Omit<LevelFormat, 'shape'> {
  const { kind, axes } = level;
  switch (level.kind) {
    case 'index':
      return { kind, axes, vocabularySize: level.vocabularySize };
    case 'bits':
      return { kind, axes, bitsPerToken: level.bitsPerToken };
    case 'float':
      return { kind, axes, storage: level.storage };
  }
}

function sharedFields(items: readonly TokensInit[]): Readonly<Record<string, Json>> {
  const fields = Object.entries(items[0]!.source).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    fields.filter(([name, value]) => items.every((item) => equalJson(ownField(item.source, name), value))),
  ) as Readonly<Record<string, Json>>;
}

/** The source fields of an item that the header does not hold, or holds with another value. */
export function differingFields(item: TokensInit, header: FileHeader): Readonly<Record<string, Json>> {
  const fields = Object.entries(item.source).filter(
    ([name, value]) => value !== undefined && !equalJson(ownField(header.source, name), value),
  );
  return Object.fromEntries(fields) as Readonly<Record<string, Json>>;
}

export function ownField(object: object, name: string): unknown {
  return Object.hasOwn(object, name) ? (object as Record<string, unknown>)[name] : undefined;
}

/** @throws {TokensError} `malformed`, `invalid-tokens`, `unsupported-version`. */
export function parseHeader(bytes: Uint8Array): ParsedHeader {
  const header = record('header', parseJson('header', bytes));
  const { prefixUnit, levels } = header;
  if (prefixUnit !== 'none' && prefixUnit !== 'token' && prefixUnit !== 'level') {
    throw malformed(`header.prefixUnit is ${JSON.stringify(prefixUnit)}, expected 'none', 'token' or 'level'`);
  }
  if (!Array.isArray(levels) || levels.length === 0) {
    throw malformed('header.levels: expected a list of at least one level');
  }
  const codings = levels.map((level, index) => parseLevelFormat(`header.levels[${index}]`, level));
  return {
    tokenizer: checkIdentity(header.tokenizer),
    prefixUnit,
    levels: codings.map(({ format }) => format),
    codings,
    source: record('header.source', header.source) as Readonly<Record<string, Json>>,
    ...(header.meta !== undefined && { meta: header.meta as Json }),
  };
}

/** @throws {TokensError} `malformed`: no UTF-8, no JSON, or nested too deeply. */
export function parseJson(name: string, bytes: Uint8Array): Json {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (cause) {
    throw new TokensError('malformed', `.tok file: ${name} is no UTF-8 JSON.`, { cause });
  }
  checkJson(name, value);
  return value;
}

/** Equality of JSON values; the order of keys does not count. */
export function equalJson(a: unknown, b: unknown): boolean {
  if (a === b) {
    return true;
  }
  if (
    typeof a !== 'object' ||
    typeof b !== 'object' ||
    a === null ||
    b === null ||
    Array.isArray(a) !== Array.isArray(b)
  ) {
    return false;
  }
  const [left, right] = [a, b].map((object) => Object.entries(object).filter(([, value]) => value !== undefined));
  return (
    left!.length === right!.length &&
    left!.every(([key, value]) => Object.hasOwn(b, key) && equalJson(value, (b as Record<string, unknown>)[key]))
  );
}
