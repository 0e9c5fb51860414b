import type { Direction } from '../direction';
import type { SideTiming } from '../in-turns';
import type { HeadFacts } from '../report-head';
import { speedRatio, type Statistic } from '../statistics';
import type { AudioEngine } from './arguments';
import type { Comparison } from './compare';
import type { ModelName } from './models';

interface RowFacts {
  readonly model: ModelName;
  readonly direction: Direction;
  /** Of the clip. */
  readonly seconds: number;
}

/** One line of the table of times. */
export interface Row extends RowFacts {
  readonly engine: AudioEngine;
  readonly ours: SideTiming;
  readonly peer?: SideTiming;
  /** Of the first result after opening, before the later runs. */
  readonly firstMilliseconds: number;
  /** Our first output against the peer's. */
  readonly comparison?: Comparison;
}

/** A row that could not be measured. */
export interface MissingRow {
  readonly what: string;
  readonly reason: string;
  /** Whether that is a failure. */
  readonly fails: boolean;
}

export interface MemoryRow extends RowFacts {
  /** Ours maps the weights, as the command does. */
  readonly side: 'ours' | 'ours, from sources' | 'PyTorch';
  readonly peakBytes: number;
  readonly anonymousBytes: number;
  readonly firstMilliseconds: number;
}

/** Steps of a stream. */
export interface StreamRow {
  readonly model: ModelName;
  readonly direction: Direction;
  readonly stepSeconds: number;
  /** Milliseconds. */
  readonly step: Statistic;
  /** Time over the time that the step stands for. */
  readonly share: Statistic;
}

export interface Results extends HeadFacts {
  readonly runs: number;
  readonly rows: readonly Row[];
  readonly missing: readonly MissingRow[];
  readonly memory: readonly MemoryRow[];
  readonly streams: readonly StreamRow[];
}

/** The engine that the thresholds are about. */
const judgedEngine: AudioEngine = 'onnx';

/** What `--check` finds wrong: rows that are slower than PyTorch, differ or failed, more memory, streams that fall behind. */
export function failures({
  rows,
  missing,
  memory,
  streams,
}: Pick<Results, 'rows' | 'missing' | 'memory' | 'streams'>): string[] {
  const failed = missing.filter(({ fails }) => fails).map(({ what, reason }) => `${what}: ${reason}`);
  const slow = rows.flatMap((row) => {
    const { engine, ours, peer } = row;
    const ratio = peer && speedRatio(ours.wall, peer.wall);
    if (engine !== judgedEngine || ratio === undefined || ratio >= 1) return [];
    return [`${rowName(row)} on ${engine}: ${ratio.toFixed(2)} times the speed of PyTorch, expected at least 1`];
  });
  const large = memory.flatMap((row) => {
    const peer = memory.find((each) => each.side === 'PyTorch' && rowName(each) === rowName(row));
    if (row.side === 'PyTorch' || !peer || row.peakBytes <= peer.peakBytes) return [];
    return [`${rowName(row)}: peak memory ${row.peakBytes}, expected at most PyTorch's ${peer.peakBytes}`];
  });
  const late = streams
    .filter(({ share }) => share.median >= 1)
    .map(({ model, direction, share }) => `${model} ${direction}: a step takes ${share.median.toFixed(2)} of its time`);
  return [...failed, ...slow, ...large, ...late];
}

export function rowName({ model, direction, seconds }: RowFacts): string {
  return `${model} ${direction} ${seconds} s`;
}
