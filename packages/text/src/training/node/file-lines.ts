import { closeSync, openSync, readSync } from 'node:fs';
import { InputError } from '@tesserae/core/data';
import { textLines } from '../text-lines';

const blockSize = 1 << 20;

/**
 * Lines of a file of UTF-8, each with its newline, as the Hugging Face library feeds them to a trainer. Holds a line
 * and 1 MiB at a time.
 *
 * @throws {InputError} Code `unreadable`: the file cannot be opened.
 */
export function fileLines(path: string): Generator<string> {
  return textLines(fileChunks(path));
}

function* fileChunks(path: string): Generator<string> {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (cause) {
    throw new InputError('path', 'a file that can be read', path, { code: 'unreadable', cause });
  }
  try {
    // A byte order mark stays, as in the library.
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
    const block = new Uint8Array(blockSize);
    for (let count = readSync(file, block); count > 0; count = readSync(file, block)) {
      yield decoder.decode(block.subarray(0, count), { stream: true });
    }
    yield decoder.decode();
  } finally {
    closeSync(file);
  }
}
