import { InputError } from '@tesserae/core/data';

/**
 * @param argument - Its name, for the error.
 * @throws {InputError} It is no string.
 */
export function checkText(argument: string, value: unknown): asserts value is string {
  if (typeof value !== 'string') throw new InputError(argument, 'a string', shown(value));
}

/**
 * Ids as they may come from anywhere. Whether a token has them is for the tokenizer to say.
 *
 * @throws {InputError} No array of numbers; one that is no integer, which is named by its place.
 */
export function checkIds(argument: string, ids: unknown): asserts ids is ArrayLike<number> {
  const length = typeof ids === 'object' && ids !== null ? (ids as ArrayLike<unknown>).length : undefined;
  if (typeof length !== 'number' || !Number.isInteger(length) || length < 0) {
    throw new InputError(argument, 'an array of ids', shown(ids));
  }
  // The elements of these are integers, and not looked at.
  if (ids instanceof Int32Array || ids instanceof Uint32Array || ids instanceof Uint16Array) return;
  for (let index = 0; index < length; index += 1) checkId(`${argument}[${index}]`, (ids as ArrayLike<unknown>)[index]);
}

/** @throws {InputError} It is no integer. */
export function checkId(argument: string, id: unknown): asserts id is number {
  if (!Number.isInteger(id)) throw new InputError(argument, 'an id, which is an integer', shown(id));
}

/** @throws {InputError} It is no number from 0, or NaN. Infinity is one. */
export function checkLimit(argument: string, limit: unknown): asserts limit is number {
  if (typeof limit !== 'number' || !(limit >= 0)) throw new InputError(argument, 'a number from 0', shown(limit));
}

/** @throws {InputError} It is no integer of the range. */
export function checkInteger(
  argument: string,
  value: unknown,
  least: number,
  most = Infinity,
): asserts value is number {
  if (Number.isInteger(value) && (value as number) >= least && (value as number) <= most) return;
  const range = most === Infinity ? `from ${least}` : `of ${least}..${most}`;
  throw new InputError(argument, `an integer ${range}`, shown(value));
}

/** @throws {InputError} It is none of the words. */
export function checkChoice<T extends string>(argument: string, value: unknown, choices: readonly T[]): void {
  if (choices.includes(value as T)) return;
  throw new InputError(argument, `one of ${choices.join(', ')}`, shown(value));
}

/** A value in few words. */
function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 39)}…` : value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'number' || typeof value === 'boolean' || value == null) return String(value);
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return typeof value === 'object' ? `an object (${value.constructor?.name ?? 'Object'})` : `a ${typeof value}`;
}
