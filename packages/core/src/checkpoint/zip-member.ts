import { Inflate } from 'fflate';
import { CheckpointError } from '../errors';
import type { ByteSource } from './byte-source';
import { crc32 } from './crc32';
import { toleranceHint } from './tolerance';
import { descriptorBytes, type ZipMember } from './zip-directory';

/** Deflate cannot shrink by more than this (a 258 byte match in 2 bits). */
const maximumRatio = 1032;
/** Weights do not shrink by more than this; what is small may. */
const honestRatio = 100;
const smallBytes = 32 * 1024 * 1024;
/** Compressed bytes that are inflated at a time: at most 4 MB come out. */
const inflatedBlockBytes = 4 * 1024;
const readBytes = 1024 * 1024;
/** Read together with the local header; torch pads with an extra field of up to 64 bytes. */
const usualExtraBytes = 96;

/**
 * Where the data of a member begins, from its local header.
 *
 * @throws {CheckpointError} `malformed` where the header says something else than the directory, or where the data
 * overlaps what follows or leaves a hole before it.
 */
export async function memberDataOffset(source: ByteSource, member: ZipMember, signal?: AbortSignal): Promise<number> {
  const name = new TextEncoder().encode(member.name);
  const wanted = Math.min(30 + name.length + usualExtraBytes, source.size - member.headerOffset);
  let head = await source.read(member.headerOffset, wanted, signal);
  let view = new DataView(head.buffer, head.byteOffset, head.length);
  // Two readers that see different members in one archive are an attack: the local header has to agree.
  if (
    head.length < 30 + name.length ||
    view.getUint32(0, true) !== 0x04034b50 ||
    (view.getUint16(6, true) & 1) !== 0 ||
    view.getUint16(8, true) !== member.method ||
    view.getUint16(26, true) !== name.length
  ) {
    fail(source, member, 'a local header that agrees with the directory', 'another one');
  }
  const local = head.subarray(30, 30 + name.length);
  if (local.some((byte, index) => byte !== name[index])) {
    fail(source, member, 'its name in the local header', new TextDecoder().decode(local));
  }
  const extraBytes = view.getUint16(28, true);
  const offset = member.headerOffset + 30 + name.length + extraBytes;
  const end = offset + member.compressedBytes;
  if (end > member.limit)
    fail(source, member, `data up to ${member.limit}`, `${member.compressedBytes} bytes at ${offset}`);
  // Only a descriptor may follow: CRC and sizes of what was written as a stream.
  const slack = (view.getUint16(6, true) & 8) === 0 ? Math.max(member.slack - descriptorBytes, 0) : member.slack;
  if (member.next - end > slack)
    fail(source, member, 'the next member behind it', `a hole of ${member.next - end} bytes${toleranceHint('holes')}`);
  if (head.length < 30 + name.length + extraBytes) {
    head = await source.read(member.headerOffset, 30 + name.length + extraBytes, signal);
    view = new DataView(head.buffer, head.byteOffset, head.length);
  }
  checkLocalSizes(source, member, view, 30 + name.length, extraBytes);
  return offset;
}

/** CRC and sizes of the local header: those of the directory, or absent where a descriptor follows the data. */
function checkLocalSizes(source: ByteSource, member: ZipMember, view: DataView, at: number, extraBytes: number): void {
  const wide = zip64Sizes(view, at, extraBytes);
  const streamed = (view.getUint16(6, true) & 8) !== 0;
  const agrees = (value: number, expected: number) => value === expected || (streamed && value === 0);
  const size = (field: number, wideField: number | undefined) => {
    const value = view.getUint32(field, true);
    return value === 0xffffffff ? (wideField ?? value) : value;
  };
  const [sum, compressed, bytes] = [view.getUint32(14, true), size(18, wide?.[1]), size(22, wide?.[0])];
  if (agrees(sum, member.crc32) && agrees(compressed, member.compressedBytes) && agrees(bytes, member.bytes)) return;
  fail(source, member, 'the CRC and sizes of the directory in the local header', `${compressed} and ${bytes} bytes`);
}

/** Size and compressed size of a zip64 extra field. */
function zip64Sizes(view: DataView, start: number, length: number): readonly [number, number] | undefined {
  for (let at = start; at + 4 <= start + length; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== 1 || view.getUint16(at + 2, true) < 16 || at + 20 > start + length) continue;
    return [Number(view.getBigUint64(at + 4, true)), Number(view.getBigUint64(at + 12, true))];
  }
  return undefined;
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

/** @throws {CheckpointError} `malformed` where the CRC is another one; 0 means that the writer left it out. */
export function assertMemberCrc(source: ByteSource, member: ZipMember, sum: number): void {
  if (member.crc32 !== 0 && sum !== member.crc32) fail(source, member, `CRC ${member.crc32}`, `${sum}`);
}

/** Reads a whole member and checks its CRC. */
export async function readMember(
  source: ByteSource,
  member: ZipMember,
  limits: { readonly maximumBytes: number },
  signal?: AbortSignal,
): Promise<Uint8Array> {
  if (member.bytes > limits.maximumBytes)
    fail(source, member, `at most ${limits.maximumBytes} bytes`, `${member.bytes}`, 'limit-exceeded');
  if (member.method === 0) {
    const bytes = await source.read(await memberDataOffset(source, member, signal), member.bytes, signal);
    assertMemberCrc(source, member, crc32(bytes));
    return bytes;
  }
  assertInflates(source, member);
  const bytes = new Uint8Array(member.bytes);
  let length = 0;
  for await (const chunk of inflatedChunks(source, member, signal)) {
    bytes.set(chunk, length);
    length += chunk.length;
  }
  return bytes;
}

/** @throws {CheckpointError} `unsupported-format` for other methods, `limit-exceeded` for what grows too much. */
function assertInflates(source: ByteSource, member: ZipMember): void {
  if (member.method !== 8)
    fail(source, member, 'a stored or deflated member', `method ${member.method}`, 'unsupported-format');
  const most =
    member.compressedBytes * (member.inflates ? maximumRatio : honestRatio) + (member.inflates ? 64 : smallBytes);
  if (member.bytes > Math.min(most, member.compressedBytes * maximumRatio + 64)) {
    fail(
      source,
      member,
      `at most ${honestRatio} times its ${member.compressedBytes} bytes`,
      `${member.bytes}${member.inflates ? '' : toleranceHint('inflation')}`,
      'limit-exceeded',
    );
  }
}

/**
 * A deflated member in pieces, from its start; size and CRC are checked at its end.
 *
 * @throws {CheckpointError} `malformed`, `limit-exceeded`, `unsupported-format`.
 */
export async function* inflatedChunks(
  source: ByteSource,
  member: ZipMember,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  assertInflates(source, member);
  const offset = await memberDataOffset(source, member, signal);
  const ready: Uint8Array[] = [];
  const inflate = new Inflate((chunk) => ready.push(chunk));
  let length = 0;
  let sum = 0;
  let done = 0;
  // Little at first: a header may be all that is wanted.
  for (
    let step = inflatedBlockBytes;
    done < member.compressedBytes || done === 0;
    step = Math.min(step * 4, readBytes)
  ) {
    const part = await source.read(offset + done, Math.min(step, member.compressedBytes - done), signal);
    for (let at = 0; at < part.length || at === 0; at += inflatedBlockBytes) {
      const last = done + at + inflatedBlockBytes >= member.compressedBytes;
      try {
        inflate.push(part.slice(at, at + inflatedBlockBytes), last);
      } catch (error) {
        fail(source, member, 'deflated data', (error as Error).message);
      }
      for (const chunk of ready.splice(0)) {
        length += chunk.length;
        if (length > member.bytes) fail(source, member, `${member.bytes} inflated bytes`, 'more');
        sum = crc32(chunk, sum);
        yield chunk;
      }
    }
    done += part.length;
    if (part.length === 0) break;
  }
  if (length !== member.bytes) fail(source, member, `${member.bytes} inflated bytes`, `${length}`);
  assertMemberCrc(source, member, sum);
}
