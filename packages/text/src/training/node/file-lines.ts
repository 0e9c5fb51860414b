import { rangeLines } from './file-ranges';

/**
 * Lines of a file of UTF-8, each with its newline, as the Hugging Face library feeds them to a trainer. Holds a line
 * and 1 MiB at a time.
 *
 * @throws {InputError} Code `unreadable`: the file cannot be opened.
 */
export function fileLines(path: string): Generator<string> {
  return rangeLines({ path, start: 0, end: Infinity });
}
