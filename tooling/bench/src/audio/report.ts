import { machineLines } from '../report-head';
import { speedRatio, spread } from '../statistics';
import { duration, megabytes, percent, tableLines } from '../table';
import type { Comparison } from './compare';
import { type Results, rowName } from './results';

/** What was compared, on what. */
export function headLines(results: Results): string[] {
  return [
    ...machineLines(results, 'weights prepacked'),
    `medians of at most ${results.runs} rounds in turns; random weights at published size, one file for both; ratio above 1: ours is faster`,
  ];
}

export function rowLines({ rows }: Results): string[] {
  if (rows.length === 0) return [];
  return tableLines(
    [
      'model, direction, clip',
      'engine',
      'ours',
      '±',
      'PyTorch',
      '±',
      'ratio',
      'CPU ratio',
      'x real time',
      'first',
      'compared first',
    ],
    rows.map((row) => {
      const { ours, peer, engine, seconds, firstMilliseconds, comparison } = row;
      return [
        rowName(row),
        engine,
        duration(ours.wall.median),
        percent(spread(ours.wall) / 2),
        peer ? duration(peer.wall.median) : '',
        peer ? percent(spread(peer.wall) / 2) : '',
        peer ? speedRatio(ours.wall, peer.wall).toFixed(2) : '',
        peer ? speedRatio(ours.cpu, peer.cpu).toFixed(2) : '',
        ((1000 * seconds) / ours.wall.median).toFixed(1),
        duration(firstMilliseconds),
        comparison ? compared(comparison) : '',
      ];
    }),
    2,
  );
}

function compared(comparison: Comparison): string {
  if (comparison.kind === 'sound') return `sound within ${comparison.error.toExponential(0)}`;
  const { frames, different } = comparison;
  return different === 0 ? `all ids of ${frames} frames` : `${different} near-ties of ${frames} frames`;
}

export function memoryLines({ memory }: Results): string[] {
  if (memory.length === 0) return [];
  return tableLines(
    ['process of one run', 'side', 'peak', 'anonymous', 'first result'],
    memory.map((row) => [
      rowName(row),
      row.side,
      megabytes(row.peakBytes),
      megabytes(row.anonymousBytes),
      duration(row.firstMilliseconds),
    ]),
    2,
  );
}

export function streamLines({ streams }: Results): string[] {
  if (streams.length === 0) return [];
  return tableLines(
    ['stream', 'step', 'time', 'slowest', 'of real time'],
    streams.map(({ model, direction, stepSeconds, step, share }) => [
      `${model} ${direction}`,
      `${Math.round(1000 * stepSeconds)} ms`,
      duration(step.median),
      duration(step.largest),
      percent(share.median),
    ]),
  );
}

export function missingLines({ missing }: Results): string[] {
  return missing.map(({ what, reason }) => `left out: ${what}: ${reason}`);
}
