import { InputError } from '@tesserae/core/data';

/** What stands before and after a signal: its mirror image without the edge sample, or zeros. */
export type PaddingMode = 'reflect' | 'zero';

/**
 * A signal with `left` and `right` more samples, in float64.
 *
 * @param mode - Default `reflect`, as `torch.nn.functional.pad`.
 * @throws {InputError} Reflection needs more samples than there are (code `unsupported-size`).
 */
export function padSignal(
  samples: Float32Array | Float64Array,
  left: number,
  right: number,
  mode: PaddingMode = 'reflect',
): Float64Array {
  const { length } = samples;
  const out = new Float64Array(left + length + right);
  out.set(samples, left);
  if (mode === 'zero') return out;
  const widest = Math.max(left, right);
  if (length <= widest && widest > 0) {
    throw new InputError('samples', `more than ${widest} samples (they are mirrored at the ends)`, `${length}`, {
      code: 'unsupported-size',
    });
  }
  for (let index = 1; index <= left; index++) out[left - index] = samples[index]!;
  for (let index = 1; index <= right; index++) out[left + length - 1 + index] = samples[length - 1 - index]!;
  return out;
}
