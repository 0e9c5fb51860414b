import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { InputError } from '@tesserae/core/data';
import type { FileRange } from './count-task';

const newline = 10;
const blockSize = 1 << 20;

/**
 * Cuts files into ranges for threads.
 *
 * @throws {InputError} Code `unreadable`: a file cannot be opened, or is none.
 */
export function fileRanges(paths: readonly string[], rangeSize: number): FileRange[] {
  return paths.flatMap((path) => {
    const file = openFile(path);
    try {
      const status = fstatSync(file);
      if (!status.isFile()) throw unreadable(path);
      const ranges: FileRange[] = [];
      for (let start = 0; start < status.size; start += rangeSize) {
        ranges.push({ path, start, end: Math.min(start + rangeSize, status.size) });
      }
      return ranges;
    } finally {
      closeSync(file);
    }
  });
}

/**
 * The lines that begin in a range, each with its newline, decoded as UTF-8. Holds a line and 1 MiB at a time.
 *
 * @throws {InputError} Code `unreadable`: the file cannot be opened.
 */
export function* rangeLines({ path, start, end }: FileRange): Generator<string> {
  const file = openFile(path);
  try {
    // A byte order mark stays, as in the Hugging Face library.
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
    const block = Buffer.allocUnsafe(blockSize);
    let open: Buffer[] = [];
    let position = start === 0 ? 0 : start - 1;
    // The line that reaches into the range from before is another range's.
    let isSkipping = start > 0;
    for (;;) {
      const count = readSync(file, block, 0, blockSize, position);
      let at = 0;
      for (let stop = block.indexOf(newline); stop >= 0 && stop < count; stop = block.indexOf(newline, at)) {
        if (!isSkipping) yield decoder.decode(Buffer.concat([...open, block.subarray(at, stop + 1)]));
        isSkipping = false;
        open = [];
        at = stop + 1;
        if (position + at >= end) return;
      }
      if (!isSkipping && at < count) open.push(Buffer.from(block.subarray(at, count)));
      position += count;
      if (count > 0) continue;
      if (open.length > 0) yield decoder.decode(Buffer.concat(open));
      return;
    }
  } finally {
    closeSync(file);
  }
}

/** @throws {InputError} Code `unreadable`. */
function openFile(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

function unreadable(path: string, cause?: unknown): InputError {
  return new InputError('path', 'a file that can be read', path, { code: 'unreadable', cause });
}
