import { ConfigError } from '@tesserae/core/data';
import { utf8DecodeStrict, utf8Encode } from '../bytes/utf8';

/** What a tokenizer consists of, ready to be written. */
export interface PackedText {
  readonly kind: 'ranks' | 'json' | 'sentencepiece';
  /** Whatever JSON holds well: names, settings. */
  readonly header: Readonly<Record<string, unknown>>;
  /** Tables as bytes. */
  readonly sections: readonly Uint8Array[];
}

/** `TTOK` and the version of the layout. */
const magic = Uint8Array.of(0x54, 0x54, 0x4f, 0x4b, 1);

const kinds = ['ranks', 'json', 'sentencepiece'] as const;

/** True for the first bytes of a file in this form, of any version. */
export const isBinaryForm = (bytes: Uint8Array): boolean =>
  magic.subarray(0, 4).every((byte, at) => bytes[at] === byte);

/**
 * Writes the compact form: magic and version, kind (1 byte), number of sections (1 byte), the length of the header and of
 * each section (4 bytes each, little endian), then these.
 */
export function writeBinaryForm({ kind, header, sections }: PackedText): Uint8Array {
  const parts = [utf8Encode(JSON.stringify(header)), ...sections];
  const start = magic.length + 2 + parts.length * 4;
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, start));
  const view = new DataView(out.buffer);
  out.set(magic);
  out[magic.length] = kinds.indexOf(kind);
  out[magic.length + 1] = sections.length;
  let at = start;
  for (const [index, part] of parts.entries()) {
    view.setUint32(magic.length + 2 + index * 4, part.length, true);
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** @throws {ConfigError} It is something else, of another version, or cut off. */
export function readBinaryForm(bytes: Uint8Array, name: string): PackedText {
  if (!isBinaryForm(bytes)) throw new ConfigError(name, 'the binary form of a text tokenizer', 'other bytes');
  const [version, kind, count = 0] = bytes.subarray(4, 7);
  if (version !== magic[4]) throw new ConfigError(`${name}: version`, String(magic[4]), String(version));
  const found = kinds[kind!];
  if (!found) throw new ConfigError(`${name}: kind`, `0..${kinds.length - 1}`, String(kind));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 7 + (count + 1) * 4;
  const parts: Uint8Array[] = [];
  for (let index = 0; index <= count; index += 1) {
    const length = 7 + index * 4 + 4 <= bytes.length ? view.getUint32(7 + index * 4, true) : Infinity;
    if (at + length > bytes.length) {
      throw new ConfigError(`${name}: part ${index}`, `${length} bytes`, `${Math.max(0, bytes.length - at)}`);
    }
    parts.push(bytes.subarray(at, at + length));
    at += length;
  }
  return { kind: found, header: readHeader(parts[0]!, name), sections: parts.slice(1) };
}

function readHeader(bytes: Uint8Array, name: string): Readonly<Record<string, unknown>> {
  try {
    const header: unknown = JSON.parse(utf8DecodeStrict(bytes) ?? '');
    if (typeof header === 'object' && header !== null) return header as Readonly<Record<string, unknown>>;
  } catch (cause) {
    throw new ConfigError(`${name}: header`, 'JSON', (cause as Error).message, { cause });
  }
  throw new ConfigError(`${name}: header`, 'an object', 'something else');
}
