import { TokensError } from '../errors/tokens-error';
import type { Json } from '../signal/signal';
import type { SourceFacts } from '../signal/source-facts';
import { roundToHalf } from './half-float';
import { countTokens, elementsPerToken } from './levels';
import type { BitLevel, FloatLevel, IndexLevel, TokenizerIdentity, TokenLevel, TokensInit } from './token-types';

/** Largest vocabulary, axis length and token count of a level. */
export const largestCount = 2 ** 31 - 1;
/** Largest `bitsPerToken`. */
export const largestBitsPerToken = 65535;

const axisNames = new Set(['token', 'time', 'height', 'width', 'frequency', 'group', 'feature', 'atom', 'shell']);
const prefixUnits = new Set(['none', 'token', 'level']);
const mostAxes = 8;
const deepestJson = 64;

/**
 * Checks everything that can be known without the model, and drops fields that Tokens do not have. Arrays are kept, not
 * copied, except float16 levels whose values are not float16 yet.
 *
 * @throws {TokensError} `invalid-tokens`, or `out-of-range` for an id outside the vocabulary.
 */
export function checkTokens(init: TokensInit): TokensInit {
  const object = record('tokens', init);
  const levels = object.levels;
  if (!Array.isArray(levels) || levels.length === 0) {
    throw invalid('levels', 'a list of at least one level', levels);
  }
  if (typeof object.prefixUnit !== 'string' || !prefixUnits.has(object.prefixUnit)) {
    throw invalid('prefixUnit', "'none', 'token' or 'level'", object.prefixUnit);
  }
  return {
    tokenizer: checkIdentity(object.tokenizer),
    levels: levels.map((level, index) => checkLevel(`levels[${index}]`, level)),
    source: checkSource(object.source),
    prefixUnit: object.prefixUnit as TokensInit['prefixUnit'],
  };
}

/** @throws {TokensError} `invalid-tokens`. */
export function checkIdentity(value: unknown): TokenizerIdentity {
  const { id, variant, library, fingerprint } = record('tokenizer', value);
  for (const [name, text] of Object.entries({ id, variant, library })) {
    if (typeof text !== 'string') {
      throw invalid(`tokenizer.${name}`, 'a string', text);
    }
  }
  if (typeof fingerprint !== 'string' || !/^[0-9a-f]{16}$/.test(fingerprint)) {
    throw invalid('tokenizer.fingerprint', '16 lower-case hex digits', fingerprint);
  }
  return { id, variant, library, fingerprint } as TokenizerIdentity;
}

/** Shape and axes agree, lengths are counts. @throws {TokensError} `invalid-tokens`. */
export function checkShape(name: string, shape: unknown, axes: unknown): void {
  if (!Array.isArray(axes) || axes.length > mostAxes || !axes.every((axis) => axisNames.has(axis as string))) {
    throw invalid(`${name}.axes`, `a list of at most ${mostAxes} of ${[...axisNames].join(', ')}`, axes);
  }
  for (const axis of ['time', 'token']) {
    if (axes.indexOf(axis) !== axes.lastIndexOf(axis)) {
      throw invalid(`${name}.axes`, `at most one '${axis}' axis`, axes);
    }
  }
  if (!Array.isArray(shape) || shape.length !== axes.length || !shape.every((length) => isCount(length))) {
    throw invalid(`${name}.shape`, `${axes.length} lengths of 0..2^31 - 1, one per axis`, shape);
  }
  if (countTokens(shape as number[]) > largestCount) {
    throw invalid(`${name}.shape`, 'at most 2^31 - 1 tokens', shape);
  }
}

/** @throws {TokensError} `invalid-tokens`. */
export function checkVocabularySize(name: string, size: unknown): number {
  if (!isCount(size) || size < 1) {
    throw invalid(`${name}.vocabularySize`, 'an integer of 1..2^31 - 1', size);
  }
  return size;
}

/** @throws {TokensError} `invalid-tokens`. */
export function checkBitsPerToken(name: string, bits: unknown): number {
  if (!isCount(bits) || bits < 1 || bits > largestBitsPerToken) {
    throw invalid(`${name}.bitsPerToken`, `an integer of 1..${largestBitsPerToken}`, bits);
  }
  return bits;
}

/** @throws {TokensError} `invalid-tokens`. */
export function checkStorage(name: string, storage: unknown): FloatLevel['storage'] {
  if (storage !== 'float32' && storage !== 'float16') {
    throw invalid(`${name}.storage`, "'float32' or 'float16'", storage);
  }
  return storage;
}

function checkLevel(name: string, value: unknown): TokenLevel {
  const level = record(name, value);
  const { shape, axes } = level;
  checkShape(name, shape, axes);
  const count = countTokens(shape as number[]);
  const base = { shape, axes, ...margins(name, level, count) } as Pick<TokenLevel, 'shape' | 'axes' | 'margins'>;
  switch (level.kind) {
    case 'index':
      return checkIndexLevel(name, { ...level, ...base } as unknown as IndexLevel, base, count);
    case 'bits':
      return checkBitLevel(name, { ...level, ...base } as unknown as BitLevel, base, count);
    case 'float':
      return checkFloatLevel(name, { ...level, ...base } as unknown as FloatLevel, base, count);
    default:
      throw invalid(`${name}.kind`, "'index', 'bits' or 'float'", level.kind);
  }
}

type Base = Pick<TokenLevel, 'shape' | 'axes' | 'margins'>;

function checkIndexLevel(name: string, level: IndexLevel, base: Base, count: number): IndexLevel {
  const vocabularySize = checkVocabularySize(name, level.vocabularySize);
  const data = typed<Int32Array>(`${name}.data`, 'Int32Array', level.data, count);
  for (let index = 0; index < data.length; index += 1) {
    const id = data[index]!;
    if (id < -1 || id >= vocabularySize) {
      throw new TokensError(
        'out-of-range',
        `${name}.data[${index}]: expected an id of 0..${vocabularySize - 1} or -1 for none, got ${id}.`,
      );
    }
  }
  return { kind: 'index', vocabularySize, ...base, data };
}

function checkBitLevel(name: string, level: BitLevel, base: Base, count: number): BitLevel {
  const bitsPerToken = checkBitsPerToken(name, level.bitsPerToken);
  const bytes = elementsPerToken({ kind: 'bits', bitsPerToken });
  const data = typed<Uint8Array>(`${name}.data`, 'Uint8Array', level.data, count * bytes);
  const unused = (0xff << (((bitsPerToken - 1) & 7) + 1)) & 0xff;
  for (let last = bytes - 1; unused !== 0 && last < data.length; last += bytes) {
    if (data[last]! & unused) {
      throw invalid(`${name}.data[${last}]`, `0 in the bits above bit ${bitsPerToken - 1} of the token`, data[last]);
    }
  }
  return { kind: 'bits', bitsPerToken, ...base, data };
}

function checkFloatLevel(name: string, level: FloatLevel, base: Base, count: number): FloatLevel {
  const storage = checkStorage(name, level.storage);
  const given = typed<Float32Array>(`${name}.data`, 'Float32Array', level.data, count);
  const data = storage === 'float16' ? roundToHalf(given) : given;
  const wrong = data.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) {
    const range = storage === 'float16' ? 'a value that float16 can hold (below 65520)' : 'a finite value';
    throw invalid(`${name}.data[${wrong}]`, range, given[wrong]);
  }
  return { kind: 'float', storage, ...base, data };
}

function margins(name: string, level: Record<string, unknown>, count: number): { readonly margins?: Float32Array } {
  if (level.margins === undefined) {
    return {};
  }
  const perBit = level.kind === 'bits' ? count * Number(level.bitsPerToken) : count;
  const length = (level.margins as Partial<Float32Array>)?.length === perBit ? perBit : count;
  return { margins: typed<Float32Array>(`${name}.margins`, 'Float32Array', level.margins, length) };
}

type Field = 'count' | 'positive' | 'matrix' | 'optional-numbers';
const sourceFields: Readonly<Record<SourceFacts['modality'], Readonly<Record<string, Field>>>> = {
  image: { width: 'count', height: 'count' },
  audio: { sampleRate: 'positive', samples: 'count', scales: 'optional-numbers' },
  video: {
    width: 'count',
    height: 'count',
    frames: 'count',
    framesPerSecond: 'positive',
    padFront: 'count',
    padBack: 'count',
  },
  '3d': { toWorld: 'matrix' },
  text: { characters: 'count' },
};

/** @throws {TokensError} `invalid-tokens`. */
export function checkSource(value: unknown): SourceFacts {
  const source = record('source', value);
  const fields = Object.hasOwn(sourceFields, String(source.modality))
    ? sourceFields[source.modality as SourceFacts['modality']]
    : undefined;
  if (!fields) {
    throw invalid('source.modality', Object.keys(sourceFields).join(', '), source.modality);
  }
  if (typeof source.pipeline !== 'string') {
    throw invalid('source.pipeline', 'a string', source.pipeline);
  }
  for (const [name, field] of Object.entries(fields)) {
    checkField(`source.${name}`, field, source[name]);
  }
  checkJson('source', source);
  return source as unknown as SourceFacts;
}

function checkField(name: string, field: Field, value: unknown): void {
  const numbers = Array.isArray(value) && value.every((element) => Number.isFinite(element));
  const checks: Readonly<Record<Field, readonly [boolean, string]>> = {
    count: [Number.isSafeInteger(value) && (value as number) >= 0, 'a whole number of at least 0'],
    positive: [Number.isFinite(value) && (value as number) > 0, 'a number above 0'],
    matrix: [numbers && (value as number[]).length === 16, '16 numbers (4 x 4, column-major)'],
    'optional-numbers': [value === undefined || numbers, 'a list of numbers'],
  };
  const [passed, expected] = checks[field];
  if (!passed) {
    throw invalid(name, expected, value);
  }
}

/** Plain JSON without `undefined` in lists, NaN or infinity, at most 64 levels deep. @throws {TokensError} `invalid-tokens`. */
export function checkJson(name: string, value: unknown, depth = 0): asserts value is Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)) {
    return;
  }
  if (depth >= deepestJson) {
    throw invalid(name, `JSON of at most ${deepestJson} levels`, 'a deeper value');
  }
  if (Array.isArray(value)) {
    for (const [index, element] of value.entries()) {
      checkJson(`${name}[${index}]`, element, depth + 1);
    }
    return;
  }
  for (const [key, element] of Object.entries(record(name, value))) {
    if (element !== undefined) {
      checkJson(`${name}.${key}`, element, depth + 1);
    }
  }
}

/** @throws {TokensError} `invalid-tokens`: not a plain object. */
export function record(name: string, value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || ArrayBuffer.isView(value)) {
    throw invalid(name, 'an object', value);
  }
  return value as Record<string, unknown>;
}

function typed<Data extends Float32Array | Int32Array | Uint8Array>(
  name: string,
  type: 'Float32Array' | 'Int32Array' | 'Uint8Array',
  value: unknown,
  length: number,
): Data {
  // By tag, not by constructor: arrays of another realm are as good.
  if (!ArrayBuffer.isView(value) || (value as Data)[Symbol.toStringTag] !== type || (value as Data).length !== length) {
    throw invalid(name, `a ${type} of length ${length}`, value);
  }
  return value as Data;
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= largestCount;
}

function invalid(name: string, expected: string, actual: unknown): TokensError {
  return new TokensError('invalid-tokens', `${name}: expected ${expected}, got ${describe(actual)}.`);
}

function describe(value: unknown): string {
  if (ArrayBuffer.isView(value)) {
    return `a ${(value as Uint8Array)[Symbol.toStringTag] ?? 'view'} of length ${(value as Uint8Array).length}`;
  }
  if (typeof value === 'object' && value !== null) {
    return Array.isArray(value)
      ? `[${value.slice(0, 8).map(brief).join(', ')}${value.length > 8 ? ', …' : ''}]`
      : 'an object';
  }
  return typeof value === 'string' ? `'${value.slice(0, 80)}'` : String(value);
}

function brief(value: unknown): string {
  return typeof value === 'object' && value !== null ? '…' : String(value).slice(0, 80);
}
