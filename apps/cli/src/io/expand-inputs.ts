import { existsSync } from 'node:fs';
import { glob, isDynamicPattern } from 'tinyglobby';
import { UsageError } from '../command';
import { standardStream } from './standard-stream';

/**
 * Operands to files: globs that the shell left alone are expanded, in order of name; `-` is standard input.
 *
 * @throws {UsageError} No operand, a glob that nothing matches, or standard input more than once.
 */
export async function expandInputs(operands: readonly string[], what: string): Promise<readonly string[]> {
  if (operands.length === 0) throw new UsageError(`expected ${what}, got nothing.`);
  if (operands.filter((operand) => operand === standardStream).length > 1)
    throw new UsageError('standard input can be read once, got - several times.');
  const files: string[] = [];
  for (const operand of operands) {
    if (operand === standardStream || existsSync(operand) || !isDynamicPattern(operand)) {
      files.push(operand);
      continue;
    }
    const found = await glob(operand.replaceAll('\\', '/'), { expandDirectories: false });
    if (found.length === 0) throw new UsageError(`${operand}: no file matches.`);
    files.push(...found.toSorted());
  }
  return files;
}
