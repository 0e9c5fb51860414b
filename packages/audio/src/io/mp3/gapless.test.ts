import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { infoFrame, itunesGapless, trimOf } from './gapless';
import { infoFrameBytes } from './info-frame';
import { mpegHeader } from './mpeg-header';

const like = Uint8Array.of(0xff, 0xfb, 0x90, 0x64);
const read = (bytes: Uint8Array) => infoFrame(bytes, mpegHeader(bytes)!);

describe('infoFrame', () => {
  it('reads what is written, for every kind of frame', () => {
    const facts = { frames: 59, bytes: 24_000, delay: 576, padding: 1242 };
    for (const second of [0xfb, 0xf3, 0xe3]) {
      for (const rate of [0x90, 0x94, 0x98]) {
        for (const mode of [0x64, 0xc4]) {
          const bytes = infoFrameBytes(Uint8Array.of(0xff, second, rate, mode), facts);
          expect(bytes).toHaveLength(mpegHeader(bytes)!.length);
          expect(read(bytes)).toEqual({ frames: 59, gapless: { delay: 576, padding: 1242 } });
        }
      }
    }
  });

  it('takes no delay and no padding for unknown', () => {
    expect(read(infoFrameBytes(like, { frames: 3, bytes: 1, delay: 0, padding: 0 }))).toEqual({ frames: 3 });
  });

  it('reads a tag of LAME', () => {
    const file = readFileSync(join(import.meta.dirname, '../../../test/sound-files/stereo.mp3'));
    const found = read(file.subarray(0, mpegHeader(file)!.length))!;
    expect(found.gapless!.delay).toBe(1105 - 529);
    expect(found.frames! * 576 - found.gapless!.delay - found.gapless!.padding!).toBe(1501);
  });

  it('is undefined for sound', () => {
    const bytes = new Uint8Array(mpegHeader(like)!.length);
    bytes.set(like);
    expect(read(bytes)).toBeUndefined();
  });
});

describe('itunesGapless', () => {
  const comment = ' 00000000 00000240 0000070C 00000000000005DD 00000000 00000000';

  it('finds the numbers in 8-bit and in 16-bit text', () => {
    const wanted = { delay: 576, padding: 1804, length: 1501 };
    expect(itunesGapless(Buffer.from(`xxiTunSMPB\0${comment}`, 'latin1'))).toEqual(wanted);
    expect(itunesGapless(Buffer.from(`xxiTunSMPB\0${comment}`, 'utf16le'))).toEqual(wanted);
  });

  it('is undefined where there are none', () => {
    expect(itunesGapless(Buffer.from('TIT2'))).toBeUndefined();
    expect(itunesGapless(Buffer.from('iTunSMPB nothing'))).toBeUndefined();
  });
});

describe('trimOf', () => {
  it('adds the delay of decoders, and counts by frames, by a length, or from the end', () => {
    const gapless = { delay: 576, padding: 1242 };
    expect(trimOf({ frames: 59, gapless }, 1152)).toEqual({ skip: 1105, length: 66_150 });
    expect(trimOf({ gapless }, 1152)).toEqual({ skip: 1105, dropEnd: 713 });
    expect(trimOf({ frames: 59, gapless: { ...gapless, length: 5 } }, 1152)).toEqual({ skip: 1105, length: 5 });
    expect(trimOf({ frames: 1, gapless }, 1152)).toEqual({ skip: 1105, dropEnd: 713 });
    expect(trimOf({ frames: 59 }, 1152)).toBeUndefined();
  });
});
