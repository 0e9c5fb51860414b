import { type AudioSignal, Tokens } from '@tesserae/core/data';
import { describe, expect, it } from 'vitest';
import { allOf } from '../io/async-items';
import { openModel } from '../io/model-pool';
import { recognize } from '../modality/recognize';
import { createOutput } from '../output/output';
import { describeSeconds } from '../output/seconds';
import { audioModality } from './audio-modality';
import { atRate, ofLength, wholeSound } from './sound-blocks';
import { soundDistance } from './sound-distance';
import { soundItems } from './sound-items';
import { asPart, isPart, joinParts } from './stream-parts';
import { stretchPairs } from './stretch-pairs';

const ramp = (samples: number, channels = 1): AudioSignal => ({
  modality: 'audio',
  sampleRate: 100,
  channels: Array.from({ length: channels }, (_, channel) =>
    Float32Array.from({ length: samples }, (__, at) => Math.sin(at * (1 + channel))),
  ),
});

async function* blocks(signal: AudioSignal, length: number): AsyncGenerator<AudioSignal> {
  for (let at = 0; at < signal.channels[0]!.length; at += length)
    yield { ...signal, channels: signal.channels.map((samples) => samples.slice(at, at + length)) };
}

async function* listed<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

const tokens = (ids: readonly number[]) =>
  new Tokens({
    tokenizer: { id: 'audio/x', variant: 'x', library: 'x', fingerprint: '0123456789abcdef' },
    levels: [{ kind: 'index', vocabularySize: 9, shape: [ids.length], axes: ['time'], data: Int32Array.from(ids) }],
    source: { modality: 'audio', pipeline: 'none', sampleRate: 8, samples: ids.length },
    prefixUnit: 'none',
  });

describe('stretchPairs', () => {
  it('cuts two sounds at the same places, whatever blocks they come in', async () => {
    const lengths = { reference: 0, other: 0 };
    const pairs = await allOf(stretchPairs(blocks(ramp(1000), 7), blocks(ramp(980), 333), 2, lengths));
    // Two hundred samples each; what is less than half of that belongs to the last.
    expect(pairs.map(({ a, b }) => [a, b].map(({ channels }) => channels[0]!.length))).toEqual([
      [200, 200],
      [200, 200],
      [200, 200],
      [200, 200],
      [180, 180],
    ]);
    expect(pairs.flatMap(({ a }) => [...a.channels[0]!])).toEqual([...ramp(980).channels[0]!]);
    expect(pairs.flatMap(({ b }) => [...b.channels[0]!])).toEqual([...ramp(980).channels[0]!]);
    expect(lengths).toEqual({ reference: 1000, other: 980 });
  });

  it('joins a short rest to the last stretch, and mixes where channels differ', async () => {
    const lengths = { reference: 0, other: 0 };
    const pairs = await allOf(stretchPairs(blocks(ramp(290, 2), 50), blocks(ramp(290), 50), 2, lengths));
    expect(pairs.map(({ a }) => [a.channels.length, a.channels[0]!.length])).toEqual([[1, 290]]);
    const [left, right] = ramp(290, 2).channels as [Float32Array, Float32Array];
    expect(pairs[0]!.a.channels[0]![17]).toBeCloseTo((left[17]! + right[17]!) / 2, 6);
  });

  it('has nothing to say of no sound', async () => {
    expect(await allOf(stretchPairs(listed([]), blocks(ramp(9), 9), 2, { reference: 0, other: 0 }))).toEqual([]);
  });
});

describe('soundDistance', () => {
  it('is the mean over time of its stretches', () => {
    const [reference, near, far] = [scaled(1), scaled(0.9), scaled(0.5)];
    const of = (...others: readonly AudioSignal[]) => {
      const distance = soundDistance();
      for (const other of others) distance.add(reference, other);
      return distance.value().snr;
    };
    expect(of(near, far)).toBeCloseTo((of(near) + of(far)) / 2, 9);
    expect(soundDistanceOfFew()).not.toHaveProperty('stoi');
  });

  const scaled = (gain: number): AudioSignal => ({
    ...ramp(500),
    sampleRate: 8000,
    channels: ramp(500).channels.map((samples) => samples.map((value) => gain * value)),
  });
  function soundDistanceOfFew() {
    const distance = soundDistance();
    const few = { ...ramp(3), sampleRate: 8000 };
    distance.add(few, few);
    return distance.value();
  }
});

describe('blocks of sound', () => {
  it('are resampled as the whole', async () => {
    const whole = await wholeSound(atRate(blocks(ramp(1000), 1000), 40), 'x');
    const parts = await wholeSound(atRate(blocks(ramp(1000), 13), 40), 'x');
    expect(parts).toEqual(whole);
    expect(whole.channels[0]).toHaveLength(400);
  });

  it('are made as long as is wanted', async () => {
    const length = async (samples: number) =>
      (
        await wholeSound(
          ofLength(blocks(ramp(100), 30), () => samples),
          'x',
        )
      ).channels[0]!.length;
    expect([await length(95), await length(100), await length(120)]).toEqual([95, 100, 120]);
    await expect(wholeSound(listed([]), 'x.wav')).rejects.toThrow(/x\.wav/);
  });
});

describe('parts of a stream', () => {
  it('are marked, grouped and joined', async () => {
    const parts = [tokens([1, 2]), tokens([3])].map(asPart);
    expect(parts.every(isPart)).toBe(true);
    expect(joinParts(parts)).toEqual(tokens([1, 2, 3]));
    const groups = await allOf(soundItems(listed(parts)));
    expect(groups.map(({ isOnly }) => isOnly)).toEqual([true]);
  });

  it('are no sounds of their own, unlike items without the mark', async () => {
    const groups = await allOf(soundItems(listed([tokens([1]), tokens([2])])));
    expect(groups.map(({ isOnly, first }) => [isOnly, first.levels[0]!.data[0]])).toEqual([
      [false, 1],
      [false, 2],
    ]);
    expect((await allOf(soundItems(listed([tokens([1])])))).map(({ isOnly }) => isOnly)).toEqual([true]);
    expect(await allOf(soundItems(listed([])))).toEqual([]);
  });
});

describe('a model that ships', () => {
  it('and is not there is asked for by name', async () => {
    const context = {
      options: {},
      positionals: [],
      output: createOutput({ quiet: true }),
      signal: new AbortController().signal,
      verbose: false,
    };
    const modality = { ...audioModality, starter: 'sound-starter' };
    await expect(openModel(context, modality, 'sound-starter')).rejects.toMatchObject({
      name: 'PretrainedError',
      message: expect.stringMatching(/give --model with a preset \(mimi, .*tesserae models lists all/),
    });
    await expect(openModel(context, modality, 'sound-startre')).rejects.toThrow(/Did you mean/);
  });
});

describe('recognize', () => {
  const kind = (start: string, name = 'x') =>
    recognize(
      Uint8Array.from(start, (character) => character.charCodeAt(0)),
      name,
    ).name;

  it('goes by content, then by name', () => {
    const sounds = ['RIFF____WAVE', 'fLaC', 'OggS', 'ID3\x04', '\xff\xfb\x90', '____ftypM4A ', 'FORM____AIFF', '.snd'];
    const pictures = ['\x89PNG', '\xff\xd8\xff\xe0', 'GIF89a', 'RIFF____WEBP', '____ftypavif', 'II*\0'];
    expect(sounds.map((start) => kind(start, 'x.png'))).toEqual(sounds.map(() => 'audio'));
    expect(pictures.map((start) => kind(start, 'x.wav'))).toEqual(pictures.map(() => 'image'));
    expect([kind('', 'a.MP3'), kind('text', 'a.png'), kind('text', 'a.xyz')]).toEqual(['audio', 'image', 'image']);
  });
});

describe('describeSeconds', () => {
  it('grows with what it says', () => {
    expect([0.5, 12.345, 59.999, 60, 125, 3600, 36_000.4].map(describeSeconds)).toEqual([
      '0.5 s',
      '12.35 s',
      '60 s',
      '1:00 min',
      '2:05 min',
      '1:00:00 h',
      '10:00:00 h',
    ]);
  });
});
