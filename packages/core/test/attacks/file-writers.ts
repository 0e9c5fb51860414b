import { deflateSync } from 'fflate';
import { crc32 } from '../../src/checkpoint/crc32';
import { bytesOf, list, pickle, text, uint32, uint64, type Part } from './pickle-writer';

const uint16 = (value: number): Uint8Array => new Uint8Array(Uint16Array.of(value).buffer);

/** A safetensors file from header text (or an object) and data. */
export function safetensors(
  header: string | object,
  data: Uint8Array = new Uint8Array(),
  headerBytes?: bigint,
): Uint8Array {
  const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  return bytesOf(uint64(headerBytes ?? json.length), json, data);
}

export function floats(...values: readonly number[]): Uint8Array {
  return new Uint8Array(Float32Array.from(values).buffer);
}

export interface MemberOptions {
  readonly name: string;
  readonly data: Uint8Array;
  readonly deflated?: boolean;
  /** Overrides of what the directory says. */
  readonly bytes?: number;
  readonly compressedBytes?: number;
  readonly crc32?: number;
  readonly flags?: number;
  readonly localName?: string;
  readonly headerOffset?: number;
  readonly method?: number;
  /** What the local header says instead of the directory. */
  readonly local?: {
    readonly flags?: number;
    readonly method?: number;
    readonly crc32?: number;
    readonly compressedBytes?: number;
    readonly bytes?: number;
  };
  /** Bytes behind the data, before the next member. */
  readonly behind?: Uint8Array;
  /** Bytes of data behind `data` that are not written: see {@link zipAround}. */
  readonly hole?: number;
}

export interface ZipOptions {
  readonly zip64?: boolean;
  readonly comment?: Uint8Array;
  /** Members that the end record counts. */
  readonly count?: number;
  /** Of the short end record beside a zip64 one; default: that it is in the other. */
  readonly shortCount?: number;
  /** Size that the zip64 end record says of itself. */
  readonly endBytes?: number;
  /** Bytes before the first member. */
  readonly before?: Uint8Array;
  /** Bytes between the directory and the end records. */
  readonly behindDirectory?: Uint8Array;
}

/** A zip archive; every header field can lie. */
export function zip(members: readonly MemberOptions[], options: ZipOptions = {}): Uint8Array {
  return bytesOf(...zipAround(members, options));
}

/** A zip archive as what lies before and behind the hole in one of its members. */
export function zipAround(
  members: readonly MemberOptions[],
  options: ZipOptions = {},
): readonly [before: Uint8Array, behind: Uint8Array] {
  const before = options.before ?? new Uint8Array();
  let local: Part[] = [before];
  let beforeHole: Uint8Array = new Uint8Array();
  const directory: Uint8Array[] = [];
  let position = before.length;
  for (const member of members) {
    const data = member.deflated ? deflateSync(member.data) : member.data;
    const name = new TextEncoder().encode(member.name);
    const localName = new TextEncoder().encode(member.localName ?? member.name);
    const method = member.method ?? (member.deflated ? 8 : 0);
    const sum = member.crc32 ?? crc32(member.data);
    const hole = member.hole ?? 0;
    const bytes = member.bytes ?? member.data.length + hole;
    const compressedBytes = member.compressedBytes ?? data.length + hole;
    const offset = member.headerOffset ?? position;
    const header = bytesOf(
      'PK\x03\x04',
      uint16(45),
      uint16(member.local?.flags ?? 0),
      uint16(member.local?.method ?? method),
      uint32(0),
      uint32(member.local?.crc32 ?? sum),
      uint32(member.local?.compressedBytes ?? compressedBytes),
      uint32(member.local?.bytes ?? bytes),
      uint16(localName.length),
      uint16(0),
      localName,
    );
    const behind = member.behind ?? new Uint8Array();
    local.push(header, data);
    if (hole > 0) {
      beforeHole = bytesOf(local);
      local = [];
    }
    local.push(behind);
    position += header.length + data.length + hole + behind.length;
    const extra = options.zip64
      ? bytesOf(uint16(1), uint16(24), uint64(bytes), uint64(compressedBytes), uint64(offset))
      : new Uint8Array();
    const wide = (value: number) => uint32(options.zip64 ? 0xffffffff : value);
    directory.push(
      bytesOf(
        'PK\x01\x02',
        uint16(45),
        uint16(45),
        uint16(member.flags ?? 0),
        uint16(method),
        uint32(0),
        uint32(sum),
        wide(compressedBytes),
        wide(bytes),
        uint16(name.length),
        uint16(extra.length),
        uint16(0),
        uint16(0),
        uint16(0),
        uint32(0),
        wide(offset),
        name,
        extra,
      ),
    );
  }
  const records = bytesOf(...directory);
  const count = options.count ?? members.length;
  const behindDirectory = options.behindDirectory ?? new Uint8Array();
  const end: Part[] = [behindDirectory];
  if (options.zip64) {
    end.push(
      'PK\x06\x06',
      uint64(options.endBytes ?? 44),
      uint16(45),
      uint16(45),
      uint32(0),
      uint32(0),
      uint64(count),
      uint64(count),
      uint64(records.length),
      uint64(position),
    );
    end.push('PK\x06\x07', uint32(0), uint64(position + records.length + behindDirectory.length), uint32(1));
  }
  const comment = options.comment ?? new Uint8Array();
  const small = (value: number) => (options.zip64 ? uint16(0xffff) : uint16(value));
  const wide = (value: number) => uint32(options.zip64 ? 0xffffffff : value);
  end.push(
    'PK\x05\x06',
    uint16(0),
    uint16(0),
    options.shortCount === undefined ? small(count) : uint16(options.shortCount),
    options.shortCount === undefined ? small(count) : uint16(options.shortCount),
    wide(records.length),
    wide(position),
    uint16(comment.length),
    comment,
  );
  return [beforeHole, bytesOf(local, records, end)];
}

/** A torch archive: `data.pkl` and storages `data/<key>`. */
export function torchZip(
  root: Part,
  storages: Readonly<Record<string, Uint8Array>> = {},
  options: Omit<Partial<MemberOptions>, 'name' | 'data'> & {
    readonly byteOrder?: string;
    readonly zip64?: boolean;
  } = {},
): Uint8Array {
  const { byteOrder = 'little', zip64 = false, ...member } = options;
  return zip(
    [
      { name: 'archive/data.pkl', data: pickle(root), ...member },
      { name: 'archive/byteorder', data: bytesOf(byteOrder) },
      ...Object.entries(storages).map(([key, data]) => ({
        name: `archive/data/${key}`,
        data,
        deflated: member.deflated ?? false,
      })),
    ],
    { zip64 },
  );
}

/** A file of torch.save before 1.6. */
export function torchLegacy(
  root: Part,
  storages: readonly (readonly [key: string, elements: number | bigint, data: Uint8Array])[],
): Uint8Array {
  return bytesOf(
    '\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.',
    '\x80\x02M\xe9\x03.',
    '\x80\x02}(X\x0d\x00\x00\x00little_endian\x88u.',
    pickle(root),
    pickle(list(...storages.map(([key]) => text(key)))),
    storages.map(([, elements, data]): Part => [new Uint8Array(BigInt64Array.of(BigInt(elements)).buffer), data]),
  );
}

/** A `.npy` file of version 1. */
export function npy(header: string, data: Uint8Array): Uint8Array {
  const padded = `${header}\n`;
  return bytesOf('\x93NUMPY\x01\x00', uint16(padded.length), padded, data);
}

export function varint(value: number | bigint): Uint8Array {
  const out: number[] = [];
  let rest = BigInt(value);
  do {
    out.push(Number(rest & 127n) | (rest > 127n ? 128 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return Uint8Array.from(out);
}

/** A protobuf field: bytes with a length, or a varint. */
export function field(number: number, value: bigint | Part): Part {
  if (typeof value === 'number' || typeof value === 'bigint') return [varint(number * 8), varint(value)];
  const bytes = bytesOf(value);
  return [varint(number * 8 + 2), varint(bytes.length), bytes];
}

/** An ONNX model of one graph. */
export function onnx(...graph: readonly Part[]): Uint8Array {
  return bytesOf(field(1, 8), field(2, 'test'), field(7, graph));
}
