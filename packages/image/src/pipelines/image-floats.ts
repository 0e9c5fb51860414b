import type { HostTensor, ImageSignal } from '@tesserae/core';
import { InputError, ShapeError } from '@tesserae/core/data';
import { roundHalfEven } from '@tesserae/core/raster';

/**
 * What the decoder's floats mean. `unit`: 0..1, times 255. `pm1`: -1..1, `(x + 1) · 127.5`. `pm1-ldm`: -1..1,
 * `127.5 · x + 128`, which published scripts of the latent diffusion family use with truncation.
 */
export type FloatRange = 'unit' | 'pm1' | 'pm1-ldm';

/**
 * Decoder output to bytes, clamped.
 *
 * @param tensor - `[1, height, width, 1 | 3]`, float32.
 * @param rounding - `truncate` is what most published scripts do (`astype(uint8)`); `round` halves to even.
 * @throws {ShapeError} Another shape. @throws {InputError} `not-finite`.
 */
export function imageFromFloats(
  tensor: HostTensor,
  rounding: 'truncate' | 'round',
  range: FloatRange = 'unit',
): ImageSignal {
  const [batch, height = 0, width = 0, channels] = tensor.shape;
  const fits = tensor.shape.length === 4 && batch === 1 && (channels === 1 || channels === 3);
  if (!fits || height < 1 || width < 1 || tensor.data.length !== height * width * channels) {
    throw new ShapeError('imageFromFloats: tensor', '[1, height, width, 1 | 3]', tensor.shape);
  }
  const { data } = tensor;
  const out = new Uint8Array(data.length);
  for (let i = 0; i < out.length; i++) {
    const value = data[i]!;
    if (!Number.isFinite(value)) {
      throw new InputError('tensor', 'finite floats', `${value} at ${i}`, { code: 'not-finite' });
    }
    const scaled = scale(value, range);
    out[i] = rounding === 'truncate' ? Math.trunc(scaled) : roundHalfEven(scaled);
  }
  return { modality: 'image', width, height, channels, data: out };
}

/** Single precision, because the last bit decides which byte a truncated value becomes. */
function scale(value: number, range: FloatRange): number {
  if (range === 'unit') {
    return Math.fround(Math.min(Math.max(value, 0), 1) * 255);
  }
  const bytes = range === 'pm1' ? Math.fround(value + 1) * 127.5 : Math.fround(value * 127.5) + 128;
  return Math.min(Math.max(Math.fround(bytes), 0), 255);
}
