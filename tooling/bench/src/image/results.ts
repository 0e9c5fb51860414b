import type { Direction } from '../direction';
import type { SideTiming } from '../in-turns';
import type { HeadFacts } from '../report-head';
import { speedRatio, type Statistic } from '../statistics';
import type { BenchmarkEngine } from './arguments';
import type { ModelName } from './models';
import type { Comparison, PeerForms } from './peer-client';

/** Of one side. */
export interface Timing extends SideTiming {
  /** How several pictures were run: one batch, or one after the other, whichever was faster. */
  readonly form: 'batch' | 'loop';
}

/** One line of the table. */
export interface Row {
  readonly model: ModelName;
  readonly direction: Direction;
  readonly batch: number;
  readonly engine: BenchmarkEngine;
  readonly ours: Timing;
  readonly peer?: Timing;
  /** Floating point operations of the row over its time, as part of the peak of the runtime. */
  readonly shareOfPeak?: number;
  /** Of the first result after opening, before the later runs. */
  readonly firstMilliseconds: number;
  /** Our first output against the peer's. */
  readonly comparison?: Comparison;
}

/** A model that an engine cannot run. */
export interface MissingRow {
  readonly model: ModelName;
  readonly direction: Direction;
  readonly engine: BenchmarkEngine;
  readonly reason: string;
}

export interface MemoryRow {
  readonly model: ModelName;
  readonly direction: Direction;
  /** `ours`: weights mapped, as the command does. `ours, prepacked`: the default of the library. */
  readonly side: 'ours' | 'ours, prepacked' | 'PyTorch';
  readonly peakBytes: number;
  readonly anonymousBytes: number;
  readonly firstMilliseconds: number;
}

export interface StartRow {
  readonly model: ModelName;
  /** A program that uses the packages, or `tesserae encode`. */
  readonly by: 'library' | 'command';
  /** From the start of the process to the first ids, or to the end of the command. */
  readonly firstMilliseconds: Statistic;
  readonly readMilliseconds: Statistic;
  readonly runMilliseconds: Statistic;
  /** First ids over reading plus one run. */
  readonly ratio: number;
  readonly code: 'built' | 'sources';
}

export interface Peak {
  readonly engine: BenchmarkEngine;
  readonly rows: number;
  readonly gigaflopsPerSecond: number;
}

export interface Results extends HeadFacts {
  readonly runs: number;
  readonly forms: Readonly<Partial<Record<ModelName, PeerForms>>>;
  readonly rows: readonly Row[];
  readonly missing: readonly MissingRow[];
  readonly memory: readonly MemoryRow[];
  readonly starts: readonly StartRow[];
  readonly peaks: readonly Peak[];
}

/** The engine that the thresholds are about. */
const judgedEngine: BenchmarkEngine = 'onnx';
const startLimit = 1.5;
/** Of smaller models, starting Node is the larger part. */
const judgedStart: ModelName = 'titok-l32';

/** What `--check` finds wrong: rows that are slower than PyTorch, differ from it or failed, more memory, a slow start. */
export function failures({
  rows,
  missing,
  memory,
  starts,
}: Pick<Results, 'rows' | 'missing' | 'memory' | 'starts'>): string[] {
  const failed = missing
    .filter(({ engine }) => engine === judgedEngine)
    .map(({ model, direction, engine, reason }) => `${model} ${direction} on ${engine}: ${reason}`);
  const slow = rows
    .filter(({ engine, peer }) => engine === judgedEngine && peer !== undefined)
    .map((row) => ({ row, ratio: speedRatio(row.ours.wall, row.peer!.wall) }))
    .filter(({ ratio }) => ratio < 1)
    .map(({ row, ratio }) => `${rowName(row)}: ${ratio.toFixed(2)} times the speed of PyTorch, expected at least 1`);
  const large = memory
    .filter(({ side }) => side === 'ours')
    .flatMap((ours) => {
      const peer = memory.find(
        (row) => row.side === 'PyTorch' && row.model === ours.model && row.direction === ours.direction,
      );
      if (!peer || ours.peakBytes <= peer.peakBytes) return [];
      return [
        `${ours.model} ${ours.direction}: peak memory ${ours.peakBytes}, expected at most PyTorch's ${peer.peakBytes}`,
      ];
    });
  const late = starts
    .filter(({ model, ratio }) => model === judgedStart && ratio >= startLimit)
    .map(
      ({ model, by, ratio }) =>
        `${model} by the ${by}: first result after ${ratio.toFixed(2)} times reading and one run, expected less than ${startLimit}`,
    );
  return [...failed, ...slow, ...large, ...late];
}

export function rowName({ model, direction, batch, engine }: Row): string {
  return `${model} ${direction} batch ${batch} on ${engine}`;
}
