import { type Json, type TokenLevel, type Tokens, writeTokensFile } from '@tesserae/core/data';
import type { Modality } from '../modality/modality';
import type { Facts } from './facts';

/** Identity, shapes, sizes and source of a token file; the levels and the source are those of its first item. */
export async function tokensFacts(
  path: string,
  bytes: number,
  items: readonly Tokens[],
  modality: Modality | undefined,
): Promise<Facts> {
  const facts = { file: path, kind: 'tokens', items: items.length, bytes };
  const [first] = items;
  if (!first) return facts;
  const sum = (value: (item: Tokens) => number) => items.reduce((total, item) => total + value(item), 0);
  const { id, variant, library, fingerprint } = first.tokenizer;
  return {
    ...facts,
    tokenizer: { id, variant, library, fingerprint },
    prefixUnit: first.prefixUnit,
    levels: first.levels.map(levelFacts),
    tokens: sum((item) => item.length),
    payloadBits: sum((item) => item.payloadBits),
    bytesPlain: writeTokensFile(items).length,
    bytesEntropyCoded: writeTokensFile(items, { entropy: 'rans' }).length,
    ...(await modality?.tokensFacts(items)),
    source: first.source as unknown as Json,
  };
}

function levelFacts(level: TokenLevel): Json {
  return {
    kind: level.kind,
    shape: level.shape,
    axes: level.axes,
    ...(level.kind === 'index' && { vocabulary: level.vocabularySize }),
    ...(level.kind === 'bits' && { bitsPerToken: level.bitsPerToken }),
    ...(level.kind === 'float' && { storage: level.storage }),
  };
}
