import { readTokensFile, writeTokensFile, type Json, type TokenLevel, type Tokens } from '@tesserae/core';
import { readBytes } from '../io/files';
import { pictureGroups } from '../io/tile-groups';
import type { Facts } from './facts';

/** Identity, shapes, sizes and source of a token file; the levels and the source are those of its first item. */
export async function tokensFacts(path: string, signal: AbortSignal): Promise<Facts> {
  const bytes = await readBytes(path, signal);
  const items = readTokensFile(bytes);
  const facts = { file: path, kind: 'tokens', items: items.length, bytes: bytes.length };
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
    bitsPerPixel: bitsPerPixel(items),
    source: first.source as unknown as Json,
  };
}

/** Of the first picture: all its tiles, where it was cut. */
function bitsPerPixel(items: readonly Tokens[]): number | null {
  const [picture = []] = pictureGroups(items);
  const source = picture[0]?.source;
  if (source?.modality !== 'image') return null;
  const bits = picture.reduce((sum, { payloadBits }) => sum + payloadBits, 0);
  return Number((bits / (source.width * source.height)).toFixed(4));
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
