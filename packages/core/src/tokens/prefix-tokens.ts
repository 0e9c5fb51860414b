import { TokensError } from '../errors/tokens-error';
import { sliceLevel } from './levels';
import type { TokensInit } from './token-types';

/** See `Tokens.prefix`. */
export function prefixTokens(tokens: TokensInit, count: number): TokensInit {
  const { levels, prefixUnit } = tokens;
  if (prefixUnit === 'none') {
    throw new TokensError(
      'prefix',
      `${tokens.tokenizer.id} ${tokens.tokenizer.variant}: tokens without decodable prefixes.`,
    );
  }
  const available =
    prefixUnit === 'level' ? levels.length : Math.max(0, ...levels.map((level) => tokenAxisLength(level)));
  if (!Number.isInteger(count) || count < 1 || count > available) {
    throw new TokensError('prefix', `prefix: expected 1..${available} ${prefixUnit}s, got ${count}.`);
  }
  if (prefixUnit === 'level') {
    return { ...tokens, levels: levels.slice(0, count) };
  }
  return {
    ...tokens,
    levels: levels.map((level) => {
      const axis = level.axes.indexOf('token');
      return axis < 0 || level.shape[axis]! <= count ? level : sliceLevel(level, axis, 0, count);
    }),
  };
}

function tokenAxisLength({
  axes,
  shape,
}: {
  readonly axes: readonly string[];
  readonly shape: readonly number[];
}): number {
  return shape[axes.indexOf('token')] ?? 0;
}
