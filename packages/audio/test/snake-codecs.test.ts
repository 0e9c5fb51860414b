import { type AudioSignal, type TokenLevel, Tokens } from '@tesserae/core';
import { useLeakGuard } from '@tesserae/core/test';
import { describe, expect, it } from 'vitest';
import type { AudioStreamDecoder, AudioStreamEncoder, AudioTokenizer } from '../src/tokenizer/audio-tokenizer';
import { inBlocks, sound } from './tiny-models';
import { tinyDac, tinyMelRvq, tinyMusicSnac, tinySnac } from './tiny-snake-models';

type Streaming = AudioTokenizer & AudioStreamEncoder & AudioStreamDecoder;

/** With the samples that all levels have a whole number of codes for. */
const models: Readonly<Record<string, readonly [load: () => Promise<Streaming>, unit: number]>> = {
  dac: [tinyDac, 10],
  'mel-rvq': [tinyMelRvq, 32],
  'snac for speech': [tinySnac, 24],
  'snac for music': [tinyMusicSnac, 24],
};

const signal = sound(3001);
const cut = (samples: number): AudioSignal => ({
  ...signal,
  channels: signal.channels.map((channel) => channel.slice(0, samples)),
});
const idsOf = (tokens: Tokens) => tokens.levels.map(({ data }) => [...data]);

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}

/** Tokens in chunks of so many units. */
async function* chunked(tokens: Tokens, units: number, size: number): AsyncGenerator<Tokens> {
  const { source } = tokens;
  if (source.modality !== 'audio') throw new Error('audio');
  let counted = 0;
  for (let at = 0; at < units; at += size) {
    const to = Math.min(units, at + size);
    const until = to === units ? source.samples : Math.floor((to / units) * source.samples);
    const levels = tokens.levels.map((level) => {
      const rows = level.shape[0]! / units;
      return { ...level, shape: [(to - at) * rows], data: level.data.slice(at * rows, to * rows) } as TokenLevel;
    });
    const { tokenizer, prefixUnit } = tokens;
    yield new Tokens({ tokenizer, prefixUnit, levels, source: { ...source, samples: until - counted } });
    counted = until;
  }
}

const difference = (given: ArrayLike<number>, wanted: ArrayLike<number>) =>
  Array.from(given).reduce((most, value, at) => Math.max(most, Math.abs(value - wanted[at]!)), 0);

describe.each(Object.entries(models))('%s', (_, [load, unit]) => {
  useLeakGuard();

  it('gives back as many samples as it was given', async () => {
    const tokenizer = await load();
    for (const samples of [1, unit - 1, unit, unit + 1, 400]) {
      const tokens = await tokenizer.encode(cut(samples));
      const [channel] = (await tokenizer.decode(tokens)).channels;
      expect(channel).toHaveLength(samples);
      expect(channel!.every((value) => Math.abs(value) <= 1)).toBe(true);
    }
    await tokenizer.dispose();
  });

  it('gives a batch the ids of one by one, whatever the lengths', async () => {
    const tokenizer = await load();
    const clips = [700, 1, 323].map(cut);
    const alone: Tokens[] = [];
    for (const clip of clips) alone.push(await tokenizer.encode(clip));
    expect((await tokenizer.encodeBatch(clips)).map(idsOf)).toEqual(alone.map(idsOf));
    expect(new Set(idsOf(alone[0]!)[0]).size).toBeGreaterThan(1);
    await tokenizer.dispose();
  });

  it.each([[[1, 7, 501]], [[3001]]])('encodes a stream in blocks of %j as the whole', async (lengths) => {
    const tokenizer = await load();
    const whole = await tokenizer.encode(signal);
    const chunks = await all(tokenizer.encodeStream(inBlocks(signal, lengths), { windowSeconds: 0.001 }));
    expect(chunks.length).toBeGreaterThan(3);
    expect(idsOf(Tokens.join(chunks))).toEqual(idsOf(whole));
    expect(Tokens.join(chunks).source).toEqual(whole.source);
    await tokenizer.dispose();
  });

  it.each([1, 1000, 7])('decodes a stream in chunks of %j units as the whole', async (size) => {
    const tokenizer = await load();
    const tokens = await tokenizer.encode(signal);
    const whole = await tokenizer.decode(tokens);
    const units = Math.ceil(3001 / unit);
    const parts = await all(tokenizer.decodeStream(chunked(tokens, units, size), { windowSeconds: 0.001 }));
    expect(parts.length).toBeGreaterThan(3);
    const joined = parts.flatMap(({ channels }) => [...channels[0]!]);
    expect(joined).toHaveLength(3001);
    expect(difference(joined, whole.channels[0]!)).toBeLessThan(1e-5);
    await tokenizer.dispose();
  });

  it('decodes the first levels alone, and survives .tok files', async () => {
    const tokenizer = await load();
    const tokens = await tokenizer.encode(cut(500));
    expect(await tokenizer.decode(Tokens.fromBytes(tokens.toBytes()))).toEqual(await tokenizer.decode(tokens));
    const coarse = await tokenizer.decode(tokens.prefix(1));
    expect(coarse.channels[0]).toHaveLength(500);
    expect(idsOf(await tokenizer.encode(cut(500), { prefix: 1 }))).toEqual(idsOf(tokens).slice(0, 1));
    await tokenizer.dispose();
  });

  it('stays finite for silence and a constant, and refuses what is no sound', async () => {
    const tokenizer = await load();
    for (const value of [0, 1, -1]) {
      const flat = { ...signal, channels: [new Float32Array(100).fill(value)] };
      const decoded = await tokenizer.decode(await tokenizer.encode(flat));
      expect(decoded.channels[0]!.every(Number.isFinite)).toBe(true);
    }
    const broken = cut(5);
    broken.channels[0]![3] = Number.NaN;
    await expect(tokenizer.encode(broken)).rejects.toMatchObject({ code: 'not-finite' });
    await expect(tokenizer.encode(cut(0))).rejects.toMatchObject({ code: 'unsupported-size' });
    const many = { ...signal, channels: new Array<Float32Array>(8).fill(signal.channels[0]!) };
    await expect(tokenizer.encode(many)).rejects.toMatchObject({ name: 'InputError' });
    await tokenizer.dispose();
  });

  it('refuses tokens of others, absent ids and levels that do not fit', async () => {
    const tokenizer = await load();
    const tokens = await tokenizer.encode(cut(100));
    const changed = (change: object) => new Tokens({ ...tokens, ...change } as never);
    const [level, ...finer] = tokens.levels as [TokenLevel, ...TokenLevel[]];
    const foreign = changed({ tokenizer: { ...tokens.tokenizer, id: 'audio/other' } });
    await expect(tokenizer.decode(foreign)).rejects.toMatchObject({ code: 'tokenizer-mismatch' });
    const absent = changed({ levels: [{ ...level, data: level.data.map(() => -1) }, ...finer] });
    await expect(tokenizer.decode(absent)).rejects.toMatchObject({ code: 'invalid-tokens' });
    const long = { ...level, shape: [level.shape[0]! + 1], data: new Int32Array(level.shape[0]! + 1) };
    await expect(tokenizer.decode(changed({ levels: [long, ...finer] }))).rejects.toMatchObject({
      code: 'invalid-tokens',
    });
    await tokenizer.dispose();
  });
});

describe('the noise of SNAC', () => {
  useLeakGuard();
  it('follows its seed, and can be left out', async () => {
    const tokenizer = await tinySnac();
    const tokens = await tokenizer.encode(cut(600));
    const decoded = async (noise?: number | 'none') =>
      (await tokenizer.decode(tokens, noise === undefined ? {} : { noise })).channels[0]!;
    const usual = await decoded();
    expect(await decoded(0)).toEqual(usual);
    expect(difference(await decoded(1), usual)).toBeGreaterThan(1e-4);
    expect(difference(await decoded('none'), usual)).toBeGreaterThan(1e-4);
    await expect(decoded(-1)).rejects.toMatchObject({ name: 'InputError' });
    await tokenizer.dispose();
  });
});
