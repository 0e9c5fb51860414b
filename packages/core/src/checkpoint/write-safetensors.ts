import type { HostTensor } from '../engine/engine';
import { InputError } from '../errors/input-error';
import { toHalves } from '../tokens/half-float';
import { elementCount } from './recipes';

export interface WriteSafetensorsOptions {
  /** How float32 values are stored. Default `F32`; `F16` rounds to nearest, ties to even. Integers stay `I32`. */
  readonly dtype?: 'F32' | 'F16';
  /** Strings of `__metadata__`. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * A safetensors file: an 8-byte aligned JSON header, then the tensors in the order given.
 *
 * @throws {InputError} A tensor's shape does not fit its values, or a value is too large for float16.
 */
export function writeSafetensors(
  tensors: ReadonlyMap<string, HostTensor>,
  { dtype = 'F32', metadata }: WriteSafetensorsOptions = {},
): Uint8Array {
  const header: Record<string, unknown> = metadata ? { __metadata__: metadata } : {};
  const parts: Uint8Array[] = [];
  let position = 0;
  for (const [key, { shape, data }] of tensors) {
    if (elementCount(shape) !== data.length)
      throw new InputError(key, `${elementCount(shape)} values for [${shape.join(', ')}]`, String(data.length));
    const half = dtype === 'F16' && data instanceof Float32Array;
    const values = half ? narrow(key, data) : data;
    const part = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    header[key] = {
      dtype: half ? 'F16' : data instanceof Float32Array ? 'F32' : 'I32',
      shape,
      data_offsets: [position, position + part.length],
    };
    parts.push(part);
    position += part.length;
  }
  const json = JSON.stringify(header);
  const text = new TextEncoder().encode(json);
  // Spaces up to a multiple of eight, so that mapped tensors are aligned.
  const length = Math.ceil(text.length / 8) * 8;
  const file = new Uint8Array(8 + length + position).fill(0x20, 8 + text.length, 8 + length);
  new DataView(file.buffer).setBigUint64(0, BigInt(length), true);
  file.set(text, 8);
  let at = 8 + length;
  for (const part of parts) {
    file.set(part, at);
    at += part.length;
  }
  return file;
}

function narrow(key: string, data: Float32Array): Uint16Array {
  const bits = toHalves(data);
  const overflow = data.findIndex((value, index) => Number.isFinite(value) && (bits[index]! & 0x7fff) === 0x7c00);
  if (overflow >= 0) throw new InputError(key, 'values within float16 (65504)', String(data[overflow]));
  return bits;
}
