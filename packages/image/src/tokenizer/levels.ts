import { TokensError, type HostTensor, type IndexLevel, type Tokens } from '@tesserae/core';

/** One level of ids on a grid. @param ids - `[1, h, w]`, int32; `margins` of the same shape. */
export function gridLevel(vocabularySize: number, ids: HostTensor, margins?: HostTensor): IndexLevel {
  return indexLevel(vocabularySize, ids, ['height', 'width'], margins);
}

/** One level of ids in a row. @param ids - `[1, n]`, int32; `margins` of the same shape. */
export function rowLevel(vocabularySize: number, ids: HostTensor, margins?: HostTensor): IndexLevel {
  return indexLevel(vocabularySize, ids, ['token'], margins);
}

function indexLevel(
  vocabularySize: number,
  ids: HostTensor,
  axes: IndexLevel['axes'],
  margins?: HostTensor,
): IndexLevel {
  return {
    kind: 'index',
    vocabularySize,
    shape: ids.shape.slice(1),
    axes,
    data: Int32Array.from(ids.data),
    ...(margins && { margins: Float32Array.from(margins.data) }),
  };
}

/** Ids of the only level with a batch axis: `[1, ...shape]`. @throws {TokensError} `invalid-tokens` where a place is empty. */
export function gridOf(tokens: Tokens): HostTensor {
  const [level] = tokens.levels;
  if (level?.kind !== 'index') throw new TokensError('invalid-tokens', 'expected ids.');
  if (level.data.includes(-1))
    throw new TokensError('invalid-tokens', 'expected an id at every place, got -1 (no token).');
  return { shape: [1, ...level.shape], data: level.data };
}
