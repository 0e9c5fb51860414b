import { TokensError } from '../errors/tokens-error';
import type { Json } from '../signal/signal';
import type { TokenLevel, TokensInit } from './token-types';
import { record } from './validate-tokens';

/** Plain JSON: lists of numbers instead of typed arrays, margins left out. */
export function tokensToJson({ tokenizer, prefixUnit, levels, source }: TokensInit): Json {
  const plain = levels.map(({ margins: _, data, ...level }) => ({ ...level, data: [...data] }));
  return { tokenizer: { ...tokenizer }, prefixUnit, levels: plain, source: { ...source } } as unknown as Json;
}

/** Typed arrays again; everything but the numbers of `data` is checked by the constructor of Tokens. */
export function tokensFromJson(json: unknown): TokensInit {
  const init = record('tokens', json);
  if (!Array.isArray(init.levels)) {
    return init as unknown as TokensInit;
  }
  return { ...init, levels: init.levels.map((level, index) => restoreLevel(index, level)) } as unknown as TokensInit;
}

function restoreLevel(index: number, value: unknown): TokenLevel {
  const { margins: _, ...level } = record(`levels[${index}]`, value);
  const { data } = level;
  if (!Array.isArray(data)) {
    throw new TokensError('invalid-tokens', `levels[${index}].data: expected a list of numbers.`);
  }
  return { ...level, data: typedData(`levels[${index}].data`, level.kind, data) } as unknown as TokenLevel;
}

function typedData(name: string, kind: unknown, data: readonly unknown[]): Int32Array | Uint8Array | Float32Array {
  const holds: (value: number) => boolean =
    kind === 'float'
      ? (value) => Number.isFinite(Math.fround(value))
      : kind === 'bits'
        ? (value) => (value & 255) === value
        : (value) => (value | 0) === value;
  const wrong = data.findIndex((value) => typeof value !== 'number' || !holds(value));
  if (wrong >= 0) {
    const expected = kind === 'float' ? 'a finite number' : kind === 'bits' ? 'a byte' : 'an integer below 2^31';
    throw new TokensError('invalid-tokens', `${name}[${wrong}]: expected ${expected}, got ${String(data[wrong])}.`);
  }
  const numbers = data as readonly number[];
  return kind === 'float'
    ? Float32Array.from(numbers)
    : kind === 'bits'
      ? Uint8Array.from(numbers)
      : Int32Array.from(numbers);
}
