const alphabet = /^[\w-]*$/u;

/** Bytes as base64url without padding (RFC 4648, section 5): safe in any part of a link. */
export function toBase64url(bytes: Uint8Array): string {
  const binary = Array.from(bytes, (byte) => String.fromCodePoint(byte)).join('');
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** The inverse of {@link toBase64url}; undefined for what it does not write. */
export function fromBase64url(text: string): Uint8Array | undefined {
  // One character alone holds no byte.
  if (!alphabet.test(text) || text.length % 4 === 1) return undefined;
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = Uint8Array.from(binary, (character) => character.codePointAt(0)!);
  // Bits behind the last byte are zero, so that equal bytes have equal strings.
  return toBase64url(bytes) === text ? bytes : undefined;
}

/** Bytes that so many characters hold. */
export const bytesIn = (characters: number): number => Math.floor((characters * 6) / 8);
