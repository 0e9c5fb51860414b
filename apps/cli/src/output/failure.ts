import { TesseraeError } from '@tesserae/core/data';
import { describeError } from './describe-error';

/** An error as `--json` shows it. */
export interface ErrorFacts {
  readonly name: string;
  readonly code?: string;
  readonly message: string;
}

/** An item that could not be done, as `--json` shows it. */
export interface Failure {
  readonly input: string;
  readonly error: ErrorFacts;
}

export function errorFacts(error: unknown): ErrorFacts {
  const { code } = error as { readonly code?: unknown };
  const known = TesseraeError.isInstance(error) || typeof code === 'string';
  return {
    name: error instanceof Error ? error.name : 'Error',
    ...(known && { code: String(code) }),
    message: describeError(error),
  };
}

export function failureOf(input: string, error: unknown): Failure {
  return { input, error: errorFacts(error) };
}

/** Whoever read the output has gone: there is nobody to tell, and nothing more to do. */
export function isClosedPipe(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EPIPE';
}
