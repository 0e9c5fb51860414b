import { InputError } from '../errors/input-error';
import { TokensError } from '../errors/tokens-error';
import type { Json } from '../signal/signal';
import { concatBytes } from './binary';
import { encodeChunk } from './chunk-codec';
import { checksumFlag, encodeStart, indexFlag } from './file-codec';
import { describeItems, equalJson, type FileHeader, ownField } from './file-header';
import { type ChunkSize, encodeIndex } from './file-index';
import type { LevelCoding, LevelFormat } from './level-format';
import type { TokenAxis } from './token-types';
import type { Tokens } from './tokens';

export interface TokensStreamOptions {
  /** Anything about the whole file. */
  readonly meta?: Json;
}

/** Axes along which the parts of a stream may have any length. */
const variableAxes: readonly TokenAxis[] = ['time', 'token'];

/**
 * A `.tok` file written while its items come: the header with the first one, a chunk an item, the index at the end.
 * Memory does not grow but for 16 bytes an item. Not entropy coded: tables would need all items.
 *
 * @param items - Of one tokenizer, with levels of one form: only the axes `time` and `token` may differ in length. Where
 *   the first one lacks no token, none of the others does.
 * @throws {TokensError} While it is read: `tokenizer-mismatch`, `invalid-tokens`: an item does not fit the first.
 * @throws {InputError} No items.
 */
export async function* writeTokensStream(
  items: Iterable<Tokens> | AsyncIterable<Tokens>,
  options: TokensStreamOptions = {},
): AsyncGenerator<Uint8Array> {
  const chunks: ChunkSize[] = [];
  let first:
    | { readonly item: Tokens; readonly header: FileHeader; readonly codings: readonly LevelCoding[] }
    | undefined;
  let startBytes = 0;
  for await (const item of items) {
    if (!first) {
      const header = streamHeader(item, options.meta);
      first = { item, header, codings: header.levels.map((format) => ({ format })) };
      const start = encodeStart(header, indexFlag | checksumFlag);
      startBytes = start.length;
      yield start;
    }
    checkFits(item, first.item, first.header, chunks.length);
    const chunk = encodeChunk([item], first.header, first.codings, true);
    chunks.push({ length: chunk.length, items: 1 });
    yield chunk;
  }
  if (!first) throw new InputError('items', 'at least one item', 'none');
  yield concatBytes(encodeIndex(startBytes, chunks));
}

function streamHeader(item: Tokens, meta: Json | undefined): FileHeader {
  const header = describeItems([item], meta);
  return { ...header, levels: header.levels.map(withVariableAxes) };
}

function withVariableAxes(format: LevelFormat): LevelFormat {
  const shape = format.shape.map((length, axis) => (variableAxes.includes(format.axes[axis]!) ? null : length));
  return { ...format, shape };
}

function checkFits(item: Tokens, first: Tokens, header: FileHeader, index: number): void {
  if (item === first) return;
  const { levels } = describeItems([first, item]);
  for (const [level, format] of levels.entries()) {
    if (equalJson(withVariableAxes(format), header.levels[level])) continue;
    throw new TokensError(
      'invalid-tokens',
      `items[${index}].levels[${level}]: expected ${JSON.stringify(header.levels[level])} as in items[0], got ${JSON.stringify(withVariableAxes(format))}.`,
    );
  }
  const missing = Object.keys(header.source).find((name) => ownField(item.source, name) === undefined);
  if (missing !== undefined) {
    throw new TokensError('invalid-tokens', `items[${index}].source: expected ${missing} as in items[0], got none.`);
  }
}
