import { describe, expect, it } from 'vitest';
import { encodeAudio, encodeWav, readAudioStream, wavHeader } from '../src/index';
import { sound, tinyEncodec } from './tiny-models';
import { tinyDac } from './tiny-snake-models';

const ids = (levels: readonly { readonly data: ArrayLike<number> }[]) => levels.map(({ data }) => Array.from(data));

async function* inPieces(file: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < file.length; at += size) yield file.subarray(at, at + size);
}

describe('encodeStream of readAudioStream', () => {
  it.each([
    ['wav', 1000],
    ['flac', 333],
  ] as const)('gives the ids of encode for %s', async (format, size) => {
    for (const load of [tinyEncodec, tinyDac]) {
      const tokenizer = await load();
      const file = await encodeAudio(sound(5000), { format });
      const whole = await tokenizer.encode(file, { ffmpeg: false });
      const parts: number[][] = whole.levels.map(() => []);
      let samples = 0;
      for await (const tokens of tokenizer.encodeStream(readAudioStream(inPieces(file, size)))) {
        ids(tokens.levels).forEach((values, level) => parts[level]!.push(...values));
        if (tokens.source.modality === 'audio') samples += tokens.source.samples;
      }
      expect(parts).toEqual(ids(whole.levels));
      expect(samples).toBe(5000);
      tokenizer.dispose();
    }
  });
});

describe('an hour of sound (F066, F069)', () => {
  it('comes in small blocks, the first before much is read', async () => {
    const second = encodeWav({ modality: 'audio', sampleRate: 16_000, channels: [new Float32Array(16_000).fill(0.5)] });
    let sent = 0;
    async function* hour() {
      yield wavHeader({ channels: 1, sampleRate: 16_000, format: 'int16' });
      for (; sent < 3600; sent += 1) yield second.subarray(44);
    }
    let samples = 0;
    let sentBefore: number | undefined;
    for await (const { channels } of readAudioStream(hour())) {
      sentBefore ??= sent;
      expect(channels[0]!.length).toBeLessThanOrEqual(131_072);
      samples += channels[0]!.length;
    }
    expect(sentBefore).toBeLessThan(5);
    expect(samples).toBe(3600 * 16_000);
  });
});
