import { describe, expect, it } from 'vitest';
import { InputError } from '../../errors/input-error';
import { readNpy, writeNpy } from './npy';

/** A version 1 file with a header as NumPy writes it. */
function npy(descr: string, fortran: boolean, shape: string, body: ArrayBufferView): Uint8Array {
  const text =
    `{'descr': '${descr}', 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': ${shape}, }`.padEnd(117) + '\n';
  const bytes = new Uint8Array(body.buffer, body.byteOffset, body.byteLength);
  return Uint8Array.of(
    0x93,
    ...new TextEncoder().encode('NUMPY'),
    1,
    0,
    118,
    0,
    ...new TextEncoder().encode(text),
    ...bytes,
  );
}

describe('npy files', () => {
  it.each([
    { shape: [2, 3], data: Int32Array.of(1, -1, 3, 4, 5, 2 ** 31 - 1) },
    { shape: [3], data: Uint8Array.of(1, 2, 255) },
    { shape: [], data: Float32Array.of(0.5) },
    { shape: [0, 4], data: new Float64Array(0) },
  ])('give back $shape', (array) => {
    const bytes = writeNpy(array);
    expect(readNpy(bytes)).toEqual(array);
    expect((bytes.length - array.data.byteLength) % 64).toBe(0);
  });

  it('read what NumPy writes', () => {
    expect(readNpy(npy('<i8', false, '(3,)', BigInt64Array.of(1n, -1n, 5n)))).toEqual({
      shape: [3],
      data: Int32Array.of(1, -1, 5),
    });
    expect(readNpy(npy('<u2', true, '(2, 3)', Uint16Array.of(1, 4, 2, 5, 3, 6)))).toEqual({
      shape: [2, 3],
      data: Int32Array.of(1, 2, 3, 4, 5, 6),
    });
    expect(readNpy(npy('<f2', false, '(1,)', Uint16Array.of(0x3800))).data).toEqual(Float32Array.of(0.5));
    expect(readNpy(npy('>i4', false, '(1,)', Uint8Array.of(0, 0, 1, 0))).data).toEqual(Int32Array.of(256));
  });

  it('refuse integers beyond int32, objects and files that are cut off', () => {
    expect(() => readNpy(npy('<i8', false, '(1,)', BigInt64Array.of(2n ** 40n)))).toThrow(/int32.*1099511627776/);
    expect(() => readNpy(npy('|O8', false, '(1,)', new Uint8Array(8)))).toThrow(InputError);
    expect(() => readNpy(npy('<i4', false, '(9999999999, 9999999999)', new Uint8Array(8)))).toThrow(InputError);
    const bytes = writeNpy({ shape: [4], data: Int32Array.of(1, 2, 3, 4) });
    for (let length = 0; length < bytes.length; length += 1) {
      expect(() => readNpy(bytes.subarray(0, length))).toThrow(InputError);
    }
    expect(() => writeNpy({ shape: [3], data: Int32Array.of(1) })).toThrow(InputError);
  });
});
