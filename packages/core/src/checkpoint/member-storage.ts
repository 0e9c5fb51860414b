import type { ByteSource } from './byte-source';
import { crc32 } from './crc32';
import type { TensorStorage } from './tensor-storage';
import type { ZipMember } from './zip-directory';
import { assertMemberCrc, inflatedChunks, memberDataOffset, readMember } from './zip-member';

/** Compressed members that are read whole. */
const maximumInflatedBytes = 2 ** 31;

export interface MemberStorageOptions {
  readonly signal?: AbortSignal | undefined;
  /** Read nothing of it until it is asked for: it has no place in the file then. */
  readonly untouched?: boolean;
}

/**
 * A member as a storage: its place in the file where stored, inflated when read otherwise.
 *
 * For a real file the local header is read now, so that the place is known; for other sources on the first read. The
 * CRC of a stored member is checked when it is read from its first to its last byte in order; what an engine maps
 * itself is not read here.
 */
export async function memberStorage(
  source: ByteSource,
  member: ZipMember,
  { signal, untouched = false }: MemberStorageOptions = {},
): Promise<TensorStorage> {
  if (member.method !== 0) return inflatedStorage(source, member);
  let start: Promise<number> | undefined;
  const dataOffset = () => {
    start ??= memberDataOffset(source, member).catch((error: unknown) => {
      start = undefined;
      throw error;
    });
    return start;
  };
  const place = source.file === undefined || untouched ? undefined : { file: source.file, offset: await dataOffset() };
  signal?.throwIfAborted();
  const checked = { end: 0, sum: 0 };
  return {
    bytes: member.bytes,
    ...(place && { place }),
    shared: source.shared,
    async read(offset, length, readSignal) {
      const bytes = await source.read((await dataOffset()) + offset, length, readSignal);
      if (offset === 0) Object.assign(checked, { end: 0, sum: 0 });
      if (offset === checked.end) {
        checked.sum = crc32(bytes, checked.sum);
        checked.end += length;
        if (checked.end === member.bytes) assertMemberCrc(source, member, checked.sum);
      }
      return bytes;
    },
  };
}

function inflatedStorage(source: ByteSource, member: ZipMember): TensorStorage {
  return {
    bytes: member.bytes,
    shared: true,
    indivisible: true,
    async read(offset, length, signal) {
      const bytes = await readMember(source, member, { maximumBytes: maximumInflatedBytes }, signal);
      return bytes.subarray(offset, offset + length);
    },
    stream: (signal) => inflatedChunks(source, member, signal),
  };
}
