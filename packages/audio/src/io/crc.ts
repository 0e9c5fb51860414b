/** Cyclic redundancy check of bytes, highest bit first, starting from 0. */
export type Crc = (bytes: Uint8Array, from?: number, to?: number) => number;

/** @param width - Bits: 8 to 32. @param polynomial - Without its highest term. */
export function crc(width: number, polynomial: number): Crc {
  const shift = 32 - width;
  const aligned = polynomial << shift;
  const table = Int32Array.from({ length: 256 }, (_, byte) => {
    let value = byte << 24;
    for (let bit = 0; bit < 8; bit += 1) value = value < 0 ? (value << 1) ^ aligned : value << 1;
    return value;
  });
  return (bytes, from = 0, to = bytes.length) => {
    let value = 0;
    for (let at = from; at < to; at += 1) value = (value << 8) ^ table[(value >>> 24) ^ bytes[at]!]!;
    return value >>> shift;
  };
}
