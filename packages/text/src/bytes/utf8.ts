const encoder = new TextEncoder();
// Without ignoreBOM a decoder would swallow U+FEFF at the beginning.
const lenient = new TextDecoder('utf-8', { ignoreBOM: true });
const strict = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true });

/** UTF-8 of a text; lone surrogates become EF BF BD. */
export const utf8Encode = (text: string): Uint8Array => encoder.encode(text);

/** Text of bytes; what is no valid UTF-8 becomes U+FFFD, as the WHATWG standard counts them. */
export const utf8Decode = (bytes: Uint8Array): string => lenient.decode(bytes);

/** Text of bytes, or undefined where they are no valid UTF-8. */
export function utf8DecodeStrict(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes);
  } catch {
    return undefined;
  }
}

/**
 * Writes the UTF-8 of UTF-16 units. Lone surrogates become EF BF BD.
 *
 * @param target - Has room for 3 bytes a unit.
 * @returns Bytes written.
 */
export function writeUtf8(units: Uint16Array, start: number, end: number, target: Uint8Array): number {
  let at = 0;
  for (let index = start; index < end; index += 1) {
    let unit = units[index]!;
    if (unit < 0x80) {
      target[at++] = unit;
    } else if (unit < 0x800) {
      target[at++] = 0xc0 | (unit >> 6);
      target[at++] = 0x80 | (unit & 63);
    } else if ((unit & 0xf800) !== 0xd800) {
      target[at++] = 0xe0 | (unit >> 12);
      target[at++] = 0x80 | ((unit >> 6) & 63);
      target[at++] = 0x80 | (unit & 63);
    } else {
      const next = index + 1 < end ? units[index + 1]! : 0;
      if (unit < 0xdc00 && (next & 0xfc00) === 0xdc00) {
        unit = ((unit - 0xd800) << 10) + (next - 0xdc00) + 0x10000;
        index += 1;
        target[at++] = 0xf0 | (unit >> 18);
        target[at++] = 0x80 | ((unit >> 12) & 63);
        target[at++] = 0x80 | ((unit >> 6) & 63);
        target[at++] = 0x80 | (unit & 63);
      } else {
        target[at++] = 0xef;
        target[at++] = 0xbf;
        target[at++] = 0xbd;
      }
    }
  }
  return at;
}

/**
 * Writes the UTF-16 units of valid UTF-8.
 *
 * @returns Units written, or -1 where the bytes are no valid UTF-8.
 */
export function writeUtf16(bytes: Uint8Array, start: number, end: number, target: Uint16Array, at: number): number {
  const first = at;
  for (let index = start; index < end;) {
    const byte = bytes[index]!;
    if (byte < 0x80) {
      target[at++] = byte;
      index += 1;
      continue;
    }
    const length = sequenceLength(byte);
    if (length === 0 || index + length > end) return -1;
    let codePoint = byte & (0x7f >> length);
    for (let offset = 1; offset < length; offset += 1) {
      const following = bytes[index + offset]!;
      if ((following & 0xc0) !== 0x80) return -1;
      codePoint = (codePoint << 6) | (following & 63);
    }
    if (codePoint < smallest[length]! || codePoint > 0x10ffff || (codePoint >= 0xd800 && codePoint < 0xe000)) return -1;
    if (codePoint > 0xffff) {
      target[at++] = 0xd800 + ((codePoint - 0x10000) >> 10);
      target[at++] = 0xdc00 + ((codePoint - 0x10000) & 0x3ff);
    } else {
      target[at++] = codePoint;
    }
    index += length;
  }
  return at - first;
}

/** Smallest code point that needs a sequence of this many bytes. */
const smallest = [0, 0, 0x80, 0x800, 0x10000];

/** Bytes of the sequence that a byte begins: 1..4; 0 for a byte that begins none. */
export function sequenceLength(byte: number): number {
  if (byte < 0x80) return 1;
  if (byte < 0xc2 || byte > 0xf4) return 0;
  return byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
}

/** UTF-8 length of a code point, 1..4; a surrogate counts 3, as U+FFFD does. */
export function utf8Length(codePoint: number): number {
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint < 0x10000 ? 3 : 4;
}

/** Bytes of a text as UTF-8; a lone surrogate counts 3. */
export function utf8TextLength(text: string): number {
  let length = text.length;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) continue;
    if (unit < 0x800) {
      length += 1;
    } else {
      // A pair is two units and four bytes.
      const isPair = (unit & 0xfc00) === 0xd800 && (text.charCodeAt(index + 1) & 0xfc00) === 0xdc00;
      length += 2;
      if (isPair) index += 1;
    }
  }
  return length;
}

/** True where every character is ASCII. */
export function isAsciiText(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) if (text.charCodeAt(index) > 0x7f) return false;
  return true;
}
