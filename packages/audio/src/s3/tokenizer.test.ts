import type { AudioSignal, Tokens } from '@tesserae/core';
import { useLeakGuard } from '@tesserae/core/test';
import { describe, expect, it } from 'vitest';
import { onnxAvailable } from '../../../core/test/onnx-available';
import { sound } from '../../test/tiny-models';
import { whisperLogMel } from '../dsp/log-mel';
import { splitChannels } from '../tokenizer/prepare-audio';
import { parseConfig } from './config';
import { s3 } from './s3';
import { openSpectrum } from './spectrum';

const sizes = { n_mels: 8, n_audio_ctx: 1500, n_audio_state: 64, n_audio_head: 1, n_audio_layer: 1 };
const configs = {
  'v1 at 50': { name: 'speech_tokenizer_v1', config: { ...sizes, n_codebook_size: 512 } },
  'v1 at 25': { name: 'speech_tokenizer_v1_25hz', config: { ...sizes, n_codebook_size: 512 } },
  v2: { name: 'speech_tokenizer_v2_25hz', config: sizes },
  v3: { name: 'speech_tokenizer_v3_25hz', config: sizes },
};
const open = (name: keyof typeof configs, engine: 'cpu' | 'wasm' = 'cpu') =>
  s3.fromConfig(parseConfig(configs[name]), { engine });
const speech = (samples: number, options = {}) => sound(samples, { sampleRate: 16_000, ...options });
const idsOf = ({ levels }: Tokens) => [...levels[0]!.data];
const cut = (signal: AudioSignal, samples: number): AudioSignal => ({
  ...signal,
  channels: signal.channels.map((channel) => channel.slice(0, samples)),
});

describe.each(['v1 at 50', 'v1 at 25', 'v2', 'v3'] as const)('S3 %s', (name) => {
  useLeakGuard();
  const rate = name === 'v1 at 50' ? 50 : 25;

  it('gives a token for every started stretch of frames', async () => {
    const tokenizer = await open(name);
    const signal = speech(17_000);
    for (const [samples, frames] of [
      [201, 1],
      [800, 5],
      [16_000, 100],
      [16_160, 101],
    ] as const) {
      const tokens = await tokenizer.encode(cut(signal, samples));
      expect(tokens.levels[0]).toMatchObject({ shape: [Math.ceil((frames * rate) / 100)], axes: ['time'] });
      expect(tokens.source).toMatchObject({ modality: 'audio', sampleRate: 16_000, samples });
    }
    await tokenizer.dispose();
  });

  it('gives a batch the ids of one by one, whatever the lengths', async () => {
    const tokenizer = await open(name);
    const clips = [9000, 201, 16_321].map((samples, index) => speech(samples, { seed: index + 1 }));
    const batch = await tokenizer.encodeBatch(clips);
    const alone: number[][] = [];
    for (const clip of clips) alone.push(idsOf(await tokenizer.encode(clip)));
    expect(batch.map(idsOf)).toEqual(alone);
    expect(new Set(alone.flat()).size).toBeGreaterThan(1);
    await tokenizer.dispose();
  });

  it('gives latents, and the vectors of ids', async () => {
    const tokenizer = await open(name);
    const signal = speech(8000);
    const tokens = await tokenizer.encode(signal, { margins: true });
    const count = rate / 2;
    expect(Array.from(tokens.levels[0]!.margins!, Number.isFinite)).toEqual(new Array(Math.ceil(count)).fill(true));
    const latents = await tokenizer.latents(signal);
    expect(latents.shape).toEqual([Math.ceil(count), 64]);
    const codes = await tokenizer.codes(tokens);
    expect(codes.shape).toEqual([Math.ceil(count), name.startsWith('v1') ? 64 : 8]);
    expect(codes.data.every((digit) => name.startsWith('v1') || [-1, 0, 1].includes(digit))).toBe(true);
    await tokenizer.dispose();
  });
});

describe('S3', () => {
  useLeakGuard();

  it('encodes only', async () => {
    const tokenizer = await open('v2');
    expect(tokenizer).not.toHaveProperty('decode');
    expect(tokenizer).not.toHaveProperty('decodeBatch');
    expect(tokenizer.info).toMatchObject({
      capabilities: ['latents', 'codes'],
      prefixUnit: 'none',
      levels: [{ vocabularySize: 6561 }],
      signal: { sampleRate: 16_000, channels: 1, hopLength: 640, tokensPerSecond: 25 },
    });
    await expect(tokenizer.encode(speech(400), { prefix: 1 })).rejects.toMatchObject({ code: 'prefix' });
    await tokenizer.dispose();
  });

  it('takes silence, other rates, and channels in the two ways that it names', async () => {
    const tokenizer = await open('v2');
    const silence = { modality: 'audio', sampleRate: 16_000, channels: [new Float32Array(4000)] } as const;
    expect(idsOf(await tokenizer.encode(silence))).toHaveLength(7);
    const fast = await tokenizer.encode(sound(48_000, { sampleRate: 48_000 }));
    expect(fast.levels[0]!.shape).toEqual([25]);
    expect(fast.source).toMatchObject({ sampleRate: 48_000, samples: 48_000 });
    const stereo = speech(4000, { channels: 2 });
    await expect(tokenizer.encode(stereo)).rejects.toThrow(/mono: 'mean'.*splitChannels/);
    const [left] = splitChannels(stereo);
    expect(idsOf(await tokenizer.encode(stereo, { mono: 'first' }))).toEqual(idsOf(await tokenizer.encode(left!)));
    await tokenizer.dispose();
  });

  it.each([
    [0, /at least one sample/],
    [1, /more than 200 samples at 16000 Hz/],
    [200, /more than 200 samples at 16000 Hz/],
  ])('refuses %i samples', async (samples, message) => {
    const tokenizer = await open('v2');
    const short = cut(speech(300), samples);
    const refused = { name: 'InputError', code: 'unsupported-size', message: expect.stringMatching(message) };
    await expect(tokenizer.encode(short)).rejects.toMatchObject(refused);
    await expect(tokenizer.latents(short)).rejects.toMatchObject(refused);
    await tokenizer.dispose();
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('refuses %f among the samples', async (value) => {
    const tokenizer = await open('v2');
    const broken = speech(4000);
    broken.channels[0]![3999] = value;
    await expect(tokenizer.encode(broken)).rejects.toMatchObject({ name: 'InputError', code: 'not-finite' });
    await tokenizer.dispose();
  });

  it('refuses ids of others', async () => {
    const [own, other] = [await open('v2'), await open('v3')];
    const tokens = await other.encode(speech(4000));
    await expect(own.codes(tokens)).rejects.toMatchObject({ name: 'TokensError', code: 'fingerprint-mismatch' });
    await own.dispose();
    await other.dispose();
  });

  it('refuses more than its stored positions', async () => {
    const config = parseConfig({ ...configs['v1 at 50'], config: { ...configs['v1 at 50'].config, n_audio_ctx: 40 } });
    const tokenizer = await s3.fromConfig(config, { engine: 'cpu' });
    expect(idsOf(await tokenizer.encode(speech(80 * 160)))).toHaveLength(40);
    await expect(tokenizer.encode(speech(81 * 160))).rejects.toMatchObject({
      code: 'unsupported-size',
      message: expect.stringContaining('at most 0.8 s, got 0.81 s'),
    });
    await tokenizer.dispose();
  });

  it('encodes long recordings in windows, with progress, as the official code or without its loss', async () => {
    const tokenizer = await open('v2', 'wasm');
    const signal = speech(5300 * 160);
    const seconds: (readonly [number, number | undefined])[] = [];
    const official = await tokenizer.encode(signal, {
      onProgress: ({ completed, total, unit }) => unit === 'seconds' && seconds.push([completed, total]),
    });
    expect(seconds).toEqual([
      [30, 53],
      [53, 53],
    ]);
    const kept = await tokenizer.encode(signal, { keepTail: true });
    expect([official.levels[0]!.shape, kept.levels[0]!.shape]).toEqual([[1275], [1325]]);
    expect(idsOf(kept).slice(0, 1275)).toEqual(idsOf(official));
    expect((await tokenizer.latents(signal)).shape).toEqual([1275, 64]);
    await tokenizer.dispose();
  });

  it.runIf(onnxAvailable)('is the same compiled where the scores are too many to be written down', async () => {
    // 16 heads of 1500 tokens: 144 MB of scores. The last second is masked.
    const heads = { ...configs['v1 at 50'].config, n_audio_head: 16 };
    const config = parseConfig({ ...configs['v1 at 50'], config: heads });
    const signal = speech(2950 * 160);
    const latents: Float32Array[] = [];
    for (const engine of ['wasm', 'onnx'] as const) {
      const tokenizer = await s3.fromConfig(config, { engine });
      latents.push((await tokenizer.latents(signal)).data as Float32Array);
      await tokenizer.dispose();
    }
    const [eager, compiled] = latents as [Float32Array, Float32Array];
    expect(compiled).toHaveLength(1475 * 64);
    expect(compiled.reduce((most, value, at) => Math.max(most, Math.abs(value - eager[at]!)), 0)).toBeLessThan(1e-4);
  });

  it('can be cancelled before, while it listens, and between windows', async () => {
    const tokenizer = await open('v2', 'wasm');
    const signal = speech(5600 * 160);
    const aborted = { name: 'AbortError' };
    await expect(tokenizer.encode(signal, { signal: AbortSignal.abort() })).rejects.toMatchObject(aborted);
    await expect(tokenizer.latents(signal, { signal: AbortSignal.abort() })).rejects.toMatchObject(aborted);
    const listening = new AbortController();
    setTimeout(() => listening.abort(), 1);
    await expect(tokenizer.encode(signal, { signal: listening.signal })).rejects.toMatchObject(aborted);
    const running = new AbortController();
    const onProgress = ({ completed }: { readonly completed: number }) => completed === 30 && running.abort();
    await expect(tokenizer.encode(signal, { signal: running.signal, onProgress })).rejects.toMatchObject(aborted);
    await tokenizer.dispose();
  });
});

describe('the spectrum of a long recording', () => {
  it('is the whole one, a stretch at a time', async () => {
    const samples = speech(3100 * 160).channels[0]!.map((value, at) => (at < 400_000 ? value / 100 : value));
    const [whole] = whisperLogMel([samples], { mels: 8 });
    const spectrum = await openSpectrum(samples, 8);
    expect(spectrum.frames).toBe(3100);
    const { mel, frames } = spectrum.read(2600, 3100, 3000);
    expect(frames).toEqual({ shape: [1], data: Float32Array.of(500) });
    expect(mel!.shape).toEqual([1, 3000, 8]);
    expect(mel!.data.slice(0, 4000)).toEqual(whole!.data.slice(2600 * 8));
    expect(mel!.data.slice(4000).every((value) => value === 0)).toBe(true);
  });
});
