import { hopLength, type SnakeConfig, strideTrim, unitDilations, unitKernel } from './config';

/** How far a stretch looks beyond itself, in whole units. */
export interface SnakeReach {
  readonly left: number;
  readonly right: number;
}

/** What the reach of a network depends on besides its sizes. */
export interface ReachFacts {
  /** Frames of a unit: windows begin and end at units. */
  readonly unit: number;
  /** Frames that attend to each other, or 1: the unit is a multiple of them. */
  readonly attention: number;
  /** Taps of the convolution next to the latents. */
  readonly latentKernel: number;
}

const unitSide = unitDilations.reduce((sum, dilation) => sum + ((unitKernel - 1) / 2) * dilation, 0);
const edge = (unitKernel - 1) / 2;

/** Steps `low` to `high` widened to whole windows of attention. */
function aligned(low: number, high: number, window: number): [low: number, high: number] {
  return [Math.floor(low / window) * window, (Math.floor(high / window) + 1) * window - 1];
}

/** Units of sound that the frames of one unit see before and behind it. */
export function encoderReach(config: SnakeConfig, { unit, attention, latentKernel }: ReachFacts): SnakeReach {
  const side = (latentKernel - 1) / 2;
  let [low, high] = aligned(-side, unit - 1 + side, attention);
  for (const rate of config.encoderRates.toReversed()) {
    const trim = strideTrim(rate);
    low = low * rate - trim - unitSide;
    high = high * rate - trim + 2 * rate - 1 + unitSide;
  }
  const samples = hopLength(config) * unit;
  return {
    left: Math.max(0, Math.ceil((edge - low) / samples)),
    right: Math.max(0, Math.ceil((high + edge + 1 - samples) / samples)),
  };
}

/** Units of frames that the sound of one unit sees before and behind it. */
export function decoderReach(config: SnakeConfig, { unit, attention, latentKernel }: ReachFacts): SnakeReach {
  let [low, high] = [-edge, hopLength(config) * unit - 1 + edge];
  for (const rate of config.decoderRates.toReversed()) {
    const trim = strideTrim(rate);
    // Step n comes from those steps i with n + trim - 2 * rate < i * rate <= n + trim.
    low = Math.floor((low - unitSide + trim - 2 * rate) / rate) + 1;
    high = Math.floor((high + unitSide + trim) / rate);
  }
  [low, high] = aligned(low, high, attention);
  const side = (latentKernel - 1) / 2;
  return {
    left: Math.max(0, Math.ceil((side - low) / unit)),
    right: Math.max(0, Math.ceil((high + side + 1 - unit) / unit)),
  };
}
