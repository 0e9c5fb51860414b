import type { Trim } from '../trim-blocks';
import type { MpegHeader } from './mpeg-header';

/** Samples by which every decoder of layer 3 is late. */
export const decoderDelay = 529;

/** What a frame or a tag says about the length of the sound. */
export interface Gapless {
  /** Samples that the encoder put in front. */
  readonly delay: number;
  /** Samples that it put behind; undefined where only the length is known. */
  readonly padding?: number;
  /** Samples of the sound, where stated. */
  readonly length?: number;
}

/** The first frame of a file that holds facts instead of sound. */
export interface InfoFrame {
  /** Frames of sound; undefined where unknown. */
  readonly frames?: number;
  readonly gapless?: Gapless;
}

/** Encoders that write delay and padding where LAME does. */
const encoders = ['LAME', 'Lavf', 'Lavc'];

/**
 * Reads a Xing, Info or VBRI frame; undefined where the frame holds sound.
 *
 * @param frame - Whole, with its header.
 */
export function infoFrame(frame: Uint8Array, header: MpegHeader): InfoFrame | undefined {
  if (header.layer !== 3) return undefined;
  const view = new DataView(frame.buffer, frame.byteOffset, frame.length);
  if (tag(frame, 36) === 'VBRI' && frame.length >= 54) return { frames: view.getUint32(50) };
  const sideBytes = header.version === 1 ? (header.channels === 1 ? 17 : 32) : header.channels === 1 ? 9 : 17;
  const hasCheckSum = (frame[1]! & 1) === 0;
  const start = [4 + sideBytes, ...(hasCheckSum ? [6 + sideBytes] : [])].find((at) =>
    ['Xing', 'Info'].includes(tag(frame, at)),
  );
  if (start === undefined || frame.length < start + 8) return undefined;
  const flags = view.getUint32(start + 4);
  const frames = flags & 1 && frame.length >= start + 12 ? view.getUint32(start + 8) : undefined;
  const lame = start + 8 + (flags & 1 ? 4 : 0) + (flags & 2 ? 4 : 0) + (flags & 4 ? 100 : 0) + (flags & 8 ? 4 : 0);
  const found = { ...(frames !== undefined && { frames }) };
  if (frame.length < lame + 24 || !encoders.includes(tag(frame, lame))) return found;
  const packed = (frame[lame + 21]! << 16) | (frame[lame + 22]! << 8) | frame[lame + 23]!;
  // Nothing in front and nothing behind: the file was cut, or its writer did not know.
  if (packed === 0) return found;
  return { ...found, gapless: { delay: packed >> 12, padding: packed & 0xfff } };
}

/**
 * Reads the comment iTunSMPB of an ID3 tag: hexadecimal numbers, of which the second is the delay, the third the
 * padding, the fourth the length of the sound.
 */
export function itunesGapless(id3: Uint8Array): Gapless | undefined {
  const characters = latinText(id3);
  const at = characters.indexOf('iTunSMPB');
  if (at < 0) return undefined;
  const numbers = characters
    .slice(at + 8, at + 400)
    .match(/[0-9A-Fa-f]{8} ([0-9A-Fa-f]{8}) ([0-9A-Fa-f]{8}) ([0-9A-Fa-f]{16})/);
  if (!numbers) return undefined;
  const [delay, padding, length] = numbers.slice(1).map((digits) => Number.parseInt(digits, 16)) as [
    number,
    number,
    number,
  ];
  return { delay, padding, ...(length > 0 && Number.isSafeInteger(length) && { length }) };
}

/** What has to be cut from what a decoder without delay compensation of its own gives. */
export function trimOf({ frames, gapless }: InfoFrame, samplesPerFrame: number): Trim | undefined {
  if (!gapless) return undefined;
  const { delay, padding = 0 } = gapless;
  const told = frames === undefined ? undefined : frames * samplesPerFrame - delay - padding;
  const length = gapless.length ?? (told !== undefined && told >= 0 ? told : undefined);
  return {
    skip: delay + decoderDelay,
    ...(length === undefined ? { dropEnd: padding - decoderDelay } : { length }),
  };
}

function tag(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}

/** Bytes as characters, those of 16-bit text without their zeros. */
function latinText(bytes: Uint8Array): string {
  let out = '';
  for (let at = 0; at < bytes.length; at += 4096) {
    out += String.fromCharCode(...bytes.subarray(at, at + 4096).filter((byte) => byte !== 0));
  }
  return out;
}
