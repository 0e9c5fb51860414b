import { type HostTensor, type Model, Tokens, UnsupportedError } from '@tesserae/core';
import { type AudioInput, type AudioSignal, InputError, TokensError } from '@tesserae/core/data';
import { concatSamples } from '../dsp/concat-samples';
import { integratedLoudness } from '../dsp/loudness';
import { resampleSignal } from '../dsp/mono';
import { readAudio } from '../io/read-audio';
import type { ReadAudioOptions } from '../io/read-options';
import type { AudioTokenizer } from '../tokenizer/audio-tokenizer';
import { codeLevels, codesOfLevels } from '../tokenizer/code-levels';
import { audioSource, finishAudio } from '../tokenizer/finish-audio';
import { framesOf } from '../tokenizer/frames';
import { audioPipeline, splitChannels } from '../tokenizer/prepare-audio';
import type { DacConfig } from './config';
import { type DacFile, readDacFile } from './dac-file';
import { fewestFrames } from './unpadded';
import { writeDacFile } from './write-dac-file';

export interface CompressOptions extends ReadAudioOptions {
  /** LUFS that the sound is brought to before it is encoded, or `none`. Default -16, as the official command. */
  readonly loudness?: number | 'none';
  /** Codebooks, 1 to all; default all. */
  readonly prefix?: number;
}

export interface ToDacOptions {
  /** LUFS that the official command brings decoded sound to: that of the source. */
  readonly loudness: number;
}

/** `.dac` files of a DAC model. */
export interface DacFiles {
  /**
   * Tokens of a `.dac` file, one for each channel.
   *
   * @throws {InputError} `undecodable`. @throws {UnsupportedError} Codes of overlapping chunks: see `decompress`.
   */
  fromDac(bytes: Uint8Array): Tokens[];
  /** A `.dac` file of the tokens of every channel. @throws {TokensError} They are not of one clip. */
  toDac(channels: Tokens | readonly Tokens[], options: ToDacOptions): Uint8Array;
  /** Sound as a `.dac` file, brought to one loudness and encoded channel by channel. */
  compress(input: AudioInput, options?: CompressOptions): Promise<Uint8Array>;
  /** The sound of a `.dac` file as the official command gives it: at the rate, length and loudness of the source. */
  decompress(bytes: Uint8Array, options?: Pick<ReadAudioOptions, 'signal'>): Promise<AudioSignal>;
}

const name = 'dac file';

export function dacFiles(model: Model<DacConfig>, tokenizer: Pick<AudioTokenizer, 'encode' | 'decode'>): DacFiles {
  const { config } = model;
  const read = (bytes: Uint8Array): DacFile => {
    const file = readDacFile(bytes, name);
    const refuse = (expected: string, actual: string) =>
      new InputError(name, expected, actual, { code: 'undecodable' });
    if (file.codebooks > config.codebooks) {
      throw refuse(`at most ${config.codebooks} codebooks`, `${file.codebooks}`);
    }
    const wrong = file.codes.find((code) => code < 0 || code >= config.codebookSize);
    if (wrong !== undefined) throw refuse(`codes below ${config.codebookSize}`, `${wrong}`);
    return file;
  };

  const tokensOf = (file: DacFile): Tokens[] =>
    rowsOf(file).map((ids) => {
      const { sampleRate, samples } = file;
      const pipeline = audioPipeline({ sampleRate: config.sampleRate, channels: 1 });
      return new Tokens({
        tokenizer: model.identity,
        prefixUnit: 'level',
        levels: codeLevels(ids, undefined, config.codebookSize),
        source: { modality: 'audio', pipeline, sampleRate, samples, extra: { loudness: file.loudness } },
      });
    });

  const toDac = (channels: Tokens | readonly Tokens[], { loudness }: ToDacOptions): Uint8Array => {
    const all = channels instanceof Array ? channels : [channels as Tokens];
    const codes = all.map(codesOfLevels);
    const [first] = all;
    if (!first) throw new TokensError('invalid-tokens', 'channels: expected tokens of at least one channel, got none.');
    if (!Number.isFinite(loudness)) throw new InputError('loudness', 'LUFS', String(loudness));
    const { sampleRate, samples } = audioSource(first);
    const [codebooks = 0, , frames = 0] = codes[0]!.shape;
    all.forEach((tokens, channel) => {
      const source = audioSource(tokens);
      const isSame = source.sampleRate === sampleRate && source.samples === samples;
      if (isSame && codes[channel]!.shape.join() === codes[0]!.shape.join()) return;
      throw new TokensError('invalid-tokens', `channels[${channel}]: expected codes of the clip of channels[0].`);
    });
    const joined = new Int32Array(all.length * codebooks * frames);
    codes.forEach(({ data }, channel) => joined.set(data, channel * codebooks * frames));
    return writeDacFile({
      codes: joined,
      channels: all.length,
      codebooks,
      frames,
      loudness,
      samples,
      sampleRate,
      chunkFrames: frames,
      padded: true,
    });
  };

  return {
    toDac,
    fromDac(bytes) {
      const file = read(bytes);
      if (file.padded && file.chunkFrames >= file.frames) return tokensOf(file);
      throw new UnsupportedError(name, 'its codes are of overlapping chunks, no sequence; decompress gives its sound.');
    },
    async compress(input, { loudness = -16, prefix, ...options } = {}) {
      const given = await readAudio(input, options);
      const signal = resampleSignal(given, config.sampleRate);
      if (signal.channels[0]!.length === 0) {
        throw new InputError('input', 'at least one sample', 'none', { code: 'unsupported-size' });
      }
      if (signal.channels.length > 5) throw new InputError('input', '1 to 5 channels', `${signal.channels.length}`);
      const measured = Math.fround(integratedLoudness(signal.channels, config.sampleRate));
      const brought = loudness === 'none' ? signal : amplified(signal, loudness - measured);
      const bounded = withinOne(brought);
      const tokens: Tokens[] = [];
      for (const channel of splitChannels(bounded)) {
        const { signal: abort } = options;
        tokens.push(
          await tokenizer.encode(channel, { ...(abort && { signal: abort }), ...(prefix !== undefined && { prefix }) }),
        );
      }
      const { sampleRate, channels } = given;
      const source = { sampleRate, samples: channels[0]!.length };
      return toDac(
        tokens.map((own) => new Tokens({ ...fields(own), source: { ...audioSource(own), ...source } })),
        { loudness: measured },
      );
    },
    async decompress(bytes, { signal } = {}) {
      const file = read(bytes);
      const channels: Float32Array[] = [];
      for (const ids of rowsOf(file)) {
        const decoded = await decodeRow(model, ids, file, signal);
        const own = integratedLoudness([decoded], config.sampleRate);
        const { channels: louder } = amplified(
          { modality: 'audio', sampleRate: config.sampleRate, channels: [decoded] },
          file.loudness - own,
        );
        const { sampleRate, samples } = file;
        const tokens = { source: { modality: 'audio', pipeline: '', sampleRate, samples } } as const;
        const finished = finishAudio(louder, config.sampleRate, tokens, { sampleRate: 'source' });
        channels.push(finished.channels[0]!);
      }
      return { modality: 'audio', sampleRate: file.sampleRate, channels };
    },
  };
}

/** Codes of every channel, `[codebooks, 1, frames]`. */
function rowsOf({ codes, channels, codebooks, frames }: DacFile): HostTensor[] {
  const size = codebooks * frames;
  return Array.from({ length: channels }, (_, channel) => ({
    shape: [codebooks, 1, frames],
    data: codes.slice(channel * size, (channel + 1) * size),
  }));
}

async function decodeRow(
  model: Model<DacConfig>,
  ids: HostTensor,
  { frames, chunkFrames, padded }: DacFile,
  signal: AbortSignal | undefined,
): Promise<Float32Array> {
  const parts: Float32Array[] = [];
  const fewest = padded ? 1 : fewestFrames(model.config.network);
  for (let from = 0; from < frames; from += chunkFrames) {
    const to = Math.min(frames, from + chunkFrames);
    if (to - from < fewest) {
      throw new InputError(name, `chunks of at least ${fewest} frames`, `one of ${to - from}`, { code: 'undecodable' });
    }
    const chunk = framesOf(ids, from, to);
    const { audio } = await model.run(padded ? 'decode' : 'decode-unpadded', { ids: chunk }, signal ? { signal } : {});
    parts.push(audio!.data as Float32Array);
  }
  return concatSamples(parts);
}

function amplified(signal: AudioSignal, decibels: number): AudioSignal {
  const gain = Math.fround(10 ** (decibels / 20));
  return { ...signal, channels: signal.channels.map((values) => values.map((value) => value * gain)) };
}

/** Quieter where a sample is beyond 1. */
function withinOne(signal: AudioSignal): AudioSignal {
  let peak = 1;
  for (const values of signal.channels) for (const value of values) peak = Math.max(peak, Math.abs(value));
  if (peak === 1) return signal;
  return { ...signal, channels: signal.channels.map((values) => values.map((value) => value / peak)) };
}

function fields({ tokenizer, levels, prefixUnit, source }: Tokens) {
  return { tokenizer, levels, prefixUnit, source };
}
