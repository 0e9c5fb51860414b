import { CheckpointError } from '../errors';
import type { ByteSource } from './byte-source';
import { isInnerPath } from './inner-path';
import { toleranceHint, tolerates, type ReaderOptions } from './tolerance';

/** One member of a zip archive, as its central directory tells. */
export interface ZipMember {
  readonly name: string;
  /** 0 stored, 8 deflated. */
  readonly method: number;
  readonly crc32: number;
  readonly compressedBytes: number;
  readonly bytes: number;
  /** Of the local header; the data begins somewhere behind it. */
  readonly headerOffset: number;
  /** The next local header, or the directory. */
  readonly next: number;
  /** Where the data has to end at the latest: at `next`, unless overlaps are tolerated. */
  readonly limit: number;
  /** Bytes that may lie between the data and `next`: a data descriptor, or anything where holes are tolerated. */
  readonly slack: number;
  /** Whether it may inflate as far as deflate goes. */
  readonly inflates: boolean;
}

/** A directory entry takes at least 46 bytes, so this bounds their number as well. */
const maximumDirectoryBytes = 256 * 1024 * 1024;
const maximumCommentBytes = 0xffff;
const endBytes = 22;
/** The largest torch archives have some ten thousand. */
const maximumMembers = 200_000;
/** CRC and two sizes of eight bytes, with their signature. */
export const descriptorBytes = 24;

/** Whether the first bytes are those of a zip archive. */
export function looksLikeZip(head: Uint8Array): boolean {
  return head[0] === 0x50 && head[1] === 0x4b && ((head[2] === 3 && head[3] === 4) || (head[2] === 5 && head[3] === 6));
}

/**
 * Reads the central directory, zip64 included.
 *
 * @throws {CheckpointError} `malformed` for a damaged directory, members that leave the file or each other, names that
 * occur twice or lead out of the archive, holes; `unsupported-format` for encryption and archives in several parts;
 * `limit-exceeded`.
 */
export async function readZipDirectory(
  source: ByteSource,
  options: ReaderOptions = {},
): Promise<ReadonlyMap<string, ZipMember>> {
  const { signal } = options;
  const end = await findEnd(source, signal);
  if (end.count > maximumMembers) fail(source, `at most ${maximumMembers} members`, `${end.count}`, 'limit-exceeded');
  if (end.directoryBytes > maximumDirectoryBytes) {
    fail(source, `a directory of at most ${maximumDirectoryBytes} bytes`, `${end.directoryBytes}`, 'limit-exceeded');
  }
  const behind = end.offset - end.directoryOffset - end.directoryBytes;
  if (behind < 0) fail(source, 'the directory before the end record', `offset ${end.directoryOffset}`);
  if (behind > 0 && !tolerates(options, 'holes'))
    fail(source, 'the end record behind the directory', `${behind} bytes between them${toleranceHint('holes')}`);
  const bytes = await source.read(end.directoryOffset, end.directoryBytes, signal);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const entries: Entry[] = [];
  let position = 0;
  for (let index = 0; index < end.count; index += 1) {
    if (position + 46 > bytes.length || view.getUint32(position, true) !== 0x02014b50) {
      fail(source, `${end.count} directory entries`, `${index}`);
    }
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((at) => view.getUint16(position + at, true)) as [
      number,
      number,
      number,
    ];
    const next = position + 46 + nameBytes + extraBytes + commentBytes;
    if (next > bytes.length) fail(source, 'a whole directory entry', 'a cut one');
    const member = readEntry(source, view, position, nameBytes, extraBytes);
    if (member.headerOffset + 30 + member.compressedBytes > end.directoryOffset) {
      fail(source, `${member.name} before the directory`, `${member.compressedBytes} bytes at ${member.headerOffset}`);
    }
    entries.push(member);
    position = next;
  }
  if (position !== bytes.length) fail(source, `a directory of ${position} bytes`, `${bytes.length}`);
  return membersOf(source, entries, end.directoryOffset, options);
}

type Entry = Omit<ZipMember, 'next' | 'limit' | 'slack' | 'inflates'>;

/** Every member once, with the room that it has in the file. */
function membersOf(
  source: ByteSource,
  entries: readonly Entry[],
  directoryOffset: number,
  options: ReaderOptions,
): ReadonlyMap<string, ZipMember> {
  const mayOverlap = tolerates(options, 'overlaps');
  const mayHaveHoles = tolerates(options, 'holes');
  const ordered = entries.toSorted((a, b) => a.headerOffset - b.headerOffset);
  const limits = new Map(ordered.map((entry, index) => [entry, ordered[index + 1]?.headerOffset ?? directoryOffset]));
  const first = ordered[0]?.headerOffset ?? directoryOffset;
  if (first !== 0 && !mayHaveHoles)
    fail(source, 'the first member at the start', `${first} bytes before it${toleranceHint('holes')}`);
  const members = new Map<string, ZipMember>();
  for (const entry of entries) {
    const { name } = entry;
    if (members.has(name)) fail(source, 'every member once', `${name} twice`);
    if (!isInnerPath(name)) fail(source, 'names inside of the archive', JSON.stringify(name.slice(0, 80)));
    const next = limits.get(entry)!;
    if (entry.headerOffset + 30 + entry.compressedBytes > next && !mayOverlap)
      fail(source, `${name} before the next member`, `an overlap at ${next}${toleranceHint('overlaps')}`);
    members.set(name, {
      ...entry,
      next,
      limit: mayOverlap ? directoryOffset : next,
      slack: mayHaveHoles ? Number.POSITIVE_INFINITY : descriptorBytes,
      inflates: tolerates(options, 'inflation'),
    });
  }
  return members;
}

function fail(
  source: ByteSource,
  expected: string,
  actual: string,
  code: 'malformed' | 'limit-exceeded' | 'unsupported-format' = 'malformed',
): never {
  throw new CheckpointError(code, `${source.name}: zip: expected ${expected}, got ${actual}.`, { source: source.name });
}

interface End {
  /** Where the end records begin. */
  readonly offset: number;
  readonly count: number;
  readonly directoryBytes: number;
  readonly directoryOffset: number;
}

async function findEnd(source: ByteSource, signal: AbortSignal | undefined): Promise<End> {
  const tailBytes = Math.min(source.size, endBytes + maximumCommentBytes + 20);
  const tail = await source.read(source.size - tailBytes, tailBytes, signal);
  const view = new DataView(tail.buffer, tail.byteOffset, tail.length);
  // The comment has to reach exactly to the end of the file, so that no end record inside of it is taken.
  for (let at = tail.length - endBytes; at >= 0; at -= 1) {
    if (view.getUint32(at, true) !== 0x06054b50 || at + endBytes + view.getUint16(at + 20, true) !== tail.length)
      continue;
    const offset = source.size - tailBytes + at;
    const plain: End = {
      offset,
      count: view.getUint16(at + 10, true),
      directoryBytes: view.getUint32(at + 12, true),
      directoryOffset: view.getUint32(at + 16, true),
    };
    const locator = at >= 20 && view.getUint32(at - 20, true) === 0x07064b50;
    if (locator) return readZip64End(source, Number(view.getBigUint64(at - 12, true)), offset - 20, plain, signal);
    if (view.getUint16(at + 4, true) !== 0 || view.getUint16(at + 8, true) !== plain.count) {
      fail(source, 'an archive in one part', 'several', 'unsupported-format');
    }
    return plain;
  }
  return fail(source, 'an end of central directory record', 'none (the file is cut or damaged)');
}

async function readZip64End(
  source: ByteSource,
  offset: number,
  limit: number,
  plain: End,
  signal: AbortSignal | undefined,
): Promise<End> {
  if (!Number.isSafeInteger(offset) || offset + 56 > limit)
    fail(source, 'the zip64 end record within the file', `offset ${offset}`);
  const bytes = await source.read(offset, 56, signal);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (view.getUint32(0, true) !== 0x06064b50) fail(source, 'a zip64 end record', 'another signature');
  const [recordBytes, count, directoryBytes, directoryOffset] = [4, 32, 40, 48].map((at) =>
    Number(view.getBigUint64(at, true)),
  ) as [number, number, number, number];
  if (![count, directoryBytes, directoryOffset].every(Number.isSafeInteger))
    fail(source, 'sizes below 2^53', 'larger ones');
  // Two readers that take different records would see two archives: all that is said twice has to agree.
  if (offset + 12 + recordBytes !== limit) fail(source, `a zip64 end record up to ${limit}`, `${recordBytes} bytes`);
  if (Number(view.getBigUint64(24, true)) !== count || view.getUint32(16, true) !== 0 || view.getUint32(20, true) !== 0)
    fail(source, 'an archive in one part', 'several', 'unsupported-format');
  const agrees = (short: number, all: number, wide: number) => short === all || short === wide;
  if (
    !agrees(plain.count, 0xffff, count) ||
    !agrees(plain.directoryBytes, 0xffffffff, directoryBytes) ||
    !agrees(plain.directoryOffset, 0xffffffff, directoryOffset)
  )
    fail(source, 'both end records to agree', `${plain.count} and ${count} members`);
  return { offset, count, directoryBytes, directoryOffset };
}

function readEntry(source: ByteSource, view: DataView, at: number, nameBytes: number, extraBytes: number): Entry {
  const name = new TextDecoder().decode(new Uint8Array(view.buffer, view.byteOffset + at + 46, nameBytes));
  const flags = view.getUint16(at + 8, true);
  if (flags & 1) fail(source, `${name} not encrypted`, 'an encrypted member', 'unsupported-format');
  const method = view.getUint16(at + 10, true);
  let [compressedBytes, bytes, headerOffset] = [20, 24, 42].map((field) => view.getUint32(at + field, true)) as [
    number,
    number,
    number,
  ];
  const missing = [bytes, compressedBytes, headerOffset].filter((value) => value === 0xffffffff).length;
  if (missing > 0) {
    const wide =
      zip64Fields(view, at + 46 + nameBytes, extraBytes, missing) ?? fail(source, `zip64 sizes of ${name}`, 'none');
    // Only the fields that overflow are present, in this order.
    if (bytes === 0xffffffff) bytes = wide.shift()!;
    if (compressedBytes === 0xffffffff) compressedBytes = wide.shift()!;
    if (headerOffset === 0xffffffff) headerOffset = wide.shift()!;
  }
  if (![bytes, compressedBytes, headerOffset].every(Number.isSafeInteger))
    fail(source, `sizes of ${name} below 2^53`, 'larger ones');
  if (method === 0 && bytes !== compressedBytes) fail(source, `${name} stored in ${bytes} bytes`, `${compressedBytes}`);
  return { name, method, crc32: view.getUint32(at + 16, true), compressedBytes, bytes, headerOffset };
}

function zip64Fields(view: DataView, start: number, length: number, count: number): number[] | undefined {
  for (let at = start; at + 4 <= start + length; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== 1) continue;
    if (view.getUint16(at + 2, true) < count * 8 || at + 4 + count * 8 > start + length) return undefined;
    return Array.from({ length: count }, (_, index) => Number(view.getBigUint64(at + 4 + index * 8, true)));
  }
  return undefined;
}
