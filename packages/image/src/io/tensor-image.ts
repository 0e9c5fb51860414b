import type { ImageSignal } from '@tesserae/core';
import { InputError, ShapeError } from '@tesserae/core/data';

/** What is used of a TensorFlow.js tensor; a copy of the library that is not ours has the same form. */
export interface TensorLike {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly isDisposed?: boolean;
  data(): Promise<ArrayLike<number>>;
}

export function isTensorLike(value: object): value is TensorLike {
  return (
    'shape' in value &&
    Array.isArray(value.shape) &&
    'dtype' in value &&
    'data' in value &&
    typeof value.data === 'function'
  );
}

/**
 * Pixels of a tensor, which is read and never disposed.
 *
 * @param tensor - `[height, width, 1 | 3 | 4]`: int32 0..255 or float32 0..1.
 * @throws {ShapeError} Another rank or channel count. @throws {InputError} Another dtype, values outside the range, disposed.
 */
export async function imageFromTensor(tensor: TensorLike, name: string): Promise<ImageSignal> {
  if (tensor.isDisposed) {
    throw new InputError(name, 'a tensor that holds data', 'a disposed tensor');
  }
  const [height = 0, width = 0, channels] = tensor.shape;
  if (tensor.shape.length !== 3 || (channels !== 1 && channels !== 3 && channels !== 4)) {
    throw new ShapeError(name, '[height, width, 1 | 3 | 4]', tensor.shape);
  }
  if (tensor.dtype !== 'int32' && tensor.dtype !== 'float32') {
    throw new InputError(name, 'int32 (0..255) or float32 (0..1)', tensor.dtype);
  }
  const values = await tensor.data();
  const size = { modality: 'image', width, height, channels } as const;
  if (tensor.dtype === 'float32') {
    return { ...size, data: Float32Array.from(values) };
  }
  const data = new Uint8Array(values.length);
  for (let i = 0; i < data.length; i++) {
    const value = values[i]!;
    if (value < 0 || value > 255) {
      throw new InputError(name, 'int32 values from 0 to 255', `${value} at ${i}`);
    }
    data[i] = value;
  }
  return { ...size, data };
}
