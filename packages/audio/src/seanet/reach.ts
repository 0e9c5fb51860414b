import { hopLength, type SeanetConfig } from './config';

/** How far a stretch of frames looks beyond itself, in whole frames, without the LSTM. */
export interface SeanetReach {
  readonly left: number;
  readonly right: number;
}

/** Steps that `SConv1d` adds in front and behind at stride 1 or at a whole number of strides. */
export function convPadding(reach: number, stride: number, causal: boolean): readonly [left: number, right: number] {
  const total = reach - stride;
  const right = causal ? 0 : Math.floor(total / 2);
  return [total - right, right];
}

/** Of the encoder up to its LSTM: 1 and 1 for WavTokenizer, whose frames see samples -243 to 554 at hop 320. */
export function encoderReach(config: SeanetConfig): SeanetReach {
  const { ratios, residualKernelSize, residualLayers, dilationBase, kernelSize, causal } = config;
  let [low, high] = [0, 0];
  const through = (kernel: number, stride = 1, dilation = 1) => {
    const reach = (kernel - 1) * dilation + 1;
    const [left] = convPadding(reach, stride, causal);
    [low, high] = [low * stride - left, high * stride - left + reach - 1];
  };
  for (const ratio of ratios) {
    through(2 * ratio, ratio);
    for (let layer = residualLayers - 1; layer >= 0; layer -= 1) through(residualKernelSize, 1, dilationBase ** layer);
  }
  through(kernelSize);
  const hop = hopLength(config);
  return { left: Math.max(0, Math.ceil(-low / hop)), right: Math.max(0, Math.ceil((high - hop + 1) / hop)) };
}

/** Of a causal decoder behind its LSTM; it never looks ahead. */
export function decoderReach(config: SeanetConfig): SeanetReach {
  const { ratios, residualKernelSize, residualLayers, dilationBase, lastKernelSize } = config;
  let low = 1 - lastKernelSize;
  for (const ratio of ratios.toReversed()) {
    for (let layer = residualLayers - 1; layer >= 0; layer -= 1)
      low -= (residualKernelSize - 1) * dilationBase ** layer;
    // Every step of a transposed convolution comes from the input step at its place and the one before.
    low = Math.floor(low / ratio) - 1;
  }
  return { left: -low, right: 0 };
}

/** Whether windows can give what the whole clip gives: nothing looks at all of it. */
export function canStream({ norm }: SeanetConfig): boolean {
  return norm !== 'time_group_norm';
}

/** Frames of context that a window needs. One more on the left: windows must not be too short to be mirrored. */
export function encoderContext(config: SeanetConfig): SeanetReach {
  const { left, right } = encoderReach(config);
  return { left: left + 1, right };
}
