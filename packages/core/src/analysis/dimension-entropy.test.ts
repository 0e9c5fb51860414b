import { describe, expect, it } from 'vitest';
import { indexTokens, sampleSource, sampleTokenizer } from '../../test/arbitrary-tokens';
import { InputError } from '../errors/input-error';
import { dimensionEntropyAccumulator } from './dimension-entropy';

const bits = (bytes: readonly number[], bitsPerToken: number) => ({
  tokenizer: sampleTokenizer,
  source: sampleSource,
  prefixUnit: 'none' as const,
  levels: [
    {
      kind: 'bits' as const,
      bitsPerToken,
      shape: [bytes.length / Math.ceil(bitsPerToken / 8)],
      axes: ['token' as const],
      data: Uint8Array.from(bytes),
    },
  ],
});

describe('dimensionEntropyAccumulator', () => {
  it('finds independent digits independent', () => {
    const accumulator = dimensionEntropyAccumulator({ digits: [4, 3] });
    accumulator.add(indexTokens([...Array(12).keys()], 12));
    const [value] = accumulator.value().value;
    expect(value!.marginals[0]).toBeCloseTo(2, 12);
    expect(value!.marginals[1]).toBeCloseTo(Math.log2(3), 12);
    expect(value!.dependence).toBeCloseTo(0, 12);
  });

  it('finds bits that are copies', () => {
    const accumulator = dimensionEntropyAccumulator();
    accumulator.add(bits([0b00, 0b11, 0b00, 0b11], 2));
    const [value] = accumulator.value().value;
    expect(value).toMatchObject({ marginals: [1, 1], joint: 1, dependence: 1 });
  });

  it('takes bits beyond what a double holds', () => {
    const accumulator = dimensionEntropyAccumulator();
    const zero = Array<number>(10).fill(0);
    const last = [...zero.slice(1), 0x80];
    accumulator.add(bits([...zero, ...last], 80));
    const [value] = accumulator.value().value;
    expect(value!.marginals.slice(0, 79).every((own) => own === 0)).toBe(true);
    expect(value!.marginals[79]).toBe(1);
  });

  it('refuses digits that do not make the vocabulary', () => {
    expect(() => dimensionEntropyAccumulator({ digits: [4, 4] }).add(indexTokens([1], 12))).toThrow(InputError);
    expect(() => dimensionEntropyAccumulator({ digits: [0] })).toThrow(InputError);
  });
});
