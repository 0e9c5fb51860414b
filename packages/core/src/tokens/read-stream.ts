import { byteReader, concatBytes, malformed, u32Bytes, u64Bytes } from './binary';
import { decodeChunk, readChunk } from './chunk-codec';
import { freeTokens, freeTokensPerItem, readStart, startsAsTokens, type TokensFileStart } from './file-codec';
import { type FileHeader, largestHeaderBytes } from './file-header';
import { type ChunkSize, encodeIndex } from './file-index';
import { allowance } from './level-codec';
import { Tokens } from './tokens';

/** What the header of a `.tok` file says of all its items. */
export type TokensHeader = Pick<FileHeader, 'tokenizer' | 'prefixUnit' | 'source' | 'meta'>;

/**
 * The header of a `.tok` file; what stands behind it is not read.
 *
 * @param bytes - In pieces of any size.
 * @returns `source` has the fields that all items share; of a file written by `writeTokensStream` those of the first one.
 * @throws {TokensError} `malformed`, `unsupported-version`, `invalid-tokens`.
 */
export async function readTokensHeader(bytes: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<TokensHeader> {
  const input = byteQueue(bytes);
  try {
    const { tokenizer, prefixUnit, source, meta } = (await readHead(input)).header;
    return { tokenizer, prefixUnit, source, ...(meta !== undefined && { meta }) };
  } finally {
    await input.close();
  }
}

/**
 * The items of a `.tok` file while its bytes come, each as soon as its chunk is there. Any `.tok` file can be read so.
 *
 * @param bytes - In pieces of any size.
 * @throws {TokensError} While it is read: `malformed`, `unsupported-version`, `invalid-tokens`; for a file that is cut off
 *   behind the items that were whole.
 */
export async function* readTokensStream(
  bytes: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): AsyncGenerator<Tokens> {
  const input = byteQueue(bytes);
  try {
    yield* readItems(input);
  } finally {
    await input.close();
  }
}

async function* readItems(input: ByteQueue): AsyncGenerator<Tokens> {
  const { checked, hasIndex, header, length } = await readHead(input);
  const sizes: ChunkSize[] = [];
  for (let at = length; ;) {
    if (hasIndex && sizes.length > 0 && (await atIndex(input, at, length, sizes[0]!))) break;
    const whole = await takeChunk(input, checked);
    const chunk = readChunk(byteReader(whole), checked);
    const items = decodeChunk(header, chunk, allowance(freeTokens + freeTokensPerItem * chunk.items));
    sizes.push({ length: whole.length, items: chunk.items });
    at += whole.length;
    if (!hasIndex && (await input.want(1)) > 0)
      throw malformed('bytes behind the only chunk of a file without an index');
    for (const item of items) yield new Tokens(item);
    if (!hasIndex) return;
  }
  await checkEnd(input, concatBytes(encodeIndex(length, sizes)));
}

/** Bytes that have come and are not taken yet. */
interface ByteQueue {
  /** Waits for so many bytes. @returns How many are there: fewer only at the end. */
  want(count: number): Promise<number>;
  /** The first of those that are there, without taking them. */
  peek(count: number): Uint8Array;
  take(count: number): Uint8Array;
  close(): Promise<void>;
}

function byteQueue(bytes: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): ByteQueue {
  const source = Symbol.asyncIterator in bytes ? bytes[Symbol.asyncIterator]() : bytes[Symbol.iterator]();
  let parts: Uint8Array[] = [];
  let length = 0;
  let ended = false;
  /** All in one piece. */
  const joined = (): Uint8Array => {
    if (parts.length !== 1) parts = [concatBytes(parts)];
    return parts[0]!;
  };
  const peek = (count: number) => joined().subarray(0, count);
  return {
    async want(count) {
      while (length < count && !ended) {
        const next = await source.next();
        if (next.done) ended = true;
        else {
          parts.push(next.value);
          length += next.value.length;
        }
      }
      return length;
    },
    peek,
    take(count) {
      const taken = peek(count);
      parts = [joined().subarray(count)];
      length -= count;
      return taken;
    },
    async close() {
      await source.return?.();
    },
  };
}

async function takeWhole(input: ByteQueue, count: number, what: string): Promise<Uint8Array> {
  const there = await input.want(count);
  if (there < count) throw malformed(`${what}: ${count} bytes, but only ${there} are left: the file is cut off`);
  return input.take(count);
}

async function readHead(input: ByteQueue): Promise<TokensFileStart & { readonly length: number }> {
  const there = await input.want(16);
  // Only the header of a .tok file says how long it is.
  const known = there >= 16 && startsAsTokens(input.peek(4));
  const size = known ? byteReader(input.peek(16).subarray(8)).u32('header length') : 0;
  const length = 16 + Math.min(size, largestHeaderBytes);
  const head = input.take(Math.min(length, await input.want(length)));
  return { ...readStart(byteReader(head)), length };
}

async function takeChunk(input: ByteQueue, checked: boolean): Promise<Uint8Array> {
  if ((await input.want(4)) < 4) throw malformed('the file is cut off in front of a chunk');
  const length = 8 + byteReader(input.peek(4)).u32('chunk length') - (checked ? 0 : 4);
  return takeWhole(input, length, 'chunk');
}

/** Whether the index begins here: its first entry is known, and no chunk begins like it. */
async function atIndex(input: ByteQueue, at: number, start: number, first: ChunkSize): Promise<boolean> {
  const padding = (8 - (at % 8)) % 8;
  const expected = concatBytes([
    new Uint8Array(padding),
    u64Bytes(start),
    u32Bytes(first.length),
    u32Bytes(first.items),
  ]);
  const there = await input.want(expected.length);
  return there >= expected.length && equalBytes(input.peek(expected.length), expected);
}

async function checkEnd(input: ByteQueue, expected: Uint8Array): Promise<void> {
  const rest = await takeWhole(input, expected.length, 'index');
  if (!equalBytes(rest, expected)) throw malformed('the index does not describe the chunks');
  if ((await input.want(1)) > 0) throw malformed('bytes behind the index');
}

const equalBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, index) => byte === b[index]);
