import { describe, expect, it } from 'vitest';
import { modelFlops, pixelDecoderFlops, transformerFlops } from './flops';
import { productFlops } from './gemm';
import { benchmarkModel } from './models';

const gigaflops = (flops: number) => flops / 1e9;

describe('operation counts', () => {
  it('of TiTok-L-32 are what the products of its graph add up to', () => {
    const { config } = benchmarkModel('titok-l32');
    // Counted node by node in the traced graph: Gemm 174.55 + MatMul 8.21 + Conv 0.40.
    expect(gigaflops(modelFlops(config, 'encode'))).toBeCloseTo(183.16, 1);
    // Gemm 176.70 + MatMul 8.34 + Conv 186.55.
    expect(gigaflops(modelFlops(config, 'decode'))).toBeCloseTo(371.59, 1);
  });

  it('of the pixel decoder grow with the area', () => {
    const config = benchmarkModel('titok-s128').config.pixelDecoder!;
    expect(pixelDecoderFlops(config, 32)).toBeCloseTo(4 * pixelDecoderFlops(config, 16));
  });

  it('of a block of width 2 over 3 tokens', () => {
    expect(transformerFlops({ width: 2, layers: 1, heads: 1 }, 3)).toBe(2 * (3 * 12 * 4 + 2 * 3 * 3 * 2));
  });

  it('of the chain of products', () => {
    expect(productFlops(289)).toBe(8 * 2 * 289 * 1024 * 4096);
  });
});
