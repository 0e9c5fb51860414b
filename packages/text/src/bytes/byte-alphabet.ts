const isPrintable = (byte: number): boolean =>
  (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;

/**
 * GPT-2's way to show bytes: printable ones as themselves, the other 68 in ascending order as U+0100, U+0101, …; a space
 * is `Ġ`.
 */
export const byteCharacters: readonly string[] = createAlphabet();

function createAlphabet(): string[] {
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(isPrintable(byte) ? byte : next++));
}

/** Byte that a UTF-16 unit shows, by unit up to U+0143; -1 where it shows none. */
export const byteOfUnit: Int16Array = new Int16Array(0x144).fill(-1);
for (const [byte, character] of byteCharacters.entries()) byteOfUnit[character.charCodeAt(0)] = byte;

/** Bytes that a text of this alphabet shows; undefined where it has another character. */
export function readByteCharacters(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    const byte = unit < byteOfUnit.length ? byteOfUnit[unit]! : -1;
    if (byte < 0) return undefined;
    bytes[index] = byte;
  }
  return bytes;
}

/** Shows bytes. */
export function writeByteCharacters(bytes: Uint8Array): string {
  let text = '';
  for (let index = 0; index < bytes.length; index += 1) text += byteCharacters[bytes[index]!]!;
  return text;
}

/** How vocabularies with byte fallback write a byte: `<0x0A>`. */
export const byteToken = (byte: number): string => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`;

/** Value of `<0xNN>`, or -1. */
export function readByteToken(token: string): number {
  return token.length === 6 && /^<0x[0-9A-Fa-f]{2}>$/.test(token) ? Number.parseInt(token.slice(3, 5), 16) : -1;
}
