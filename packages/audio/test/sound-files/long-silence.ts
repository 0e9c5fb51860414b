import { flacCrc16, flacCrc8 } from '../../src/io/flac/flac-frame';

/** A FLAC file of so many frames of 65536 zeros: 17 bytes each. */
export function flac(frames: number): Uint8Array {
  const info = new Uint8Array(34);
  const view = new DataView(info.buffer);
  view.setUint16(0, 0xffff);
  view.setUint16(2, 0xffff);
  view.setUint32(10, (8000 << 12) | (15 << 4));
  const header = [0xff, 0xf8, 0x70, 0x08, 0, 0xff, 0xff];
  const start = [...header, flacCrc8(Uint8Array.from(header)), 0, 0, 0];
  const check = flacCrc16(Uint8Array.from(start));
  const frame = [...start, check >> 8, check & 0xff];
  const out = [0x66, 0x4c, 0x61, 0x43, 0x80, 0, 0, 34, ...info];
  for (let index = 0; index < frames; index += 1) out.push(...frame);
  return Uint8Array.from(out);
}
