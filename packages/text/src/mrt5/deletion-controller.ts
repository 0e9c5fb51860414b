import { InputError } from '@tesserae/core/data';

export interface ControllerOptions {
  /** Gain of the error. Default 0.5. */
  readonly proportional?: number;
  /** Gain of the sum of errors. Default 1e-5. */
  readonly integral?: number;
}

/** Weight of the gate loss that leads training to a share of deleted tokens. */
export interface DeletionController {
  /**
   * The next weight, at least 0.
   *
   * @param deleted - Share of deleted tokens now, 0..1.
   */
  update(deleted: number): number;
}

/**
 * The PI controller of MrT5 (arXiv 2410.20771, section 3.3; `pi_controller`): `p ← 0.9 p + 0.1 kp · error`,
 * `i ← i + ki · error`, weight `max(0, p + i)`.
 *
 * @param target - Share of tokens to delete, 0..1.
 * @throws {InputError} A target outside 0..1.
 */
export function deletionController(target: number, options: ControllerOptions = {}): DeletionController {
  const { proportional = 0.5, integral = 1e-5 } = options;
  if (!(target >= 0 && target <= 1)) throw new InputError('target', 'a number of 0..1', String(target));
  let smoothed = 0;
  let summed = 0;
  return {
    update(deleted) {
      const error = target - deleted;
      smoothed = 0.9 * smoothed + 0.1 * proportional * error;
      summed += integral * error;
      return Math.max(0, smoothed + summed);
    },
  };
}

/** What a gate does to a batch. */
export interface GateStatistics {
  /** Mean value over tokens that are no padding: times a weight it is the loss of the gate. */
  readonly mean: number;
  /** Share of tokens, padding left out, that are below the threshold. */
  readonly deleted: number;
}

/**
 * Mean of a gate and share of deleted tokens, padding (id 0) left out.
 *
 * @param values - One value a token.
 * @param ids - ByT5 ids, as many.
 * @throws {InputError} Another number of ids; only padding.
 */
export function gateStatistics(values: ArrayLike<number>, ids: ArrayLike<number>, threshold: number): GateStatistics {
  if (values.length !== ids.length) throw new InputError('ids', `${values.length} ids`, String(ids.length));
  let [sum, deleted, tokens] = [0, 0, 0];
  for (let index = 0; index < ids.length; index += 1) {
    if (ids[index] === 0) continue;
    tokens += 1;
    sum += values[index]!;
    if (values[index]! < threshold) deleted += 1;
  }
  if (tokens === 0) throw new InputError('ids', 'a token that is no padding', 'none');
  return { mean: sum / tokens, deleted: deleted / tokens };
}
