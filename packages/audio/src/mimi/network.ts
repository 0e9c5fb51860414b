import type * as tf from '@tensorflow/tfjs-core';
import { firstSteps, padTime, tap } from '@tesserae/core/nn';
import type { SeanetConfig } from '../seanet/config';
import { decodeSeanet } from '../seanet/decoder';
import { encodeSeanet } from '../seanet/encoder';
import { encoderContext, type SeanetReach } from '../seanet/reach';
import { decodeSeanetPart, encodeSeanetPart, type StreamPart, type StreamState } from '../seanet/stream';
import { downsample, upsample } from './change-rate';
import { frameLength, type MimiConfig } from './config';
import { transform, type TransformerState } from './transformer';
import type { MimiParams } from './weights';

/** What a window of a stream hands to the next, absent before the first. */
export type MimiState = StreamState &
  Partial<TransformerState> & {
    /** Encoder: the last steps in front of the convolution to frames. Decoder: the last frame. */
    readonly edge?: tf.Tensor3D;
  };

/** Of {@link encodeMimi} and {@link decodeMimi}. */
export interface MimiRun {
  /** Steps that are written before any looks: 1, or those of a frame as official streaming has it. */
  readonly group: number;
}

/**
 * Waveform to latents; the last frame is filled up with zeros.
 *
 * @param audio - `[B, T, channels]`, float32, T at least 1.
 * @returns `[B, ceil(T / 1920), D]` where the published sizes are.
 */
export function encodeMimi(audio: tf.Tensor3D, p: MimiParamsOfEncoder, config: MimiConfig, { group }: MimiRun) {
  const { seanet, transformer, stride } = config;
  const features = encodeSeanet(wholeFrames(audio, config), p.encoder, seanet);
  const { x } = transform(features, p.encoderTransformer, transformer, { group, goesOn: false, name: encoderName });
  return tap('latents', downsample(x, p.downsample, stride));
}

/** {@link encodeMimi} of a window of a stream, cut as `encodeSeanetPart` says, with {@link frameContext}. */
export function encodeMimiPart(
  { audio, keys, values, steps, edge, ...state }: { readonly audio: tf.Tensor3D } & MimiState,
  p: MimiParamsOfEncoder,
  config: MimiConfig,
  part: StreamPart,
  { group }: MimiRun,
): { readonly latents: tf.Tensor3D } & MimiState {
  const { seanet, transformer, stride } = config;
  const whole = part === 'end' ? wholeFrames(audio, config) : audio;
  const context = stepsOf(frameContext(config), stride);
  const { latents: features, ...next } = encodeSeanetPart({ audio: whole, ...state }, p.encoder, seanet, part, context);
  const before = keys && values && steps ? { keys, values, steps } : undefined;
  const goesOn = part !== 'end';
  const turned = transform(features, p.encoderTransformer, transformer, { group, before, goesOn, name: encoderName });
  const latents = downsample(turned.x, p.downsample, stride, edge);
  if (!goesOn) return { latents };
  return { latents, ...next, ...turned.state, edge: lastSteps(turned.x, stride) };
}

/**
 * Sums of codes to waveform.
 *
 * @param codes - `[B, F, D]`, float32.
 * @returns `[B, F * 1920, channels]` where the published sizes are.
 */
export function decodeMimi(
  codes: tf.Tensor3D,
  p: MimiParamsOfDecoder,
  { seanet, transformer }: MimiConfig,
  { group }: MimiRun,
): tf.Tensor3D {
  const steps = tap('upsample', upsample(codes, p.upsample));
  const { x } = transform(steps, p.decoderTransformer, transformer, { group, goesOn: false, name: decoderName });
  return decodeSeanet(x, p.decoder, seanet);
}

/** {@link decodeMimi} of a window of a stream. */
export function decodeMimiPart(
  codes: tf.Tensor3D,
  { keys, values, steps, edge, ...state }: MimiState,
  p: MimiParamsOfDecoder,
  { seanet, transformer }: MimiConfig,
  part: 'start' | 'middle',
  { group }: MimiRun,
): { readonly audio: tf.Tensor3D } & MimiState {
  const raised = upsample(codes, p.upsample, edge);
  const before = keys && values && steps ? { keys, values, steps } : undefined;
  const turned = transform(raised, p.decoderTransformer, transformer, {
    group,
    before,
    goesOn: true,
    name: decoderName,
  });
  return {
    ...decodeSeanetPart(turned.x, state, p.decoder, seanet, part),
    ...turned.state,
    edge: lastSteps(codes, 1),
  };
}

type MimiParamsOfEncoder = Pick<MimiParams, 'encoder' | 'encoderTransformer' | 'downsample'>;
type MimiParamsOfDecoder = Pick<MimiParams, 'upsample' | 'decoderTransformer' | 'decoder'>;

const encoderName = 'encoder.transformer';
const decoderName = 'decoder.transformer';

/** Frames of codes that a window of the encoder needs in front; nothing looks ahead. */
export function frameContext({ seanet, stride }: { readonly seanet: SeanetConfig; readonly stride: number }) {
  const { left, right } = encoderContext(seanet);
  return { left: Math.ceil(left / stride), right: Math.ceil(right / stride) };
}

function stepsOf({ left, right }: SeanetReach, stride: number): SeanetReach {
  return { left: left * stride, right: right * stride };
}

/** Zeros behind, up to a whole number of frames. */
function wholeFrames(audio: tf.Tensor3D, config: MimiConfig): tf.Tensor3D {
  const unit = frameLength(config);
  return padTime(audio, 0, Math.ceil(audio.shape[1] / unit) * unit - audio.shape[1], 'zero');
}

function lastSteps(x: tf.Tensor3D, count: number): tf.Tensor3D {
  return firstSteps(x, count, x.shape[1] - count);
}
