import { Inflate } from 'fflate';
import { CheckpointError } from '../errors';
import type { ByteSource } from './byte-source';
import { crc32 } from './crc32';
import { sourceStorage, type TensorStorage } from './tensor-storage';
import type { ZipMember } from './zip-directory';

/** Deflate cannot shrink by more than this (a 258 byte match in 2 bits). */
const maximumRatio = 1032;
/** Compressed members are inflated whole. */
const maximumInflatedBytes = 2 ** 31;

/** Where the data of a member begins, from its local header. */
export async function memberDataOffset(source: ByteSource, member: ZipMember, signal?: AbortSignal): Promise<number> {
  const head = await source.read(member.headerOffset, 30, signal);
  const view = new DataView(head.buffer, head.byteOffset, 30);
  const name = new TextEncoder().encode(member.name);
  // Two readers that see different members in one archive are an attack: the local header has to agree.
  if (
    view.getUint32(0, true) !== 0x04034b50 ||
    view.getUint16(8, true) !== member.method ||
    view.getUint16(26, true) !== name.length
  ) {
    fail(source, member, 'a local header that agrees with the directory', 'another one');
  }
  const local = await source.read(member.headerOffset + 30, name.length, signal);
  if (local.some((byte, index) => byte !== name[index])) {
    fail(source, member, 'its name in the local header', new TextDecoder().decode(local));
  }
  const offset = member.headerOffset + 30 + name.length + view.getUint16(28, true);
  if (offset + member.compressedBytes > source.size)
    fail(source, member, `${member.compressedBytes} bytes at ${offset}`, `a file of ${source.size}`);
  return offset;
}

function fail(
  source: ByteSource,
  member: ZipMember,
  expected: string,
  actual: string,
  code: 'malformed' | 'limit-exceeded' | 'unsupported-format' = 'malformed',
): never {
  throw new CheckpointError(code, `${source.name}: ${member.name}: expected ${expected}, got ${actual}.`, {
    source: source.name,
  });
}

/** Reads a whole member and checks its CRC (0 means that the writer left it out). */
export async function readMember(
  source: ByteSource,
  member: ZipMember,
  limits: { readonly maximumBytes: number },
  signal?: AbortSignal,
): Promise<Uint8Array> {
  if (member.bytes > limits.maximumBytes)
    fail(source, member, `at most ${limits.maximumBytes} bytes`, `${member.bytes}`, 'limit-exceeded');
  const offset = await memberDataOffset(source, member, signal);
  let bytes: Uint8Array;
  if (member.method === 0) bytes = await source.read(offset, member.bytes, signal);
  else if (member.method === 8) bytes = await inflateMember(source, member, offset, signal);
  else return fail(source, member, 'a stored or deflated member', `method ${member.method}`, 'unsupported-format');
  if (member.crc32 !== 0 && crc32(bytes) !== member.crc32)
    fail(source, member, `CRC ${member.crc32}`, `${crc32(bytes)}`);
  return bytes;
}

async function inflateMember(
  source: ByteSource,
  member: ZipMember,
  offset: number,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  if (member.bytes > member.compressedBytes * maximumRatio + 64) {
    fail(
      source,
      member,
      `at most ${member.compressedBytes * maximumRatio} inflated bytes`,
      `${member.bytes}`,
      'limit-exceeded',
    );
  }
  const out = new Uint8Array(member.bytes);
  let length = 0;
  const inflate = new Inflate((chunk) => {
    if (length + chunk.length > out.length) fail(source, member, `${member.bytes} inflated bytes`, 'more');
    out.set(chunk, length);
    length += chunk.length;
  });
  const block = 1024 * 1024;
  for (let done = 0; done < member.compressedBytes; done += block) {
    const size = Math.min(block, member.compressedBytes - done);
    const part = await source.read(offset + done, size, signal);
    try {
      inflate.push(part, done + size === member.compressedBytes);
    } catch (error) {
      if (error instanceof CheckpointError) throw error;
      fail(source, member, 'deflated data', (error as Error).message);
    }
  }
  if (length !== out.length) fail(source, member, `${member.bytes} inflated bytes`, `${length}`);
  return out;
}

/**
 * A member as a storage: its place in the file where stored, inflated when read otherwise.
 *
 * For a real file the local header is read now, so that the place is known; for other sources on the first read.
 */
export async function memberStorage(
  source: ByteSource,
  member: ZipMember,
  signal?: AbortSignal,
): Promise<TensorStorage> {
  if (member.method !== 0) {
    return {
      bytes: member.bytes,
      shared: true,
      indivisible: true,
      async read(offset, length, readSignal) {
        const bytes = await readMember(source, member, { maximumBytes: maximumInflatedBytes }, readSignal);
        return bytes.subarray(offset, offset + length);
      },
    };
  }
  if (source.file !== undefined)
    return sourceStorage(source, await memberDataOffset(source, member, signal), member.bytes);
  let start: Promise<number> | undefined;
  return {
    bytes: member.bytes,
    shared: source.shared,
    async read(offset, length, readSignal) {
      start ??= memberDataOffset(source, member).catch((error: unknown) => {
        start = undefined;
        throw error;
      });
      return source.read((await start) + offset, length, readSignal);
    },
  };
}
