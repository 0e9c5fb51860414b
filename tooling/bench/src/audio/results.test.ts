import { describe, expect, it } from 'vitest';
import { statisticOf } from '../statistics';
import { failures, type MemoryRow, type Row, type StreamRow } from './results';

const clip = { model: 'mimi', direction: 'encode', seconds: 10 } as const;
const timing = (milliseconds: number) => ({ wall: statisticOf([milliseconds]), cpu: statisticOf([milliseconds]) });
const row = (ours: number, peer: number | undefined, engine: Row['engine'] = 'onnx'): Row => ({
  ...clip,
  engine,
  ours: timing(ours),
  ...(peer !== undefined && { peer: timing(peer) }),
  firstMilliseconds: 1,
});
const memory = (side: MemoryRow['side'], peakBytes: number, seconds = 10): MemoryRow => ({
  ...clip,
  seconds,
  side,
  peakBytes,
  anonymousBytes: 0,
  firstMilliseconds: 1,
});
const stream = (share: number): StreamRow => ({
  ...clip,
  stepSeconds: 0.08,
  step: statisticOf([80 * share]),
  share: statisticOf([share]),
});

describe('the check', () => {
  it('is content with rows as fast, memory as small and streams in time', () => {
    const rows = [row(10, 10), row(10, 5, 'wasm'), row(10, undefined)];
    const figures = [memory('ours', 10), memory('PyTorch', 10), memory('ours', 50, 60), memory('PyTorch', 60, 60)];
    expect(failures({ rows, missing: [], memory: figures, streams: [stream(0.99)] })).toEqual([]);
  });

  it('names what misses its limit', () => {
    const missing = [
      { what: 'dac-44khz decode 10 s on onnx', reason: 'sound differs', fails: true },
      { what: 'transformers.js: encodec-24khz', reason: 'no such model', fails: false },
    ];
    const figures = [memory('ours, from sources', 11), memory('PyTorch', 10), memory('PyTorch', 20, 60)];
    expect(failures({ rows: [row(10, 9)], missing, memory: figures, streams: [stream(1)] })).toEqual([
      'dac-44khz decode 10 s on onnx: sound differs',
      'mimi encode 10 s on onnx: 0.90 times the speed of PyTorch, expected at least 1',
      "mimi encode 10 s: peak memory 11, expected at most PyTorch's 10",
      'mimi encode: a step takes 1.00 of its time',
    ]);
  });
});
