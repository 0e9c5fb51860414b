import { describe, expect, it } from 'vitest';
import { counterStep, fillCodebook, fillHann, fillUniform, fnv1a, mix, tensorSeed } from './formula-generator';

// Test vectors of FORMULA-WEIGHTS.md, equal bit for bit in NumPy and JavaScript.
describe('weights by formula', () => {
  it('hashes keys and mixes counters', () => {
    const seed = tensorSeed('encoder.ln_pre.weight', 4132);
    expect(fnv1a('encoder.ln_pre.weight')).toBe(0x44096b4b);
    expect(seed).toBe(0x44097b6f);
    const mixed = Array.from({ length: 8 }, (_, i) => mix((seed + Math.imul(i, counterStep)) | 0));
    expect(mixed).toEqual([
      0x898657b7, 0xc2c98067, 0x526da765, 0x4e78b1b2, 0xcf2c2140, 0x6eab62d4, 0xeebf2e22, 0x5255fe7b,
    ]);
  });

  it('makes a norm weight', () => {
    const values = new Float32Array(8);
    fillUniform(values, 0, tensorSeed('encoder.ln_pre.weight', 4132), 0.25, 1);
    expect([...values]).toEqual([
      1.0186030864715576, 1.1304435729980469, 0.9109928607940674, 0.9032645225524902, 1.1546335220336914,
      0.9661512970924377, 1.2163023948669434, 0.9108123183250427,
    ]);
  });

  it('makes a matrix, in one piece or in blocks', () => {
    const seed = tensorSeed('decoder.transformer.23.mlp.c_proj.weight', 4132);
    expect(seed).toBe(0x867de2d5);
    const whole = new Float32Array(1024 * 4096);
    fillUniform(whole, 0, seed, 0.0189443, 0);
    expect([...whole.subarray(0, 8)]).toEqual([
      0.018922578543424606, 0.011826682835817337, 0.002502383664250374, 0.016720512881875038, 0.014904307201504707,
      0.0004666107124648988, 0.007294704671949148, 0.0036288464907556772,
    ]);
    expect(whole.at(-1)).toBe(-0.010916030965745449);
    expect(whole.reduce((sum, value) => sum + value, 0)).toBeCloseTo(33.12481209345475, 9);
    const block = new Float32Array(5);
    fillUniform(block, 4_194_299, seed, 0.0189443, 0);
    expect(block).toEqual(whole.slice(-5));
  });

  it('centers a codebook', () => {
    const seed = tensorSeed('quantizer.vq.layers.0._codebook.embed', 15003);
    expect(seed).toBe(0x470b2b98);
    const mean = new Float32Array(128);
    const spread = new Float32Array(128);
    mean.set([1.0809605121612549, 0.03843523561954498, 1.1927746534347534]);
    spread.set([0.8112722039222717, 0.7247363328933716, 0.99521803855896]);
    const values = new Float32Array(3);
    fillCodebook(values, 0, seed, mean, spread);
    expect([...values]).toEqual([1.565179467201233, 0.6062671542167664, 1.4969719648361206]);
  });

  it('makes a periodic window', () => {
    const window = new Float32Array(4);
    fillHann(window, 0, 4);
    expect([...window]).toEqual([0, 0.5, 1, 0.5]);
  });
});
