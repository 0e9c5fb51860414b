import { basename, dirname, extname, join, resolve } from 'node:path';
import { UsageError } from '../command';
import { standardStream } from './standard-stream';

/**
 * Where a result goes: beside the input or into `--out`, with another ending. `-` goes to standard output.
 *
 * @param folder - Where in `--out`. Default: in it.
 */
export function outputPath(
  input: string,
  ending: string,
  out: string | undefined,
  single: boolean,
  folder = '',
): string {
  if (input === standardStream) return out ?? standardStream;
  if (out === standardStream) return standardStream;
  const name = `${basename(input, extname(input))}${ending}`;
  if (out === undefined) return join(dirname(input), name);
  return single && extname(out) !== '' && !out.endsWith('/') ? out : join(out, folder, name);
}

/**
 * {@link outputPath} of several inputs.
 *
 * @param operands - What the command line names: inputs from a folder keep their places below it in `--out`.
 * @throws {UsageError} Two inputs would be written to one file, an input would be overwritten, or several results
 *   would go to standard output.
 */
export function outputPaths(
  inputs: readonly string[],
  ending: string | ((index: number) => string),
  out: string | undefined,
  operands: readonly string[] = [],
): readonly string[] {
  const sources = new Map<string, string>();
  return inputs.map((input, index) => {
    const own = typeof ending === 'string' ? ending : ending(index);
    const path = outputPath(input, own, out, inputs.length === 1, placeBelow(input, operands));
    if (path === standardStream) {
      if (inputs.length > 1) throw new UsageError(`standard output takes one result, got ${inputs.length} inputs.`);
      return path;
    }
    const key = resolve(path);
    if (input !== standardStream && key === resolve(input))
      throw new UsageError(`${input} would be overwritten: give --out.`);
    const other = sources.get(key) ?? input;
    if (resolve(other) !== resolve(input))
      throw new UsageError(`${other} and ${input} would both be written to ${path}: give them different --out.`);
    sources.set(key, input);
    return path;
  });
}

/** The folder of an input below the operand that it is from. */
function placeBelow(input: string, operands: readonly string[]): string {
  const above = operands.map((operand) => `${operand.replace(/\/+$/, '')}/`).find((folder) => input.startsWith(folder));
  return above === undefined ? '' : dirname(input.slice(above.length));
}
