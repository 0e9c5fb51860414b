import { InputError } from '../errors/input-error';
import { TokensError } from '../errors/tokens-error';
import type { Json } from '../signal/signal';
import { decodeChunk } from './chunk-codec';
import { encodeFile, openFrame, type TokensFileOptions, type TokensFrame } from './file-codec';
import { type Allowance, allowance } from './level-codec';
import type { TokenizerIdentity } from './token-types';
import { Tokens } from './tokens';

export type { TokensFileOptions } from './file-codec';

/** A `.tok` file whose items are decoded when asked for. */
export interface TokensFile {
  readonly tokenizer: TokenizerIdentity;
  readonly meta?: Json;
  /** Items in the file. */
  readonly length: number;
  /**
   * One item, by reading its chunk.
   *
   * @throws {InputError} `index` is not 0..length - 1.
   * @throws {TokensError} `malformed`, `invalid-tokens`: the chunk is damaged.
   */
  at(index: number): Tokens;
}

/**
 * The bytes of a `.tok` file of one or many items of one tokenizer.
 *
 * @throws {TokensError} `tokenizer-mismatch`, `invalid-tokens`: the items cannot share a file.
 * @throws {InputError} No items, or an option out of range.
 */
export function writeTokensFile(items: readonly Tokens[], options: TokensFileOptions = {}): Uint8Array {
  if (items.length === 0) {
    throw new InputError('items', 'at least one item', 'none');
  }
  const { itemsPerChunk = 1 } = options;
  if (!Number.isInteger(itemsPerChunk) || itemsPerChunk < 1) {
    throw new InputError('itemsPerChunk', 'an integer of at least 1', String(itemsPerChunk));
  }
  return encodeFile(items, options);
}

/**
 * All items of a `.tok` file.
 *
 * @param options.recover - Return the whole, undamaged items at the front of a file that is cut off; default false.
 * @throws {TokensError} `malformed`, `unsupported-version`, `invalid-tokens`.
 */
export function readTokensFile(bytes: Uint8Array, options: { readonly recover?: boolean } = {}): Tokens[] {
  const { recover = false } = options;
  const frame = openFrame(bytes, recover);
  const free = allowance(frame.freeTokens);
  const items: Tokens[] = [];
  for (const chunk of frame.chunks) {
    try {
      items.push(...restore(frame, chunk, free));
    } catch (error) {
      if (recover) {
        break;
      }
      throw error;
    }
  }
  return items;
}

/** Opens a `.tok` file for reading single items. @throws {TokensError} `malformed`, `unsupported-version`. */
export function openTokensFile(bytes: Uint8Array): TokensFile {
  const frame = openFrame(bytes);
  const length = frame.chunks.reduce((sum, chunk) => sum + chunk.items, 0);
  const { tokenizer, meta } = frame.header;
  return {
    tokenizer,
    ...(meta !== undefined && { meta }),
    length,
    at: (index) => {
      let first = 0;
      for (const chunk of frame.chunks) {
        if (Number.isInteger(index) && index >= first && index < first + chunk.items) {
          return restore(frame, chunk, allowance(frame.freeTokens))[index - first]!;
        }
        first += chunk.items;
      }
      throw new InputError('index', `0..${length - 1}`, String(index));
    },
  };
}

function restore(frame: TokensFrame, chunk: TokensFrame['chunks'][number], free: Allowance): Tokens[] {
  const items = decodeChunk(frame.header, chunk, free);
  if (items.length !== chunk.items) {
    throw new TokensError('malformed', `.tok file: expected ${chunk.items} items in a chunk, got ${items.length}.`);
  }
  return items.map((item) => new Tokens(item));
}
