import { machineLines } from '../report-head';
import { speedRatio, spread } from '../statistics';
import { duration, megabytes, percent, tableLines } from '../table';
import { rowName, type Results } from './results';

/** What was compared, on what. */
export function headLines(results: Results): string[] {
  return [
    ...machineLines(results, 'weights prepacked'),
    ...(results.peer ? [] : ['rows are compared with the peak of matrix products only']),
    `medians of ${results.runs} rounds in turns; random weights at full size, one file for both; ratio above 1: ours is faster`,
  ];
}

export function rowLines({ rows, missing }: Results): string[] {
  if (rows.length === 0) return missingLines(missing);
  const table = tableLines(
    ['model, direction, batch, engine', 'ours', '±', 'PyTorch', '±', 'ratio', 'CPU ratio', 'of peak', 'first', 'form'],
    rows.map((row) => {
      const { ours, peer } = row;
      return [
        rowName(row),
        duration(ours.wall.median),
        percent(spread(ours.wall) / 2),
        peer ? duration(peer.wall.median) : '',
        peer ? percent(spread(peer.wall) / 2) : '',
        peer ? speedRatio(ours.wall, peer.wall).toFixed(2) : '',
        peer ? speedRatio(ours.cpu, peer.cpu).toFixed(2) : '',
        row.shareOfPeak === undefined ? '' : percent(row.shareOfPeak),
        duration(row.firstMilliseconds),
        row.batch === 1 ? '' : `${ours.form}${peer ? `/${peer.form}` : ''}`,
      ];
    }),
  );
  return [...table, ...missingLines(missing)];
}

function missingLines(missing: Results['missing']): string[] {
  return missing.map(
    ({ model, direction, engine, reason }) => `left out: ${model} ${direction} on ${engine}: ${reason}`,
  );
}

export function peakLines({ peaks }: Results): string[] {
  return peaks.map(
    ({ engine, rows, gigaflopsPerSecond }) =>
      `peak of matrix products on ${engine}: ${gigaflopsPerSecond.toFixed(0)} GFLOP/s (${rows} rows)`,
  );
}

export function memoryLines({ memory }: Results): string[] {
  if (memory.length === 0) return [];
  return tableLines(
    ['process of one run', 'side', 'peak', 'anonymous', 'first result'],
    memory.map(({ model, direction, side, peakBytes, anonymousBytes, firstMilliseconds }) => [
      `${model} ${direction}`,
      side,
      megabytes(peakBytes),
      megabytes(anonymousBytes),
      duration(firstMilliseconds),
    ]),
    2,
  );
}

export function startLines({ starts }: Results): string[] {
  return starts.map(
    ({ model, by, firstMilliseconds, readMilliseconds, runMilliseconds, ratio, code }) =>
      `cold start of ${model} by the ${by} (${code}): first ids after ${duration(firstMilliseconds.median)}; ` +
      `reading the file ${duration(readMilliseconds.median)} + one run ${duration(runMilliseconds.median)}; ` +
      `ratio ${ratio.toFixed(2)}`,
  );
}
