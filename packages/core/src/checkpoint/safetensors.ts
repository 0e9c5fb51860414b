import { CheckpointError } from '../errors';
import type { ByteSource } from './byte-source';
import type { Checkpoint } from './checkpoint';
import { createCheckpoint } from './create-checkpoint';
import { duplicateJsonKey, jsonExcess } from './json-header';
import { sourceStorage, type TensorEntry } from './tensor-storage';
import { toleranceHint, tolerates, type ReaderOptions } from './tolerance';
import type { StoredDtype } from './weight-recipe';

/** The limit of the official library. */
const maximumHeaderBytes = 100_000_000;
/** 100,000 tensors: an object and two lists each, the header itself and its metadata. Nothing of it is deeper. */
const headerBounds = { depth: 3, containers: 300_002, values: 2_000_000 };

/** Bits per element of every dtype of the format; those outside {@link StoredDtype} are listed but not readable. */
const bitsPerElement: Readonly<Record<string, number>> = {
  F64: 64,
  F32: 32,
  F16: 16,
  BF16: 16,
  I64: 64,
  I32: 32,
  I16: 16,
  I8: 8,
  U8: 8,
  BOOL: 8,
  U64: 64,
  U32: 32,
  U16: 16,
  C64: 64,
  F8_E4M3: 8,
  F8_E5M2: 8,
  F8_E8M0: 8,
  F6_E2M3: 6,
  F6_E3M2: 6,
  F4: 4,
};

const readable: ReadonlySet<string> = new Set<StoredDtype>([
  'F64',
  'F32',
  'F16',
  'BF16',
  'I64',
  'I32',
  'I16',
  'I8',
  'U8',
  'BOOL',
]);

/** Whether the first bytes of a file are a safetensors header: its length, then `{`. */
export function looksLikeSafetensors(head: Uint8Array): boolean {
  return head.length >= 9 && head[8] === 0x7b && head[7] === 0 && head[6] === 0;
}

/**
 * Opens a safetensors file: reads and checks the header, nothing else.
 *
 * @throws {CheckpointError} `malformed` for whatever the official reader refuses: a header that is no JSON or too
 * long, unknown dtypes, sizes that contradict the shape, overlaps, holes, trailing bytes, keys that occur twice.
 * @see https://huggingface.co/docs/safetensors
 */
export async function openSafetensors(source: ByteSource, options: ReaderOptions = {}): Promise<Checkpoint> {
  const { name } = source;
  const { signal } = options;
  const fail = (expected: string, actual: string, code: 'malformed' | 'limit-exceeded' = 'malformed'): never => {
    throw new CheckpointError(code, `${name}: safetensors: expected ${expected}, got ${actual}.`, { source: name });
  };
  const start = await source.read(0, 8, signal);
  const length = Number(new DataView(start.buffer, start.byteOffset, 8).getBigUint64(0, true));
  if (length > maximumHeaderBytes)
    fail(`a header of at most ${maximumHeaderBytes} bytes`, `${length}`, 'limit-exceeded');
  if (8 + length > source.size) fail(`a file of at least ${8 + length} bytes for its header`, `${source.size}`);
  const header = parseHeader(await source.read(8, length, signal), fail);

  const dataBytes = source.size - 8 - length;
  const tensors: { key: string; begin: number; end: number; entry: TensorEntry }[] = [];
  let metadata: Readonly<Record<string, string>> = {};
  for (const [key, value] of Object.entries(header)) {
    if (key === '__metadata__') {
      metadata = parseMetadata(value, fail);
      continue;
    }
    const { dtype, shape, begin, end } = parseTensor(key, value, fail);
    if (end > dataBytes) fail(`${key} within the ${dataBytes} bytes of data`, `offsets [${begin}, ${end}]`);
    tensors.push({
      key,
      begin,
      end,
      entry: {
        shape,
        dtype: readable.has(dtype) ? (dtype as StoredDtype) : { unsupported: dtype },
        storage: sourceStorage(source, 8 + length + begin, end - begin),
        byteOffset: 0,
      },
    });
  }
  tensors.sort((a, b) => a.begin - b.begin || a.end - b.end);
  let position = 0;
  for (const { key, begin, end } of tensors) {
    const fault = begin < position ? 'overlaps' : 'holes';
    if (begin !== position && !tolerates(options, fault))
      fail(
        `${key} to begin at ${position}`,
        `${begin}, ${fault === 'holes' ? 'a hole' : 'an overlap'}${toleranceHint(fault)}`,
      );
    position = Math.max(position, end);
  }
  if (position !== dataBytes && !tolerates(options, 'trailing-bytes'))
    fail(`${position} bytes of data`, `${dataBytes}${toleranceHint('trailing-bytes')}`);
  return createCheckpoint({
    source: name,
    format: 'safetensors',
    entries: new Map(tensors.map(({ key, entry }) => [key, entry])),
    metadata,
    files: source.file === undefined ? [] : [{ path: source.file, bytes: source.size }],
    close: () => source.close(),
  });
}

type Fail = (expected: string, actual: string, code?: 'malformed' | 'limit-exceeded') => never;

function parseHeader(bytes: Uint8Array, fail: Fail): Readonly<Record<string, unknown>> {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const excess = jsonExcess(text, headerBounds);
    if (excess !== undefined) return fail(excess.expected, excess.actual, 'limit-exceeded');
    const header: unknown = JSON.parse(text);
    if (!text.startsWith('{') || !isRecord(header)) return fail('a JSON object as header', text.slice(0, 40));
    const twice = duplicateJsonKey(text);
    return twice === undefined ? header : fail('every key once', `${twice} twice`);
  } catch (error) {
    if (error instanceof CheckpointError) throw error;
    return fail('a header in UTF-8 JSON', (error as Error).message);
  }
}

function parseMetadata(value: unknown, fail: Fail): Readonly<Record<string, string>> {
  if (isRecord(value) && Object.values(value).every((entry) => typeof entry === 'string')) {
    return value as Readonly<Record<string, string>>;
  }
  return fail('__metadata__ to be an object of strings', shortly(value));
}

function parseTensor(key: string, value: unknown, fail: Fail) {
  if (!isRecord(value)) return fail(`${key} to be an object`, shortly(value));
  const { dtype, shape, data_offsets: offsets, ...rest } = value;
  if (Object.keys(rest).length > 0) fail(`${key} to have dtype, shape and data_offsets`, Object.keys(rest).join(', '));
  const bits = typeof dtype === 'string' && Object.hasOwn(bitsPerElement, dtype) ? bitsPerElement[dtype] : undefined;
  if (typeof dtype !== 'string' || bits === undefined) return fail(`${key} to have a known dtype`, shortly(dtype));
  if (!isCountList(shape)) return fail(`${key} to have a shape of non-negative integers`, shortly(shape));
  if (!isCountList(offsets) || offsets.length !== 2) return fail(`${key} to have two data_offsets`, shortly(offsets));
  const [begin, end] = offsets as [number, number];
  const totalBits = shape.reduce((product, count) => product * count, bits);
  if (!Number.isSafeInteger(totalBits)) fail(`${key} to have fewer than 2^53 bits`, `the shape [${shape.join(', ')}]`);
  if (end - begin !== totalBits / 8)
    fail(`${key} to have ${totalBits / 8} bytes (${dtype} [${shape.join(', ')}])`, `${end - begin}`);
  return { dtype, shape, begin, end };
}

function isCountList(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((count) => Number.isSafeInteger(count) && (count as number) >= 0);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value in a message. Nested ones are not followed: they may be a million levels deep. */
function shortly(value: unknown): string {
  if (Array.isArray(value))
    return `[${value
      .slice(0, 8)
      .map((item) => (typeof item === 'number' ? item : typeof item))
      .join(', ')}]`;
  return typeof value === 'string'
    ? JSON.stringify(value.slice(0, 80))
    : typeof value === 'object' && value !== null
      ? 'an object'
      : String(value);
}
