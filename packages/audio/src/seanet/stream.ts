import * as tf from '@tensorflow/tfjs-core';
import { conv1d, firstSteps, lstm, type LstmLayerParams, padTime } from '@tesserae/core/nn';
import type { SeanetConfig } from './config';
import { decodeFeatures } from './decoder';
import { encodeFeatures } from './encoder';
import { convPadding, decoderReach, encoderContext, type SeanetReach } from './reach';
import type { SeanetConvParams, SeanetDecoderParams, SeanetEncoderParams } from './weights';

/** Where a window of a stream lies: at its beginning, its end, or between. */
export type StreamPart = 'start' | 'middle' | 'end';

/** What one window hands to the next; absent before the first, parts absent without LSTM. */
export type StreamState = {
  /** Of the LSTM, `[layers, B, width]`. */
  readonly hidden?: tf.Tensor3D;
  readonly cell?: tf.Tensor3D;
  /** Last steps in front of the convolution over frames, `[B, steps, width]`. */
  readonly tail?: tf.Tensor3D;
  /** Decoder: last steps behind the LSTM, `[B, steps, width]`. */
  readonly context?: tf.Tensor3D;
};

/**
 * Latents of a window of a stream, as those of the whole clip.
 *
 * The windows are `start`, which is not followed by its last `right` frames of {@link encoderContext}; `middle`, with
 * `left` known frames in front and `right` behind; and `end`, with `left` in front, which ends where the clip does.
 *
 * @param audio - `[B, T, channels]`.
 * @param context - Known frames in front and behind, where windows have more of them than are needed.
 * @returns Latents `[B, frames, dimension]`: the look-ahead of the last convolution later than the window, all the rest at the end.
 */
export function encodeSeanetPart(
  { audio, ...state }: { readonly audio: tf.Tensor3D } & StreamState,
  params: SeanetEncoderParams,
  config: SeanetConfig,
  part: StreamPart,
  context: SeanetReach = encoderContext(config),
): { readonly latents: tf.Tensor3D } & StreamState {
  const left = part === 'start' ? 0 : context.left;
  const right = part === 'end' ? 0 : context.right;
  const features = encodeFeatures(audio, params, config);
  const own = firstSteps(features, features.shape[1] - left - right, left);
  const { y, ...next } = continuedLstm(own, params.lstm, state);
  const { x: latents, tail } = continuedConv(y, params.convOut, config, part, state, tf.elu);
  return { latents, ...next, tail };
}

/**
 * Waveform of a window of frames of a causal stream, as that of the whole clip.
 *
 * @param z - Latents `[B, F, dimension]`; at the start at least as many as the first convolution is long.
 * @param part - `start` or `middle`; the end is nothing special.
 * @returns `[B, F * hop, channels]`.
 */
export function decodeSeanetPart(
  z: tf.Tensor3D,
  state: StreamState,
  params: SeanetDecoderParams,
  config: SeanetConfig,
  part: 'start' | 'middle',
): { readonly audio: tf.Tensor3D } & StreamState {
  const { left } = decoderReach(config);
  const { x, tail } = continuedConv(z, params.convIn, config, part, state);
  const { y, ...next } = continuedLstm(x, params.lstm, state);
  const features = state.context ? tf.concat([state.context, y], 1) : y;
  const sound = decodeFeatures(features, params, config);
  const hop = sound.shape[1] / features.shape[1];
  const known = features.shape[1] - y.shape[1];
  return {
    audio: firstSteps(sound, y.shape[1] * hop, known * hop),
    ...next,
    tail,
    context: lastSteps(features, left),
  };
}

/** The LSTM and its input, added, going on from the state of the window before. */
function continuedLstm(x: tf.Tensor3D, layers: readonly LstmLayerParams[], { hidden, cell }: StreamState) {
  if (layers.length === 0) return { y: x };
  const [hiddens, cells] = [hidden, cell].map((all) => (all ? (tf.unstack(all) as tf.Tensor2D[]) : undefined));
  const before = hiddens && cells && layers.map((_, index) => ({ hidden: hiddens[index]!, cell: cells[index]! }));
  const { y, states } = lstm(x, layers, before);
  return {
    y: tf.add(y, x) as tf.Tensor3D,
    hidden: tf.stack(states.map((state) => state.hidden)) as tf.Tensor3D,
    cell: tf.stack(states.map((state) => state.cell)) as tf.Tensor3D,
  };
}

/** The convolution over frames: padded only where the clip begins or ends. */
function continuedConv(
  given: tf.Tensor3D,
  { conv }: SeanetConvParams,
  config: SeanetConfig,
  part: StreamPart,
  { tail }: StreamState,
  activation: (x: tf.Tensor3D) => tf.Tensor3D = (x) => x,
) {
  const size = conv.kernel.shape[0];
  const [left, right] = convPadding(size, 1, config.causal);
  const all = tail ? tf.concat([tail, given], 1) : given;
  const padded = padTime(activation(all), part === 'start' ? left : 0, part === 'end' ? right : 0, config.padding);
  return { x: conv1d(padded, conv), tail: lastSteps(all, size - 1) };
}

function lastSteps(x: tf.Tensor3D, steps: number): tf.Tensor3D {
  const kept = Math.min(steps, x.shape[1]);
  return firstSteps(x, kept, x.shape[1] - kept);
}
