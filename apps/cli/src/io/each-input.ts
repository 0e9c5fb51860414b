import type { CommandContext } from '../command';
import { describeError } from '../output/describe-error';
import { failureOf, isClosedPipe, type Failure } from '../output/failure';

/**
 * Does something with every input; one that fails is said and does not stop the others.
 *
 * @returns What failed.
 * @throws Where the command was interrupted, or nobody reads its output any more.
 */
export async function eachInput(
  { output, signal, verbose }: CommandContext,
  inputs: readonly string[],
  body: (input: string, index: number) => Promise<void>,
): Promise<readonly Failure[]> {
  const failures: Failure[] = [];
  for (const [index, input] of inputs.entries()) {
    try {
      await body(input, index);
    } catch (error) {
      signal.throwIfAborted();
      if (isClosedPipe(error)) throw error;
      failures.push(failureOf(input, error));
      const text = describeError(error, verbose);
      output.error(text.startsWith(input) ? text : `${input}: ${text}`);
    }
  }
  return failures;
}
