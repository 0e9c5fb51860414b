import { sequenceLength } from './utf8';

/** Bytes at the end that may still become a character, 0..3. */
export function incompleteTail(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back += 1) {
    const byte = bytes[bytes.length - back]!;
    if ((byte & 0xc0) === 0x80) continue;
    if (sequenceLength(byte) <= back) return 0;
    return back === 1 || isSecondByte(byte, bytes[bytes.length - back + 1]!) ? back : 0;
  }
  return 0;
}

/** E0, ED, F0 and F4 restrict the byte behind them; with another one the sequence is broken already. */
function isSecondByte(first: number, second: number): boolean {
  if (first === 0xe0) return second >= 0xa0;
  if (first === 0xed) return second < 0xa0;
  if (first === 0xf0) return second >= 0x90;
  return first !== 0xf4 || second < 0x90;
}
