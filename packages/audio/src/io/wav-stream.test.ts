import type { AudioSignal } from '@tesserae/core/data';
import { describe, expect, it } from 'vitest';
import { byteReader } from './byte-reader';
import { encodeSamples } from './sample-format';
import { decodeWav, encodeWav, wavHeader } from './wav';
import { wavBlocks } from './wav-stream';

const left = Float32Array.of(0, 0.5, -0.5, -1, 0.25, 0.125, -0.75, 0.0625);
const signal: AudioSignal = { modality: 'audio', sampleRate: 8000, channels: [left, left.toReversed()] };
const ascii = (text: string) => [...text].map((character) => character.charCodeAt(0));
const u32 = (value: number) => [value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24];
const chunk = (id: string, content: readonly number[], size = content.length) => [
  ...ascii(id),
  ...u32(size),
  ...content,
  ...(content.length % 2 ? [0] : []),
];
const riff = (...chunks: readonly (readonly number[])[]) =>
  Uint8Array.from([...ascii('RIFF'), ...u32(0), ...ascii('WAVE'), ...chunks.flat()]);

const format = [...encodeWav(signal).subarray(20, 36)];
const data = [...encodeSamples(signal.channels, 'int16')];
const files: Readonly<Record<string, Uint8Array>> = {
  plain: encodeWav(signal),
  floats: encodeWav(signal, { format: 'float32' }),
  '24 bits': encodeWav(signal, { format: 'int24' }),
  'six channels': encodeWav({ ...signal, channels: new Array<Float32Array>(6).fill(left) }),
  'of unknown length': Uint8Array.from([
    ...wavHeader({ channels: 2, sampleRate: 8000, format: 'int16' }),
    ...encodeSamples(signal.channels, 'int16'),
  ]),
  'foreign chunks': riff(chunk('JUNK', [1, 2, 3]), chunk('fmt ', format), chunk('LIST', [5]), chunk('data', data)),
  'no pad byte': riff([...ascii('LIST'), ...u32(1), 7], chunk('fmt ', format), chunk('data', data)),
  'chunks behind': riff(chunk('fmt ', format), chunk('data', data), chunk('LIST', [1, 2, 3, 4])),
  'samples first': riff(chunk('data', data), chunk('fmt ', format)),
  'size 0': riff(chunk('fmt ', format), chunk('data', data, 0)),
  'no sound': riff(chunk('fmt ', format), chunk('data', [])),
  'no sound, chunks behind': riff(chunk('fmt ', format), chunk('data', []), chunk('LIST', [1, 2])),
  'size beyond the end': riff(chunk('fmt ', format), chunk('data', data, 1_000_000)),
  'an incomplete frame': riff(chunk('fmt ', format), chunk('data', data.slice(0, -3))),
  'without fmt': riff(chunk('data', data)),
  'without data': riff(chunk('fmt ', format)),
};

async function streamed(bytes: Uint8Array, size: number): Promise<AudioSignal> {
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }
  const channels: number[][] = [];
  let sampleRate = 0;
  for await (const block of wavBlocks(byteReader(pieces(), 'input'))) {
    sampleRate = block.sampleRate;
    block.channels.forEach((values, index) => (channels[index] ??= []).push(...values));
  }
  return { modality: 'audio', sampleRate, channels: channels.map((values) => Float32Array.from(values)) };
}

const outcome = (run: () => AudioSignal | Promise<AudioSignal>) =>
  Promise.resolve()
    .then(run)
    .catch(({ name, message }: Error) => `${name}: ${message}`);

describe('wavBlocks', () => {
  it.each(Object.entries(files))('gives what decodeWav gives: %s', async (_, bytes) => {
    const whole = await outcome(() => decodeWav(bytes));
    for (const size of [1, 7, 1000]) expect(await outcome(() => streamed(bytes, size))).toEqual(whole);
  });

  it('gives what decodeWav gives for files with a wrong byte, or cut off', async () => {
    for (const bytes of [files['foreign chunks']!, files['no pad byte']!, files['floats']!, files['chunks behind']!]) {
      for (let at = 12; at < bytes.length; at += 1) {
        for (const value of [0, 1, 0x7f, 0xff]) {
          const bad = bytes.slice();
          bad[at] = value;
          expect(await outcome(() => streamed(bad, 1000)), `byte ${at} is ${value}`).toEqual(
            await outcome(() => decodeWav(bad)),
          );
        }
        const cut = bytes.subarray(0, at);
        expect(await outcome(() => streamed(cut, 1000)), `cut at ${at}`).toEqual(await outcome(() => decodeWav(cut)));
      }
    }
  });
});
