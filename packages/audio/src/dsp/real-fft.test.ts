import { describe, expect, it } from 'vitest';
import { realFft } from './real-fft';

const noise = (length: number) => Float64Array.from({ length }, (_, index) => Math.sin(index * index * 12.9898 + 1));

/** The definition, term by term. */
function slowTransform(samples: Float64Array, bin: number): [number, number] {
  let real = 0;
  let imaginary = 0;
  samples.forEach((value, index) => {
    const angle = (2 * Math.PI * ((index * bin) % samples.length)) / samples.length;
    real += value * Math.cos(angle);
    imaginary -= value * Math.sin(angle);
  });
  return [real, imaginary];
}

describe('realFft', () => {
  it.each([1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 97, 100, 121, 400, 480, 510, 1001, 1280])(
    'transforms %i samples as the definition says, and back',
    (size) => {
      const plan = realFft(size);
      const samples = noise(size);
      const real = new Float64Array(plan.bins);
      const imaginary = new Float64Array(plan.bins);
      plan.forward(samples, real, imaginary);
      expect(plan.bins).toBe(Math.floor(size / 2) + 1);
      for (let bin = 0; bin < plan.bins; bin++) {
        const [expectedReal, expectedImaginary] = slowTransform(samples, bin);
        expect(Math.abs(real[bin]! - expectedReal)).toBeLessThan(1e-10);
        expect(Math.abs(imaginary[bin]! - expectedImaginary)).toBeLessThan(1e-10);
      }
      const back = new Float64Array(size);
      plan.inverse(real, imaginary, back);
      back.forEach((value, index) => expect(Math.abs(value - samples[index]!)).toBeLessThan(1e-13));
    },
  );

  it('ignores imaginary parts of the first and the last bin on the way back', () => {
    const plan = realFft(8);
    const real = Float64Array.of(1, 2, 3, 4, 5);
    const clean = new Float64Array(8);
    const odd = new Float64Array(8);
    plan.inverse(real, Float64Array.of(0, 1, 2, 3, 0), clean);
    plan.inverse(real, Float64Array.of(9, 1, 2, 3, -7), odd);
    expect([...odd]).toEqual([...clean]);
  });

  it('refuses sizes that are no whole numbers', () => {
    for (const size of [0, -4, 2.5, Number.NaN]) expect(() => realFft(size)).toThrow(/whole number/);
  });
});
