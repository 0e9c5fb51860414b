import { describe, expect, it } from 'vitest';
import { decodeInput, sliceInput } from './decode-input';
import { tensorSeed, unitValue } from './formula-generator';
import type { IoTensor } from './io-tensors';

const bytes: IoTensor = { dtype: 'uint8', shape: [1, 2, 2], data: Int32Array.of(0, 51, 102, 255) };

describe('decodeInput', () => {
  it('rounds after every step', () => {
    const steps = [
      ['div', 255],
      ['mul', 2],
      ['sub', 1],
    ] as const;
    const { data, dtype } = decodeInput(bytes, { steps, round: 'each' }, undefined);
    expect(dtype).toBe('float32');
    expect([...data]).toEqual([0, 51, 102, 255].map((byte) => Math.fround(Math.fround(byte / 255) * 2 - 1)));
  });

  it('enlarges, adds noise and rounds once', () => {
    const decode = {
      enlarge: [1, 1, 2],
      steps: [['div', 255]],
      noise: { key: 'video', scale: 0.1 },
      round: 'once',
    } as const;
    const { shape, data } = decodeInput(bytes, decode, 4);
    expect(shape).toEqual([1, 2, 4]);
    const seed = tensorSeed('video', 4);
    const repeated = [0, 0, 51, 51, 102, 102, 255, 255];
    expect([...data]).toEqual(repeated.map((byte, i) => Math.fround(byte / 255 + 0.1 * unitValue(seed, i))));
  });

  it('needs a seed for noise', () => {
    const decode = { steps: [], noise: { key: 'video', scale: 0.1 }, round: 'once' } as const;
    expect(() => decodeInput(bytes, decode, undefined)).toThrow(/generatorSeed/);
  });
});

describe('sliceInput', () => {
  it('takes one frame', () => {
    const clip: IoTensor = {
      dtype: 'float32',
      shape: [1, 2, 3, 2],
      data: Float32Array.from({ length: 12 }, (_, i) => i),
    };
    const { shape, data } = sliceInput(clip, { axis: 2, index: 1 });
    expect(shape).toEqual([1, 2, 2]);
    expect([...data]).toEqual([2, 3, 8, 9]);
  });
});
