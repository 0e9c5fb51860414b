import { readTokensFile, type Tokens, writeTokensFile } from '@tesserae/core/data';
import { InputError } from '@tesserae/core/data';
import type { TextTokenizer } from '@tesserae/text';
import type { IdFormat } from './text-options';

export const idEndings: Readonly<Record<IdFormat, string>> = {
  ids: '.ids',
  tok: '.tok',
  uint16: '.bin',
  uint32: '.bin',
};

/** Writes ids as they come; a token file at the end. @throws {InputError} An id that does not fit. */
export async function* writeIds(
  ids: AsyncIterable<Int32Array>,
  format: IdFormat,
  tokenizer: TextTokenizer,
): AsyncIterable<Uint8Array> {
  const all: Int32Array[] = [];
  let separator = '';
  try {
    for await (const chunk of ids) {
      if (format === 'tok') all.push(chunk);
      else if (format === 'ids') {
        if (chunk.length === 0) continue;
        yield Buffer.from(`${separator}${chunk.join(' ')}`);
        separator = ' ';
      } else yield integers(chunk, format);
    }
  } catch (error) {
    // The ids of the next text shall not go on in the same line.
    if (separator !== '') yield Buffer.from('\n');
    throw error;
  }
  if (format === 'ids') yield Buffer.from('\n');
  if (format === 'tok') yield writeTokensFile([tokenizer.tokens({ ids: joined(all) })]);
}

/** Ids one after the other. */
export function joined(chunks: readonly Int32Array[]): Int32Array {
  const whole = new Int32Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

function integers(ids: Int32Array, format: 'uint16' | 'uint32'): Uint8Array {
  const size = format === 'uint16' ? 2 : 4;
  const bytes = Buffer.alloc(ids.length * size);
  for (const [index, id] of ids.entries()) {
    if (size === 2 && id > 0xffff) throw new InputError('--as uint16', 'ids up to 65535', String(id));
    bytes.writeUIntLE(id, index * size, size);
  }
  return bytes;
}

/**
 * Reads ids as they come. @throws {InputError} Something else than ids; an end inside one.
 *
 * @param name - For errors.
 */
export async function* readIds(
  chunks: AsyncIterable<Uint8Array>,
  format: Exclude<IdFormat, 'tok'>,
  name: string,
): AsyncIterable<readonly number[]> {
  if (format === 'ids') yield* decimalIds(chunks, name);
  else yield* binaryIds(chunks, format === 'uint16' ? 2 : 4, name);
}

/** Numbers, also with commas and brackets: what `--json` and Python print. */
async function* decimalIds(chunks: AsyncIterable<Uint8Array>, name: string): AsyncIterable<readonly number[]> {
  const decoder = new TextDecoder();
  let held = '';
  const take = (text: string): readonly number[] =>
    text
      .split(/[\s,[\]]+/)
      .filter((word) => word !== '')
      .map((word) => {
        if (/^\d{1,9}$/.test(word)) return Number(word);
        throw new InputError(name, 'ids in decimal', JSON.stringify(word.slice(0, 40)), { code: 'undecodable' });
      });
  for await (const chunk of chunks) {
    held += decoder.decode(chunk, { stream: true });
    const cut = held.search(/[^\s,[\]]*$/);
    yield take(held.slice(0, cut));
    held = held.slice(cut);
    // No id is that long; what is no id at all shall not be gathered.
    if (held.length > 64) take(held);
  }
  yield take(held + decoder.decode());
}

async function* binaryIds(
  chunks: AsyncIterable<Uint8Array>,
  size: number,
  name: string,
): AsyncIterable<readonly number[]> {
  let held = Buffer.alloc(0);
  for await (const chunk of chunks) {
    held = Buffer.concat([held, chunk]);
    const whole = held.length - (held.length % size);
    yield Array.from({ length: whole / size }, (_, index) => held.readUIntLE(index * size, size));
    held = held.subarray(whole);
  }
  if (held.length > 0)
    throw new InputError(name, `ids of ${size} bytes`, `${held.length} bytes at the end`, { code: 'undecodable' });
}

/** Texts of a token file. @throws {TokensError} A damaged file. @throws {InputError} Tokens of something else. */
export function textItems(bytes: Uint8Array, name: string): readonly Tokens[] {
  const items = readTokensFile(bytes);
  const other = items.find(({ tokenizer }) => !tokenizer.id.startsWith('text/'));
  if (other) throw new InputError(name, 'tokens of text', `those of ${other.tokenizer.id}`);
  return items;
}
