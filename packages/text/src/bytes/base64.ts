const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const values = new Int8Array(128).fill(-1);
for (let index = 0; index < 64; index += 1) values[alphabet.charCodeAt(index)] = index;

/**
 * Writes the bytes that base64 characters (given as ASCII codes) stand for; `=` ends them.
 *
 * @returns Bytes written, or -1 where a character is no base64 or the length is impossible.
 */
export function writeBase64(codes: Uint8Array, start: number, end: number, target: Uint8Array, at: number): number {
  const first = at;
  let last = end;
  while (last > start && codes[last - 1] === 0x3d) last -= 1;
  if ((last - start) % 4 === 1 || end - last > 2) return -1;
  let bits = 0;
  let held = 0;
  for (let index = start; index < last; index += 1) {
    const code = codes[index]!;
    const value = code < 128 ? values[code]! : -1;
    if (value < 0) return -1;
    bits = ((bits << 6) | value) & 0xffffff;
    held += 6;
    if (held >= 8) {
      held -= 8;
      target[at++] = (bits >> held) & 0xff;
    }
  }
  return at - first;
}

/** Bytes of base64 text, or undefined where it is none. */
export function base64Decode(text: string): Uint8Array | undefined {
  const codes = new TextEncoder().encode(text);
  const target = new Uint8Array(Math.ceil((codes.length * 3) / 4));
  const length = writeBase64(codes, 0, codes.length, target, 0);
  return length < 0 ? undefined : target.subarray(0, length);
}

/** Base64 of bytes, padded. */
export function base64Encode(bytes: Uint8Array): string {
  let text = '';
  for (let index = 0; index < bytes.length; index += 3) {
    const left = bytes.length - index;
    const word = (bytes[index]! << 16) | ((bytes[index + 1] ?? 0) << 8) | (bytes[index + 2] ?? 0);
    text += alphabet[word >> 18]! + alphabet[(word >> 12) & 63]!;
    text += left > 1 ? alphabet[(word >> 6) & 63]! : '=';
    text += left > 2 ? alphabet[word & 63]! : '=';
  }
  return text;
}
