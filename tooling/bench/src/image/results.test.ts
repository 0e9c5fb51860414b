import { describe, expect, it } from 'vitest';
import { statisticOf } from '../statistics';
import { failures, type MemoryRow, type Row, type StartRow } from './results';

const timing = (milliseconds: number) => ({
  wall: statisticOf([milliseconds]),
  cpu: statisticOf([2 * milliseconds]),
  form: 'batch' as const,
});
const row = (ours: number, peer: number | undefined, engine: Row['engine'] = 'onnx'): Row => ({
  model: 'titok-l32',
  direction: 'encode',
  batch: 1,
  engine,
  ours: timing(ours),
  ...(peer !== undefined && { peer: timing(peer) }),
  firstMilliseconds: 1,
});
const memory = (side: MemoryRow['side'], peakBytes: number): MemoryRow => ({
  model: 'titok-l32',
  direction: 'encode',
  side,
  peakBytes,
  anonymousBytes: 0,
  firstMilliseconds: 1,
});
const start = (ratio: number, by: StartRow['by'] = 'library'): StartRow => ({
  model: 'titok-l32',
  by,
  firstMilliseconds: statisticOf([ratio]),
  readMilliseconds: statisticOf([0.5]),
  runMilliseconds: statisticOf([0.5]),
  ratio,
  code: 'built',
});

describe('the check', () => {
  it('is content with rows as fast, memory as small and a start as early as asked', () => {
    const rows = [row(10, 10), row(10, 5, 'wasm'), row(10, undefined)];
    const figures = [memory('ours', 10), memory('ours, prepacked', 20), memory('PyTorch', 10)];
    expect(failures({ rows, missing: [], memory: figures, starts: [start(1.49)] })).toEqual([]);
  });

  it('names what misses its limit', () => {
    const found = failures({
      rows: [row(10, 9)],
      missing: (['onnx', 'wasm'] as const).map((engine) => ({
        model: 'titok-l32',
        direction: 'decode',
        engine,
        reason: '3 of 32 ids differ',
      })),
      memory: [memory('ours', 11), memory('PyTorch', 10)],
      starts: [start(1.5), { ...start(3), model: 'titok-s128' }, start(2, 'command')],
    });
    expect(found).toEqual([
      'titok-l32 decode on onnx: 3 of 32 ids differ',
      'titok-l32 encode batch 1 on onnx: 0.90 times the speed of PyTorch, expected at least 1',
      "titok-l32 encode: peak memory 11, expected at most PyTorch's 10",
      'titok-l32 by the library: first result after 1.50 times reading and one run, expected less than 1.5',
      'titok-l32 by the command: first result after 2.00 times reading and one run, expected less than 1.5',
    ]);
  });
});
