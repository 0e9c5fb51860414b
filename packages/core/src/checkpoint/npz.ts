import { CheckpointError } from '../errors';
import type { ByteSource } from './byte-source';
import type { Checkpoint } from './checkpoint';
import { createCheckpoint } from './create-checkpoint';
import { memberStorage } from './member-storage';
import { numpyItemBytes, numpyStoredDtype } from './numpy-values';
import { soleTensorKey } from './pickle-tree';
import { elementCount } from './recipes';
import { checkedEntry, memoryStorage, sourceStorage, type TensorEntry, type TensorStorage } from './tensor-storage';
import { columnMajor } from './torch-entries';
import type { ZipMember } from './zip-directory';
import { inflatedChunks, memberDataOffset } from './zip-member';

const maximumHeaderBytes = 64 * 1024;
/** numpy pads headers to 64 bytes; nearly all fit into this. */
const usualHeaderBytes = 256;

/** Whether the first bytes are those of a `.npy` file. */
export function looksLikeNpy(head: Uint8Array): boolean {
  return [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59].every((byte, index) => head[index] === byte);
}

/** Opens a `.npy` file: one tensor of the name `tensor`. @throws {CheckpointError} */
export async function openNpy(source: ByteSource, signal?: AbortSignal): Promise<Checkpoint> {
  const read = (length: number) => source.read(0, Math.min(length, source.size), signal);
  const header = await readHeader(source.name, soleTensorKey, read);
  const entry = arrayEntry(source.name, soleTensorKey, header, sourceStorage(source, 0, source.size));
  return checkpointOf(source, new Map([[soleTensorKey, entry]]));
}

/** Names of the arrays of an npz archive; empty for other archives. */
export function npzMembers(members: ReadonlyMap<string, ZipMember>): readonly ZipMember[] {
  return [...members.values()].filter(({ name }) => name.endsWith('.npy'));
}

/** Opens an npz archive: arrays under their names, stored or compressed. @throws {CheckpointError} */
export async function openNpz(
  source: ByteSource,
  members: readonly ZipMember[],
  signal?: AbortSignal,
): Promise<Checkpoint> {
  const entries = new Map<string, TensorEntry>();
  for (const member of members) {
    signal?.throwIfAborted();
    const key = member.name.slice(0, -'.npy'.length);
    const header = await readHeader(source.name, key, (length) =>
      memberHead(source, member, Math.min(length, member.bytes), signal),
    );
    entries.set(key, arrayEntry(source.name, key, header, await memberStorage(source, member, { signal })));
  }
  return checkpointOf(source, entries);
}

function checkpointOf(source: ByteSource, entries: ReadonlyMap<string, TensorEntry>): Checkpoint {
  return createCheckpoint({
    source: source.name,
    format: 'npz',
    entries,
    metadata: {},
    files: source.file === undefined ? [] : [{ path: source.file, bytes: source.size }],
    close: () => source.close(),
  });
}

function malformed(source: string, key: string, expected: string, actual: string): CheckpointError {
  return new CheckpointError('malformed', `${source}: ${key}: expected ${expected}, got ${actual}.`, { source });
}

interface ArrayHeader {
  readonly dataOffset: number;
  readonly descriptor: string;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
}

async function readHeader(
  source: string,
  key: string,
  read: (length: number) => Promise<Uint8Array>,
): Promise<ArrayHeader> {
  let bytes = await read(usualHeaderBytes);
  if (!looksLikeNpy(bytes) || bytes.length < 12) throw malformed(source, key, 'a npy header', 'other bytes');
  const version = bytes[6]!;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (version < 1 || version > 3) throw malformed(source, key, 'npy version 1, 2 or 3', `${version}`);
  const start = version === 1 ? 10 : 12;
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > maximumHeaderBytes)
    throw malformed(source, key, `a header of at most ${maximumHeaderBytes} bytes`, `${length}`);
  if (bytes.length < start + length) bytes = await read(start + length);
  if (bytes.length < start + length) throw malformed(source, key, `a header of ${length} bytes`, 'the end of the data');
  return {
    dataOffset: start + length,
    ...parseHeader(source, key, new TextDecoder().decode(bytes.subarray(start, start + length))),
  };
}

/** A Python dictionary literal as numpy writes it: `{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }`. */
function parseHeader(source: string, key: string, text: string): Omit<ArrayHeader, 'dataOffset'> {
  const fields =
    /^\{\s*'descr':\s*('[^'\\]{1,40}'|\[.*\]),\s*'fortran_order':\s*(True|False),\s*'shape':\s*\(([\d\s,L]*)\),?\s*\}\s*$/.exec(
      text,
    );
  if (!fields) throw malformed(source, key, 'descr, fortran_order and shape', text.slice(0, 80).trim());
  const [, descriptor, order, lengths] = fields as unknown as [string, string, string, string];
  const shape = lengths
    .split(',')
    .map((length) => length.trim().replace(/L$/, ''))
    .filter((length) => length !== '')
    .map(Number);
  if (shape.length > 64 || !shape.every((length) => Number.isSafeInteger(length)))
    throw malformed(source, key, 'a shape', lengths);
  return { descriptor: descriptor.replaceAll("'", ''), fortranOrder: order === 'True', shape };
}

function arrayEntry(source: string, key: string, header: ArrayHeader, storage: TensorStorage): TensorEntry {
  const { shape, descriptor, fortranOrder, dataOffset } = header;
  const order = /^[<>|=]/.test(descriptor) ? descriptor[0]! : '=';
  const code = descriptor.replace(/^[<>|=]/, '');
  const itemBytes = numpyItemBytes(code);
  const dtype =
    itemBytes === undefined ? { unsupported: `numpy ${descriptor.slice(0, 40)}` } : numpyStoredDtype(code, order);
  if (typeof dtype !== 'string') return { shape, dtype, storage: memoryStorage(new Uint8Array()), byteOffset: 0 };
  const bytes = elementCount(shape) * itemBytes!;
  if (dataOffset + bytes !== storage.bytes)
    throw malformed(source, key, `${bytes} bytes of data`, `${storage.bytes - dataOffset}`);
  const strides = fortranOrder ? { strides: columnMajor(shape) } : {};
  return checkedEntry({ shape, dtype, storage, byteOffset: dataOffset, ...strides }, { tensor: key, source });
}

/** The first bytes of a member; of a compressed one no more is inflated than needed. */
async function memberHead(
  source: ByteSource,
  member: ZipMember,
  length: number,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  if (member.method === 0) return source.read(await memberDataOffset(source, member, signal), length, signal);
  const out = new Uint8Array(length);
  let filled = 0;
  for await (const chunk of inflatedChunks(source, member, signal)) {
    out.set(chunk.subarray(0, length - filled), filled);
    filled += Math.min(chunk.length, length - filled);
    if (filled === length) break;
  }
  return out.subarray(0, filled);
}
