import { InputError } from '@tesserae/core/data';

/**
 * Checks the two waveforms that a metric compares.
 *
 * @param least - Samples that the metric needs.
 * @throws {InputError} The lengths differ (`invalid-argument`), there are too few samples (`unsupported-size`), or NaN or
 *   infinity is among them (`not-finite`).
 */
export function checkSamplePair(reference: Float32Array, estimate: Float32Array, least: number): void {
  if (reference.length !== estimate.length) {
    throw new InputError('estimate', `${reference.length} samples, as the reference`, `${estimate.length}`);
  }
  if (reference.length < least) {
    const expected = least === 1 ? 'one or more samples' : `at least ${least} samples`;
    throw new InputError('reference', expected, `${reference.length}`, { code: 'unsupported-size' });
  }
  for (const [name, samples] of Object.entries({ reference, estimate })) {
    const wrong = samples.findIndex((value) => !Number.isFinite(value));
    if (wrong >= 0) {
      throw new InputError(name, 'finite samples', `${samples[wrong]} at ${wrong}`, { code: 'not-finite' });
    }
  }
}
