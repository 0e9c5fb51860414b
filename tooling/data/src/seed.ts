/**
 * A 32-bit seed from a text (FNV-1a): every file gets a random stream of its own, whatever the order of the files.
 *
 * @param text - For example a seed and a path.
 */
export function seedOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
