import { describe, expect, it } from 'vitest';
import { InputError } from '../errors/input-error';
import { mersenneTwister } from './mersenne-twister';
import { mulberry32 } from './mulberry32';
import { torchRandom } from './torch-random';

const close = (actual: Iterable<number>, expected: readonly number[]): void => {
  for (const [index, value] of [...actual].entries()) {
    expect(value).toBeCloseTo(expected[index]!, 6);
  }
};

describe('mersenneTwister', () => {
  it('draws the words of the reference implementation', () => {
    const word = mersenneTwister(5489);
    const words = Array.from({ length: 10_000 }, word);
    expect(words.slice(0, 3)).toEqual([3499211612, 581869302, 3890346734]);
    expect(words.at(-1)).toBe(4123659995); // the value that the C++ standard asks of mt19937
  });
});

describe('torchRandom', () => {
  it('draws as PyTorch does', () => {
    close(torchRandom(42).normal(4), [0.33669037, 0.12880941, 0.23446237, 0.23033303]);
    const many = torchRandom(42).normal(17);
    close(
      [0, 1, 15, 16].map((index) => many[index]!),
      [1.9269153, -0.1595975, 0.8598585, -0.3097268],
    );
    close(torchRandom(7).uniform(2), [0.53492254, 0.19880319]);
    expect([...torchRandom(0).integers(0, 10, 5)]).toEqual([4, 9, 3, 0, 3]);
  });

  it('keeps the second value of a pair for the next small draw', () => {
    const whole = [...torchRandom(1).normal(9)];
    const parts = torchRandom(1);
    const drawn = [...parts.normal(5), ...parts.normal(3), ...parts.normal(1)];
    expect(drawn).toEqual(whole);
    const mixed = torchRandom(1);
    const [first] = mixed.normal(1);
    mixed.normal(16);
    mixed.uniform(3);
    expect([first, ...mixed.normal(1)]).toEqual(whole.slice(0, 2));
  });

  it('uses the low 32 bits of the seed', () => {
    expect(torchRandom(2 ** 32 + 5).uniform(4)).toEqual(torchRandom(5).uniform(4));
  });

  it('draws wide ranges from 64-bit words', () => {
    const [high, low] = [0, 0].map(mersenneTwister(3)).map(BigInt) as [bigint, bigint];
    const range = 2n ** 32n - 3n;
    const expected = ((high << 32n) + low) % range;
    expect(torchRandom(3).integers(-(2 ** 31), 2 ** 31 - 3, 1)[0]).toBe(Number(expected) - 2 ** 31);
  });

  it.each([-1, 0.5, 2 ** 53, Number.NaN])('refuses the seed %d', (seed) => {
    expect(() => torchRandom(seed)).toThrow(InputError);
  });

  it('refuses empty ranges', () => {
    expect(() => torchRandom(0).integers(3, 3, 1)).toThrow(InputError);
    expect(() => mulberry32(0).integers(0, 2 ** 32, 1)).toThrow(InputError);
  });
});

describe.each([
  ['torchRandom', torchRandom],
  ['mulberry32', mulberry32],
])('%s', (_name, create) => {
  it('has the moments and ranges that it promises', () => {
    const random = create(11);
    const uniform = random.uniform(20_000);
    expect(uniform.every((value) => value >= 0 && value < 1)).toBe(true);
    expect(uniform.reduce((sum, value) => sum + value, 0) / 20_000).toBeCloseTo(0.5, 1);
    const normal = random.normal(20_001);
    expect(normal.reduce((sum, value) => sum + value, 0) / 20_001).toBeCloseTo(0, 1);
    expect(normal.reduce((sum, value) => sum + value ** 2, 0) / 20_001).toBeCloseTo(1, 1);
    expect(new Set(random.integers(-2, 3, 500))).toEqual(new Set([-2, -1, 0, 1, 2]));
    expect([...random.permutation(50)].sort((a, b) => a - b)).toEqual([...Array(50).keys()]);
  });

  it('draws the same again', () => {
    expect(create(5).permutation(20)).toEqual(create(5).permutation(20));
    expect(create(5).uniform(8)).not.toEqual(create(6).uniform(8));
  });
});
