import { ConfigError } from '@tesserae/core/data';

/** A value inside a JSON file, with the path to it for errors: `tokenizer.json: model.vocab`. */
export interface JsonPlace {
  readonly value: unknown;
  readonly path: string;
}

export type JsonFields = Readonly<Record<string, unknown>>;

export const jsonPlace = (value: unknown, path: string): JsonPlace => ({ value, path });

/** A field of an object; undefined where it has none. */
export function field(place: JsonPlace, name: string): JsonPlace {
  const fields = readObject(place);
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
  return { value, path: place.path.endsWith(': ') ? `${place.path}${name}` : `${place.path}.${name}` };
}

/** True where a field is missing or null. */
export const isAbsent = ({ value }: JsonPlace): boolean => value === undefined || value === null;

export function expected(place: JsonPlace, what: string): ConfigError {
  return new ConfigError(place.path, what, describe(place.value));
}

function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

export function readObject(place: JsonPlace): JsonFields {
  const { value } = place;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw expected(place, 'an object');
  return value as JsonFields;
}

export function readString(place: JsonPlace, fallback?: string): string {
  if (isAbsent(place) && fallback !== undefined) return fallback;
  if (typeof place.value !== 'string') throw expected(place, 'a string');
  return place.value;
}

export function readBoolean(place: JsonPlace, fallback?: boolean): boolean {
  if (isAbsent(place) && fallback !== undefined) return fallback;
  if (typeof place.value !== 'boolean') throw expected(place, 'true or false');
  return place.value;
}

export function readNumber(place: JsonPlace, fallback?: number): number {
  if (isAbsent(place) && fallback !== undefined) return fallback;
  if (typeof place.value !== 'number') throw expected(place, 'a number');
  return place.value;
}

/** An integer from 0. */
export function readCount(place: JsonPlace, fallback?: number): number {
  const value = readNumber(place, fallback);
  if (!Number.isInteger(value) || value < 0) throw expected(place, 'an integer from 0');
  return value;
}

export function readList(place: JsonPlace, fallback?: readonly unknown[]): readonly JsonPlace[] {
  if (isAbsent(place) && fallback !== undefined) return [];
  if (!Array.isArray(place.value)) throw expected(place, 'a list');
  return place.value.map((value: unknown, index) => ({ value, path: `${place.path}[${index}]` }));
}

/** One of a list of words. */
export function readChoice<T extends string>(place: JsonPlace, choices: readonly T[], fallback?: T): T {
  if (isAbsent(place) && fallback !== undefined) return fallback;
  const found = choices.find((choice) => choice === place.value);
  if (found === undefined) throw expected(place, `one of ${choices.join(', ')}`);
  return found;
}

/** A string of one character. */
export function readCharacter(place: JsonPlace, fallback?: string): string {
  const text = readString(place, fallback);
  if ([...text].length !== 1) throw expected(place, 'one character');
  return text;
}

/**
 * Tokens and their ids. The ids may have gaps.
 *
 * @param limit - Largest id accepted.
 * @throws {ConfigError} An id that is none, or that another token has.
 */
export function readVocabulary(place: JsonPlace, limit = 1 << 24): Map<string, number> {
  // From the compact form, which only holds ids.
  if (place.value instanceof Map) return place.value as Map<string, number>;
  const vocabulary = new Map<string, number>();
  let largest = -1;
  for (const [token, id] of Object.entries(readObject(place))) {
    if (typeof id !== 'number' || !Number.isInteger(id) || id < 0 || id > limit) {
      throw new ConfigError(`${place.path}[${JSON.stringify(token)}]`, `an id of 0..${limit}`, describe(id));
    }
    vocabulary.set(token, id);
    if (id > largest) largest = id;
  }
  const isTaken = new Uint8Array(largest + 1);
  for (const [token, id] of vocabulary) {
    if (isTaken[id] === 1) throw takenId(place, vocabulary, token, id);
    isTaken[id] = 1;
  }
  return vocabulary;
}

function takenId(place: JsonPlace, vocabulary: ReadonlyMap<string, number>, token: string, id: number): ConfigError {
  const [owner] = [...vocabulary].find(([, one]) => one === id)!;
  return new ConfigError(
    `${place.path}[${JSON.stringify(token)}]`,
    'an id of its own',
    `${id}, which ${JSON.stringify(owner)} has`,
  );
}
