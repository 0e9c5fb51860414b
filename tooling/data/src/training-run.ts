import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadTrainingState, type TrainingState } from '@tesserae/core/train';

/** Options of `parseArgs` that every training script has. */
export const trainingOptions = {
  seed: { type: 'string', default: '0' },
  /** Updates of the whole schedule. */
  steps: { type: 'string' },
  /** Stop and save after so many minutes. */
  minutes: { type: 'string' },
  resume: { type: 'boolean', default: false },
} as const;

/** One line of a log. */
export type LogEntry = Readonly<Record<string, number>>;

/** Folder of a run: its state, and a log of one JSON object a line. */
export interface TrainingRun {
  readonly statePath: string;
  /** Where a stopped run goes on. */
  readonly resume: TrainingState | undefined;
  /** Seconds since the script began. */
  seconds(): number;
  log(entry: LogEntry): void;
  /** Whether a signal or the time asks to stop. */
  isOver(): boolean;
}

/**
 * Opens the folder of a run, a new one or one to go on with.
 *
 * @param minutes - Default: no limit.
 */
export async function openRun(
  folder: string,
  { resume: goesOn, minutes }: { readonly resume: boolean; readonly minutes?: string | undefined },
): Promise<TrainingRun> {
  mkdirSync(folder, { recursive: true });
  const [statePath, logPath] = [join(folder, 'state.safetensors'), join(folder, 'train.jsonl')];
  const resume = goesOn ? await loadTrainingState(statePath) : undefined;
  // Lines after the state are about updates that are made again.
  const kept = resume ? readLog(logPath).filter(({ step }) => step! <= resume.step) : [];
  writeFileSync(logPath, kept.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort());
  const limit = minutes === undefined ? Number.POSITIVE_INFINITY : Number(minutes) * 60;
  const began = performance.now();
  const seconds = () => (performance.now() - began) / 1000;
  return {
    statePath,
    resume,
    seconds,
    log(entry) {
      const line = JSON.stringify(entry);
      appendFileSync(logPath, `${line}\n`);
      console.log(line);
    },
    isOver: () => stop.signal.aborted || seconds() > limit,
  };
}

/** The entries of a log. */
export function readLog(path: string): readonly LogEntry[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as LogEntry);
}

/** Wall-clock minutes of a log: `seconds` starts anew where a run was resumed. */
export function trainingMinutes(log: readonly LogEntry[]): number {
  let [total, last] = [0, 0];
  for (const { seconds = 0 } of log) {
    if (seconds < last) total += last;
    last = seconds;
  }
  return (total + last) / 60;
}

export function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

/** @throws {Error} Not a whole number of at least 0. */
export function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isInteger(value) || value < 0)
    throw new Error(`--${name}: expected a whole number, got ${text}.`);
  return value;
}
