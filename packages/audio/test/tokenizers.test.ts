import { type AudioSignal, Tokens } from '@tesserae/core';
import { useLeakGuard } from '@tesserae/core/test';
import { describe, expect, it } from 'vitest';
import type { AudioTokenizer, AudioStreamDecoder, AudioStreamEncoder } from '../src/tokenizer/audio-tokenizer';
import { splitChannels } from '../src/tokenizer/prepare-audio';
import {
  inBlocks,
  sound,
  tinyEncodec,
  tinyPublishedEncodec,
  tinyPublishedWavtokenizer,
  tinyStereoEncodec,
  tinyWavtokenizer,
} from './tiny-models';

type Streaming = AudioTokenizer & AudioStreamEncoder & AudioStreamDecoder;

const models: Readonly<Record<string, readonly [() => Promise<Streaming>, AudioSignal]>> = {
  wavtokenizer: [tinyWavtokenizer, sound(3001)],
  'encodec 24 kHz': [tinyEncodec, sound(3001)],
  'encodec 48 kHz': [tinyStereoEncodec, sound(3001, { sampleRate: 48_000, channels: 2 })],
};

const idsOf = (tokens: Tokens) => tokens.levels.map(({ data }) => [...data]);
const cut = (signal: AudioSignal, samples: number): AudioSignal => ({
  ...signal,
  channels: signal.channels.map((channel) => channel.slice(0, samples)),
});

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}

async function* chunked(tokens: Tokens, sizes: readonly number[]): AsyncGenerator<Tokens> {
  const frames = tokens.levels[0]!.shape[0]!;
  const { source } = tokens;
  if (source.modality !== 'audio') throw new Error('audio');
  let counted = 0;
  for (let at = 0, index = 0; at < frames; index += 1) {
    const to = Math.min(frames, at + sizes[index % sizes.length]!);
    const until = to === frames ? source.samples : Math.floor((to / frames) * source.samples);
    yield new Tokens({
      tokenizer: tokens.tokenizer,
      prefixUnit: tokens.prefixUnit,
      levels: tokens.levels.map((level) => ({ ...level, shape: [to - at], data: level.data.slice(at, to) }) as never),
      source: { ...source, samples: until - counted, scales: at === 0 ? (source.scales ?? []) : [] },
    });
    counted = until;
    at = to;
  }
}

describe.each(Object.entries(models))('%s', (_, [load, signal]) => {
  useLeakGuard();

  it('gives back as many samples as it was given', async () => {
    const tokenizer = await load();
    for (const samples of [1, 19, 20, 21, 400, 961, 3001]) {
      const tokens = await tokenizer.encode(cut(signal, samples));
      const decoded = await tokenizer.decode(tokens);
      expect(decoded.channels.map(({ length }) => length)).toEqual(signal.channels.map(() => samples));
      expect(decoded.sampleRate).toBe(signal.sampleRate);
      expect(decoded.channels.every((channel) => channel.every(Number.isFinite))).toBe(true);
    }
    await tokenizer.dispose();
  });

  it('gives a batch the ids of one by one, whatever the lengths', async () => {
    const tokenizer = await load();
    const clips = [700, 1, 1234].map((samples) => cut(signal, samples));
    const batch = await tokenizer.encodeBatch(clips);
    const alone: Tokens[] = [];
    for (const clip of clips) alone.push(await tokenizer.encode(clip));
    expect(batch.map(idsOf)).toEqual(alone.map(idsOf));
    expect(new Set(idsOf(batch[0]!)[0]).size).toBeGreaterThan(1);
    await tokenizer.dispose();
  });

  it('survives .tok files', async () => {
    const tokenizer = await load();
    const tokens = await tokenizer.encode(cut(signal, 1500));
    const restored = Tokens.fromBytes(tokens.toBytes());
    expect(await tokenizer.decode(restored)).toEqual(await tokenizer.decode(tokens));
    await tokenizer.dispose();
  });

  it('resamples what has another rate, and remembers it', async () => {
    const tokenizer = await load();
    const other = { ...cut(signal, 1001), sampleRate: 44_100 };
    const tokens = await tokenizer.encode(other);
    expect(tokens.source).toMatchObject({ sampleRate: 44_100, samples: 1001 });
    const samples = Math.ceil((1001 * signal.sampleRate) / 44_100);
    expect((await tokenizer.decode(tokens)).channels[0]).toHaveLength(samples);
    const back = await tokenizer.decode(tokens, { sampleRate: 'source' });
    expect([back.sampleRate, back.channels[0]!.length]).toEqual([44_100, 1001]);
    await expect(tokenizer.encode(other, { pipeline: 'none' })).rejects.toMatchObject({ name: 'InputError' });
    await expect(tokenizer.decode(tokens, { sampleRate: 0.5 })).rejects.toMatchObject({ name: 'InputError' });
    await tokenizer.dispose();
  });

  it.each([[[1, 7, 501]], [[3001]], [[97]]])('encodes a stream in blocks of %j as the whole', async (lengths) => {
    const tokenizer = await load();
    const whole = await tokenizer.encode(signal);
    const chunks = await all(tokenizer.encodeStream(inBlocks(signal, lengths), { windowSeconds: 0.02 }));
    expect(chunks.length).toBeGreaterThan(3);
    const joined = Tokens.join(chunks);
    expect(idsOf(joined)).toEqual(idsOf(whole));
    expect(joined.source).toEqual(whole.source);
    await tokenizer.dispose();
  });

  it('encodes a stream of another rate as the whole', async () => {
    const tokenizer = await load();
    const other = { ...signal, sampleRate: 44_100 };
    const whole = await tokenizer.encode(other);
    const chunks = await all(tokenizer.encodeStream(inBlocks(other, [333, 1]), { windowSeconds: 0.02 }));
    expect(idsOf(Tokens.join(chunks))).toEqual(idsOf(whole));
    expect(Tokens.join(chunks).source).toEqual(whole.source);
    await tokenizer.dispose();
  });

  it.each([[[1]], [[1000]], [[7, 50, 13]]])('decodes a stream in chunks of %j as the whole', async (sizes) => {
    const tokenizer = await load();
    const tokens = await tokenizer.encode(signal);
    const whole = await tokenizer.decode(tokens);
    const parts = await all(tokenizer.decodeStream(chunked(tokens, sizes), { windowSeconds: 0.02 }));
    signal.channels.forEach((_channel, index) => {
      const joined = parts.flatMap(({ channels }) => [...channels[index]!]);
      expect(joined).toHaveLength(whole.channels[index]!.length);
      const worst = joined.reduce(
        (most, value, at) => Math.max(most, Math.abs(value - whole.channels[index]![at]!)),
        0,
      );
      expect(worst).toBeLessThan(1e-5);
    });
    await tokenizer.dispose();
  });

  it('refuses what is no sound, and tokens of others', async () => {
    const tokenizer = await load();
    const refuses = (input: unknown, error: object) =>
      expect(tokenizer.encode(input as AudioSignal)).rejects.toMatchObject(error);
    await refuses(cut(signal, 0), { name: 'InputError', code: 'unsupported-size' });
    const broken = cut(signal, 5);
    broken.channels[0]![3] = Number.NaN;
    await refuses(broken, { code: 'not-finite' });
    await refuses(signal.channels[0], { name: 'InputError' });
    await refuses([[[1, 2]]], { name: 'InputError' });
    await refuses({ ...signal, channels: new Array(8).fill(signal.channels[0]) }, { name: 'InputError' });
    const tokens = await tokenizer.encode(cut(signal, 100));
    const changed = (change: object) => new Tokens({ ...tokens, ...change } as never);
    const level = tokens.levels[0]!;
    const foreign = changed({ tokenizer: { ...tokens.tokenizer, id: 'audio/other' } });
    await expect(tokenizer.decode(foreign)).rejects.toMatchObject({ code: 'tokenizer-mismatch' });
    const absent = changed({ levels: [{ ...level, data: level.data.map(() => -1) }, ...tokens.levels.slice(1)] });
    await expect(tokenizer.decode(absent)).rejects.toMatchObject({ code: 'invalid-tokens' });
    expect(() => changed({ levels: [{ ...level, data: level.data.map(() => 64) }] })).toThrow('64');
    await expect(all(tokenizer.encodeStream(inBlocks(cut(signal, 0), [1])))).rejects.toMatchObject({
      code: 'unsupported-size',
    });
    await tokenizer.dispose();
  });
});

describe('channels', () => {
  it('of a mono model are mixed or encoded apart, never silently', async () => {
    const tokenizer = await tinyEncodec();
    const stereo = sound(500, { channels: 2 });
    await expect(tokenizer.encode(stereo)).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringMatching(/mono: 'mean'.*splitChannels/),
    });
    const mixed = await tokenizer.encode(stereo, { mono: 'mean' });
    const parts = await tokenizer.encodeBatch(splitChannels(stereo));
    expect(mixed.source).toMatchObject({ samples: 500 });
    expect(parts).toHaveLength(2);
    expect(idsOf(await tokenizer.encode(stereo, { mono: 'first' }))).toEqual(idsOf(parts[0]!));
    await tokenizer.dispose();
  });

  it('of a stereo model are the only one twice', async () => {
    const tokenizer = await tinyStereoEncodec();
    const mono = sound(1000, { sampleRate: 48_000 });
    const twice = { ...mono, channels: [mono.channels[0]!, mono.channels[0]!] };
    expect(idsOf(await tokenizer.encode(mono))).toEqual(idsOf(await tokenizer.encode(twice)));
    await tokenizer.dispose();
  });
});

describe('clips that are longer than two windows', () => {
  useLeakGuard();
  it.each([
    ['EnCodec', tinyPublishedEncodec],
    ['WavTokenizer', tinyPublishedWavtokenizer],
  ])('become what streams become: %s', async (_, load) => {
    const tokenizer = await load();
    const signal = sound(250_001);
    const seconds: number[] = [];
    const whole = await tokenizer.encode(signal, { onProgress: ({ completed }) => void seconds.push(completed) });
    expect(seconds.filter((each) => each > 0 && each < 10).length).toBeGreaterThan(0);
    const chunks = await all(tokenizer.encodeStream(inBlocks(signal, [50_000]), { windowSeconds: 3 }));
    expect(idsOf(Tokens.join(chunks))).toEqual(idsOf(whole));
    const decoded = await tokenizer.decode(whole);
    expect(decoded.channels[0]).toHaveLength(250_001);
    const parts = await all(tokenizer.decodeStream(chunked(whole, [100]), { windowSeconds: 3 }));
    const joined = parts.flatMap(({ channels }) => [...channels[0]!]);
    const differences = joined.map((value, at) => Math.abs(value - decoded.channels[0]![at]!));
    expect(differences.reduce((most, value) => Math.max(most, value), 0)).toBeLessThan(1e-5);
    await tokenizer.dispose();
  });
});

describe('EnCodec with the published strides', () => {
  useLeakGuard();
  it('streams as the whole, both ways', async () => {
    const tokenizer = await tinyPublishedEncodec();
    const signal = sound(20_001);
    const whole = await tokenizer.encode(signal);
    const chunks = await all(tokenizer.encodeStream(inBlocks(signal, [1000, 77]), { windowSeconds: 0.25 }));
    expect(chunks.length).toBeGreaterThan(2);
    expect(idsOf(Tokens.join(chunks))).toEqual(idsOf(whole));
    const decoded = await tokenizer.decode(whole);
    const parts = await all(tokenizer.decodeStream(chunked(whole, [5]), { windowSeconds: 0.25 }));
    expect(parts.length).toBeGreaterThan(2);
    const joined = parts.flatMap(({ channels }) => [...channels[0]!]);
    expect(joined).toHaveLength(20_001);
    expect(Math.max(...joined.map((value, at) => Math.abs(value - decoded.channels[0]![at]!)))).toBeLessThan(1e-5);
    await tokenizer.dispose();
  });

  it('gives 506 frames and 161856 samples for as many (F054)', async () => {
    const tokenizer = await tinyPublishedEncodec();
    const tokens = await tokenizer.encode(sound(161_856));
    expect(tokens.levels[0]!.shape).toEqual([506]);
    expect((await tokenizer.decode(tokens)).channels[0]).toHaveLength(161_856);
    await tokenizer.dispose();
  });
});

describe('WavTokenizer', () => {
  useLeakGuard();
  it('decodes streams by cross-fades where exactness is not asked, as long as the source', async () => {
    const tokenizer = await tinyPublishedWavtokenizer();
    const signal = sound(130_001);
    const chunks = await all(tokenizer.encodeStream(inBlocks(signal, [24_000])));
    const whole = await tokenizer.decode(Tokens.join(chunks));
    const parts: AudioSignal[] = [];
    async function* source() {
      yield* chunks;
    }
    for await (const part of tokenizer.decodeStream(source(), { exact: false })) parts.push(part);
    expect(parts.length).toBeGreaterThan(1);
    const joined = Float32Array.from(parts.flatMap(({ channels }) => [...channels[0]!]));
    expect(joined).toHaveLength(130_001);
    // The decoder sees other frames in each window: near, not equal.
    const [difference, loudness] = [0, 1].map((index) =>
      Math.sqrt(
        joined.reduce((sum, value, at) => sum + (index === 0 ? (value - whole.channels[0]![at]!) ** 2 : value ** 2), 0),
      ),
    ) as [number, number];
    expect(difference).toBeLessThan(0.5 * loudness);
    await tokenizer.dispose();
  });

  it('refuses a condition that it does not have', async () => {
    const tokenizer = await tinyWavtokenizer();
    const tokens = await tokenizer.encode(sound(400));
    expect((await tokenizer.decode(tokens, { condition: 3 })).channels[0]).toHaveLength(400);
    await expect(tokenizer.decode(tokens, { condition: 4 })).rejects.toMatchObject({ name: 'InputError' });
    await tokenizer.dispose();
  });

  it('gives latents and codes, and says how sure it was when asked', async () => {
    const tokenizer = await tinyWavtokenizer();
    const signal = sound(401);
    const [latents, tokens] = [await tokenizer.latents(signal), await tokenizer.encode(signal, { margins: true })];
    expect([latents.shape, (await tokenizer.codes(tokens)).shape]).toEqual([
      [21, 16],
      [21, 16],
    ]);
    expect(tokens.levels[0]!.margins).toHaveLength(21);
    expect((await tokenizer.encode(signal)).levels[0]).not.toHaveProperty('margins');
    await tokenizer.dispose();
  });
});
