import { mulberry32 } from '@tesserae/core';
import { describe, expect, it } from 'vitest';
import { arithmeticDecoder, arithmeticEncoder, quantizedShares } from './arithmetic-coder';
import { bitReader, bitWriter } from './bit-stream';

function distribution(symbols: number, seed: number, sharpness: number): number[] {
  const values = [...mulberry32(seed).normal(symbols)].map((value) => Math.exp(sharpness * value));
  const total = values.reduce((sum, value) => sum + value, 0);
  return values.map((value) => value / total);
}

describe('shares', () => {
  it('divide 2 ** 24 by the probabilities, 2 at least each', () => {
    expect([...quantizedShares([0.5, 0.25, 0.25])]).toEqual([8_388_607, 12_582_911, 16_777_215]);
    const ends = quantizedShares([1, 0, 0]);
    expect(ends[1]! - ends[0]!).toBe(2);
    expect(ends[2]! - ends[1]!).toBe(2);
    expect(ends[2]!).toBeLessThanOrEqual(2 ** 24);
  });
});

describe('the arithmetic coder', () => {
  it.each([
    [1, 50, 1],
    [2, 400, 3],
    [1024, 300, 1],
    [1024, 300, 6],
    [3000, 100, 12],
  ])('gives back symbols of %i (%i of them, sharpness %f)', (symbols, count, sharpness) => {
    const shares = Array.from({ length: count }, (_, step) =>
      quantizedShares(distribution(symbols, step + 1, sharpness)),
    );
    const sent = [...mulberry32(7).integers(0, symbols, count)];
    const writer = bitWriter();
    const encoder = arithmeticEncoder(writer);
    sent.forEach((symbol, step) => encoder.push(symbol, shares[step]!));
    encoder.flush();
    writer.push(77, 8);
    const reader = bitReader(writer.bytes(), 'test');
    const decoder = arithmeticDecoder(reader, 'test');
    expect(shares.map((ends) => decoder.pull(ends))).toEqual(sent);
    // What follows begins right behind.
    expect([...reader.take(1)]).toEqual([77]);
  });

  it('spends as many bits as the symbols carry', () => {
    const probabilities = distribution(64, 3, 2);
    const ends = quantizedShares(probabilities);
    const likely = probabilities.indexOf(Math.max(...probabilities));
    const writer = bitWriter();
    const encoder = arithmeticEncoder(writer);
    for (let step = 0; step < 4000; step += 1) encoder.push(likely, ends);
    encoder.flush();
    const expected = (-Math.log2(probabilities[likely]!) * 4000) / 8;
    expect(Math.abs(writer.bytes().length - expected)).toBeLessThan(0.01 * expected + 8);
  });

  it('ends with an error where the bits do', () => {
    const decoder = arithmeticDecoder(bitReader(Uint8Array.of(1, 2, 3), 'short'), 'short');
    const ends = quantizedShares([0.5, 0.5]);
    const pull = () => Array.from({ length: 9 }, () => decoder.pull(ends));
    expect(pull).toThrow(expect.objectContaining({ name: 'InputError', code: 'undecodable' }));
  });
});

it('bits come lowest first, bytes between them', () => {
  const writer = bitWriter();
  writer.push(0b11_0000_0001, 10);
  writer.push(0b101, 3);
  writer.align();
  writer.push(0xab, 8);
  expect([...writer.bytes()]).toEqual([0b0000_0001, 0b0001_0111, 0xab]);
  const reader = bitReader(writer.bytes(), 'test');
  expect([reader.pull(10), reader.pull(3)]).toEqual([0b11_0000_0001, 0b101]);
  expect([...reader.take(1)]).toEqual([0xab]);
  expect(() => reader.pull(1)).toThrow('ends after 3 bytes');
});
