import type { HostTensor, IndexLevel, TokenLevel, Tokens } from '@tesserae/core';
import { TokensError } from '@tesserae/core/data';

/**
 * Codes of one clip as levels, coarse to fine, each `[frames]` along time.
 *
 * @param ids - `[levels, 1, frames]`, int32; `margins` likewise, float32.
 * @param vocabularySize - Of every level.
 */
export function codeLevels(ids: HostTensor, margins: HostTensor | undefined, vocabularySize: number): IndexLevel[] {
  const [count = 0, , frames = 0] = ids.shape;
  return Array.from({ length: count }, (_, index) => {
    const range = [index * frames, (index + 1) * frames] as const;
    return {
      kind: 'index',
      vocabularySize,
      shape: [frames],
      axes: ['time'],
      data: Int32Array.from(ids.data.subarray(...range)),
      ...(margins && { margins: Float32Array.from(margins.data.subarray(...range)) }),
    };
  });
}

/**
 * Levels of one clip as the codes that a decoder takes, `[levels, 1, frames]`, int32.
 *
 * @throws {TokensError} `invalid-tokens`: levels of different lengths, none at all, or an id is -1 (no token).
 */
export function codesOfLevels({ levels }: Pick<Tokens, 'levels'>): HostTensor {
  const frames = levels[0]!.shape[0]!;
  if (frames === 0) throw new TokensError('invalid-tokens', 'levels[0]: expected at least one token, got none.');
  const data = new Int32Array(levels.length * frames);
  levels.forEach((level, index) => {
    if (level.shape[0] !== frames) {
      throw new TokensError(
        'invalid-tokens',
        `levels[${index}]: expected ${frames} tokens as in levels[0], got ${level.shape[0]}.`,
      );
    }
    data.set(presentIds(level, index), index * frames);
  });
  return { shape: [levels.length, 1, frames], data };
}

/**
 * Ids of a level in which every token must be present.
 *
 * @throws {TokensError} `invalid-tokens`: an id is -1.
 */
export function presentIds(level: TokenLevel, index: number): Int32Array {
  if (level.kind !== 'index') {
    throw new TokensError('invalid-tokens', `levels[${index}]: expected ids, got ${level.kind} tokens.`);
  }
  const absent = level.data.indexOf(-1);
  if (absent < 0) return level.data;
  throw new TokensError('invalid-tokens', `levels[${index}]: expected an id at ${absent}, got -1 (no token).`);
}
