import { InputError } from '../errors/input-error';
import type { ImageSignal } from '../signal/image-signal';

/** Two pictures of one size, channel by channel. */
export interface ImagePair {
  readonly width: number;
  readonly height: number;
  readonly channels: readonly (readonly [reference: Float64Array, image: Float64Array])[];
  /** Largest value: 255 for bytes, 1 for floats. */
  readonly peak: 1 | 255;
}

/**
 * Splits two pictures into planes of doubles.
 *
 * @param scale - `unit`: bytes become `byte / 255` in float32, as image libraries hand them to metrics.
 * @throws {InputError} Sizes, channels or types of the two differ, or the data is not as long as the size says.
 */
export function imagePair(reference: ImageSignal, image: ImageSignal, scale: 'as-is' | 'unit' = 'as-is'): ImagePair {
  const { width, height, channels } = reference;
  for (const [name, picture] of Object.entries({ reference, image })) {
    if (picture.width !== width || picture.height !== height || picture.channels !== channels) {
      const actual = `${picture.width} x ${picture.height} x ${picture.channels}`;
      throw new InputError(name, `${width} x ${height} pixels of ${channels} channels like the reference`, actual);
    }
    if (picture.data.length !== width * height * channels || picture.data.length === 0) {
      throw new InputError(
        `${name}.data`,
        `${width * height * channels} values, at least one`,
        `${picture.data.length}`,
      );
    }
  }
  const bytes = isBytes(reference);
  if (bytes !== isBytes(image)) {
    throw new InputError('image.data', `${bytes ? 'bytes' : 'floats'} like the reference`, bytes ? 'floats' : 'bytes');
  }
  const unit = bytes && scale === 'unit';
  const plane = ({ data }: ImageSignal, channel: number): Float64Array =>
    Float64Array.from({ length: width * height }, (_, pixel) => {
      const value = data[pixel * channels + channel]!;
      return unit ? Math.fround(value / 255) : value;
    });
  return {
    width,
    height,
    channels: Array.from({ length: channels }, (_, channel) => [plane(reference, channel), plane(image, channel)]),
    peak: bytes && !unit ? 255 : 1,
  };
}

function isBytes({ data }: ImageSignal): boolean {
  return data.BYTES_PER_ELEMENT === 1;
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** @throws {InputError} The range is no number above 0. */
export function checkDataRange(range: number): number {
  if (!(range > 0 && Number.isFinite(range))) {
    throw new InputError('dataRange', 'a number above 0', String(range));
  }
  return range;
}
