import { styleText } from 'node:util';
import type { ProgressEvent } from '@tesserae/core';
import { describeSeconds } from './seconds';
import { byteSize } from './table';

export interface OutputOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
  /** Standard output carries a file: everything said goes to standard error. */
  readonly dataOnStdout?: boolean;
}

/** Everything that a command says. */
export interface Output {
  readonly json: boolean;
  /** A line for people; nothing with `--json` or `--quiet`. */
  line(text: string): void;
  /** The document that `--json` prints. */
  result(value: unknown): void;
  /** Something that people should know whatever the result: standard error, unless `--quiet` or `--json`. */
  note(text: string): void;
  /** Something odd that is no failure: standard error, unless `--quiet`. */
  warn(text: string): void;
  /** A failure: standard error, always. */
  error(text: string): void;
  /** A bar on a terminal; elsewhere nothing: the lines about results say how far things are. */
  progress(label: string): { readonly onProgress: (event: ProgressEvent) => void; done(): void };
}

const barWidth = 24;

export function createOutput({ json = false, quiet = false, dataOnStdout = false }: OutputOptions = {}): Output {
  const silent = json || quiet;
  const bars = !silent && process.stderr.isTTY === true;
  const clear = () => {
    if (bars) process.stderr.write('\r\u001b[2K');
  };
  const say = (kind: 'error' | 'warning', text: string) => {
    clear();
    process.stderr.write(`${paint(kind === 'error' ? 'red' : 'yellow', `${kind}:`)} ${text}\n`);
  };
  return {
    json,
    line(text) {
      if (silent) return;
      clear();
      (dataOnStdout ? process.stderr : process.stdout).write(`${text}\n`);
    },
    result(value) {
      if (json) process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
    },
    note(text) {
      if (silent) return;
      clear();
      process.stderr.write(`${text}\n`);
    },
    warn(text) {
      if (!quiet) say('warning', text);
    },
    error: (text) => say('error', text),
    progress(label) {
      if (!bars) return { onProgress: () => undefined, done: () => undefined };
      process.stderr.write(`\r\u001b[2K${label} …`);
      return {
        onProgress({ completed, total, stage, unit }) {
          process.stderr.write(`\r\u001b[2K${label}  ${stage}  ${bar(completed, total, unit)}`);
        },
        done: clear,
      };
    },
  };
}

/** Color on a terminal that has it and wants it. */
function paint(color: 'red' | 'yellow', text: string): string {
  return process.stderr.isTTY === true && process.stderr.hasColors() ? styleText(color, text) : text;
}

/** `[#####-----] 5/10`, or the bare count where the end is unknown; bytes as sizes, seconds as times. */
export function bar(completed: number, total: number | undefined, unit?: ProgressEvent['unit']): string {
  const count = (value: number) =>
    unit === 'bytes' ? byteSize(value) : unit === 'seconds' ? describeSeconds(value) : String(value);
  if (total === undefined || total <= 0) return count(completed);
  const filled = Math.round(barWidth * Math.min(1, completed / total));
  return `[${'#'.repeat(filled)}${'-'.repeat(barWidth - filled)}] ${count(completed)}/${count(total)}`;
}
