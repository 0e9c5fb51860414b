/**
 * 16 hex digits that tell vocabularies apart: two 32-bit FNV-style hashes over all parts. No protection against
 * forgery.
 */
export function textFingerprint(parts: Iterable<Uint8Array | string>): string {
  const encoder = new TextEncoder();
  let first = 0x811c9dc5;
  let second = 0x9747b28c;
  for (const part of parts) {
    const bytes = typeof part === 'string' ? encoder.encode(part) : part;
    for (let index = 0; index < bytes.length; index += 1) {
      first = Math.imul(first ^ bytes[index]!, 0x01000193);
      second = Math.imul(second ^ bytes[index]!, 0x5bd1e995);
      second ^= second >>> 15;
    }
    // The end of a part counts, so that parts cannot flow into each other.
    first = Math.imul(first ^ 0x100, 0x01000193);
    second = Math.imul(second ^ bytes.length, 0x5bd1e995);
  }
  return [first, second].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('');
}
