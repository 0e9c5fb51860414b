import { type MpegHeader, mpegHeader } from './mpeg-header';

/** What the first frame of a file tells decoders. */
export interface InfoFacts {
  /** Frames of sound and the bytes of the file. */
  readonly frames: number;
  readonly bytes: number;
  /** Samples that the encoder put in front and behind. */
  readonly delay: number;
  readonly padding: number;
}

/** Side information, tag, counts and the part of LAME. */
const neededBytes = 4 + 32 + 16 + 36;

/**
 * A silent frame of the kind of another one, with a tag that says how many samples are no sound.
 *
 * @param like - Header of a frame of the file.
 */
export function infoFrameBytes(like: Uint8Array, { frames, bytes, delay, padding }: InfoFacts): Uint8Array {
  const { header, start } = frameLike(like);
  const out = new Uint8Array(header.length);
  const view = new DataView(out.buffer);
  out.set(start);
  const sideBytes = header.version === 1 ? (header.channels === 1 ? 17 : 32) : header.channels === 1 ? 9 : 17;
  const at = 4 + sideBytes;
  out.set(new TextEncoder().encode('Info'), at);
  view.setUint32(at + 4, 3);
  view.setUint32(at + 8, frames);
  view.setUint32(at + 12, bytes);
  const lame = at + 16;
  out.set(new TextEncoder().encode('LAME3.100'), lame);
  out.set([delay >> 4, ((delay & 15) << 4) | (padding >> 8), padding & 0xff], lame + 21);
  return out;
}

/** Bytes that {@link infoFrameBytes} takes for such a file. */
export function infoFrameLength(like: Uint8Array): number {
  return frameLike(like).header.length;
}

/** The smallest frame with room, without check sum and padding. */
function frameLike(like: Uint8Array): { readonly header: MpegHeader; readonly start: readonly number[] } {
  for (let index = 1; index < 15; index += 1) {
    const start = [0xff, like[1]! | 1, (index << 4) | (like[2]! & 0x0c), like[3]! & 0xf0];
    const header = mpegHeader(Uint8Array.from(start));
    if (header && header.length >= neededBytes) return { header, start };
  }
  throw new RangeError('no frame has room for a tag');
}
