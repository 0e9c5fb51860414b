import type { ImageSignal } from '@tesserae/core';
import { InputError } from '@tesserae/core/data';

/** Floats may leave 0..1 by this much (rounding of earlier steps); they are clamped when they become bytes. */
const slack = 1e-3;

/**
 * Checks a picture given as plain data.
 *
 * @throws {InputError} `invalid-argument`: fields that are missing or contradict each other; floats outside 0..1.
 * @throws {InputError} `not-finite`: NaN or infinity among the floats.
 */
export function checkImageSignal(image: ImageSignal, name: string): void {
  const { width, height, channels, data } = image;
  if (!Number.isInteger(width) || !Number.isInteger(height) || width < 1 || height < 1) {
    throw new InputError(`${name}.width, height`, 'whole numbers of at least 1', `${width} x ${height}`);
  }
  if (channels !== 1 && channels !== 3 && channels !== 4) {
    throw new InputError(`${name}.channels`, '1, 3 or 4', String(channels));
  }
  const typed = data instanceof Uint8Array || data instanceof Uint8ClampedArray || data instanceof Float32Array;
  if (!typed) {
    throw new InputError(`${name}.data`, 'a Uint8Array, Uint8ClampedArray or Float32Array', kindOf(data));
  }
  if (data.length !== width * height * channels) {
    throw new InputError(
      `${name}.data`,
      `${height} x ${width} x ${channels} = ${width * height * channels} values`,
      `${data.length}`,
    );
  }
  if (data instanceof Float32Array) {
    checkFloats(data, name);
  }
}

function checkFloats(data: Float32Array, name: string): void {
  let low = 0;
  let high = 1;
  for (let i = 0; i < data.length; i++) {
    const value = data[i]!;
    if (!Number.isFinite(value)) {
      throw new InputError(`${name}.data`, 'finite floats', `${value} at ${i}`, { code: 'not-finite' });
    }
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low < -slack || high > 1 + slack) {
    throw new InputError(`${name}.data`, 'floats from 0 to 1', `floats from ${low} to ${high}`);
  }
}

/** What a wrong argument is, for messages. */
export function kindOf(value: unknown): string {
  if (value === null || typeof value !== 'object') {
    return typeof value === 'string' ? `the string ${JSON.stringify(value.slice(0, 60))}` : String(value);
  }
  const { name } = (value.constructor ?? Object) as { readonly name: string };
  return name === 'Object' ? `an object with the fields ${Object.keys(value).join(', ') || '(none)'}` : name;
}
