import type { HostTensor, HostTensors, Model, RunOptions } from '@tesserae/core';
import { TokensError } from '@tesserae/core/data';
import { framesOf, joinCodes } from '../tokenizer/frames';
import { audioTensor, channelsOf } from '../tokenizer/host-audio';
import type { EncodecConfig } from './config';
import { loudness, scaled } from './loudness';
import { overlapAdd, type Segment, segmentSizes, segmentsOf } from './segments';

type Runs = Pick<Model<EncodecConfig>, 'run' | 'config'>;

/** Samples of one segment of `[1, samples, channels]`. */
export function segmentOf(
  { shape, data }: HostTensor,
  { start, samples }: Pick<Segment, 'start' | 'samples'>,
): HostTensor {
  const channels = shape[2]!;
  const own = data.slice(start * channels, (start + samples) * channels) as Float32Array;
  return { shape: [1, samples, channels], data: own };
}

/** Loudness of every segment, where the model normalizes. */
export function scalesOf(audio: HostTensor, config: EncodecConfig): readonly number[] | undefined {
  if (!config.normalize) return undefined;
  return segmentsOf(config, audio.shape[1]!).map((segment) => loudness(segmentOf(audio, segment)));
}

/** Codes of one segment, divided by its loudness where there is one. */
export function encodeSegment(
  model: Runs,
  name: string,
  audio: HostTensor,
  scale: number | undefined,
  options: RunOptions,
): Promise<HostTensors> {
  return model.run(name, { audio: scale === undefined ? audio : scaled(audio, scale, 'divide') }, options);
}

/** Codes of all segments, one after the other: `ids` and `margins` of `[codebooks, 1, frames]`. */
export async function encodeSegments(
  model: Runs,
  name: string,
  audio: HostTensor,
  options: RunOptions,
): Promise<HostTensors> {
  const { config } = model;
  const scales = scalesOf(audio, config);
  const segments = segmentsOf(config, audio.shape[1]!);
  const parts: HostTensors[] = [];
  for (const [index, segment] of segments.entries()) {
    options.signal?.throwIfAborted();
    parts.push(await encodeSegment(model, name, segmentOf(audio, segment), scales?.[index], withoutProgress(options)));
    const completed = (segment.start + segment.samples) / config.sampleRate;
    const total = audio.shape[1]! / config.sampleRate;
    options.onProgress?.({ stage: 'encode', completed, total, unit: 'seconds', label: 'encode' });
  }
  return joinCodes(parts);
}

/** Sound of one segment, `[channels][frames * hop]`. */
export async function decodeSegment(
  model: Pick<Model<EncodecConfig>, 'run'>,
  ids: HostTensor,
  scale: number | undefined,
  options: RunOptions,
): Promise<Float32Array[]> {
  const { audio } = await model.run('decode', { ids }, options);
  return channelsOf(scale === undefined ? audio! : scaled(audio!, scale, 'multiply'));
}

/** A segment with the scale of its sound, where there is one. */
export interface ScaledSegment extends Segment {
  readonly scale: number | undefined;
}

/**
 * Segments of codes.
 *
 * @param ids - `[codebooks, 1, frames]` of all segments.
 * @param samples - Of the clip, at the rate of the model.
 * @throws {TokensError} `invalid-tokens`: the codes are not those of as many samples, or scales are missing.
 */
export function segmentsFor(
  config: EncodecConfig,
  ids: HostTensor,
  samples: number,
  scales: readonly number[],
): readonly ScaledSegment[] {
  const segments = segmentsOf(config, samples);
  assertFit(config, segments, ids, scales);
  return segments.map((segment, index) => ({ ...segment, scale: scales[index] }));
}

/** Sound of all segments, cross-faded: `{ audio: [1, samples, channels] }`. @param ids - Of all segments. */
export async function decodeSegments(
  model: Runs,
  ids: HostTensor,
  segments: readonly ScaledSegment[],
  options: RunOptions,
): Promise<HostTensors> {
  const { sampleRate } = model.config;
  const last = segments.at(-1)!;
  const samples = last.start + last.samples;
  const parts: Float32Array[][] = [];
  let from = 0;
  for (const { frames, start, samples: own, scale } of segments) {
    options.signal?.throwIfAborted();
    parts.push(await decodeSegment(model, framesOf(ids, from, from + frames), scale, withoutProgress(options)));
    from += frames;
    const completed = (start + own) / sampleRate;
    const total = samples / sampleRate;
    options.onProgress?.({ stage: 'decode', completed, total, unit: 'seconds', label: 'decode' });
  }
  const stride = segmentSizes(model.config)?.stride ?? samples;
  return { audio: audioTensor(parts.length === 1 ? parts[0]! : overlapAdd(parts, stride)) };
}

function assertFit(
  { normalize }: EncodecConfig,
  segments: readonly Segment[],
  ids: HostTensor,
  scales: readonly number[],
): void {
  const frames = segments.reduce((sum, segment) => sum + segment.frames, 0);
  const given = ids.shape[2]!;
  if (given !== frames) {
    throw new TokensError('invalid-tokens', `expected ${frames} frames for the samples of the source, got ${given}.`);
  }
  if (normalize && scales.length !== segments.length) {
    throw new TokensError('invalid-tokens', `source.scales: expected ${segments.length}, got ${scales.length}.`);
  }
}

/** Progress counts seconds here, not the steps of each run. */
function withoutProgress({ signal }: RunOptions): RunOptions {
  return signal ? { signal } : {};
}
