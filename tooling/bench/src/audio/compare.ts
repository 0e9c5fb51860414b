/** How far an output of PyTorch is from ours. */
export type Comparison = IdComparison | SoundComparison;

export interface IdComparison {
  readonly kind: 'ids';
  readonly frames: number;
  /** Frames of which some id differs. */
  readonly different: number;
  /**
   * Largest margin of a first id that differs, as {@link NearestCodes} counts them: what follows it codes another rest.
   */
  readonly largestMargin: number;
}

export interface SoundComparison {
  readonly kind: 'sound';
  readonly samples: number;
  /** Root mean square of the difference, in parts of that of the sound. */
  readonly error: number;
}

/** Rounding through whole networks moves relative distances by about as much; decisions closer than this are near-ties. */
export const nearTie = 3e-5;
/** Frames that near-ties may change. */
const mostNearTies = 0.05;
/** Of sound. DAC with random weights drives its last tanh far: float32 in PyTorch is some 1e-4 from float64. */
const largestError = 1e-3;

/**
 * @param ours - `[codebooks, frames]`; `peer` and `margins` likewise.
 * @throws {Error} Another number of ids.
 */
export function compareIds(ours: Int32Array, peer: Int32Array, margins: Float32Array, codebooks: number): IdComparison {
  if (peer.length !== ours.length) throw new Error(`PyTorch gives ${peer.length} ids, ours ${ours.length}`);
  const frames = ours.length / codebooks;
  let different = 0;
  let largestMargin = 0;
  for (let frame = 0; frame < frames; frame += 1) {
    for (let at = frame; at < ours.length; at += frames) {
      if (ours[at] === peer[at]) continue;
      different += 1;
      largestMargin = Math.max(largestMargin, margins[at]!);
      break;
    }
  }
  return { kind: 'ids', frames, different, largestMargin };
}

/** @throws {Error} Another number of samples. */
export function compareSound(ours: Float32Array, peer: Float32Array): SoundComparison {
  // The last frame may be longer than the clip.
  if (peer.length < ours.length) throw new Error(`PyTorch gives ${peer.length} samples, ours ${ours.length}`);
  let [error, power] = [0, 0];
  for (let at = 0; at < ours.length; at += 1) {
    error += (ours[at]! - peer[at]!) ** 2;
    power += peer[at]! ** 2;
  }
  return { kind: 'sound', samples: ours.length, error: Math.sqrt(power === 0 ? error : error / power) };
}

/** @throws {Error} The outputs are not those of one model. */
export function assertSame(comparison: Comparison): void {
  if (comparison.kind === 'sound') {
    if (comparison.error <= largestError) return;
    throw new Error(`sound differs from PyTorch's by ${comparison.error} of its level`);
  }
  const { frames, different, largestMargin } = comparison;
  if (largestMargin > nearTie || different > mostNearTies * frames) {
    throw new Error(`ids of ${different} of ${frames} frames differ from PyTorch's, margins up to ${largestMargin}`);
  }
}
