import { TesseraeError } from './tesserae-error';

/**
 * An argument or an input file is not what the function takes.
 *
 * Codes: `invalid-argument` (default), `unreadable` (the file cannot be opened), `undecodable` (the bytes are no
 * valid file of a known format), `too-large`, `not-finite` (NaN or infinity in the data), `unsupported-size`.
 */
export class InputError extends TesseraeError {
  /** The argument, option or file that was refused. */
  readonly argument: string;
  readonly expected: string;
  readonly actual: string;

  constructor(argument: string, expected: string, actual: string, options?: ErrorOptions & { readonly code?: string }) {
    super(
      'InputError',
      options?.code ?? 'invalid-argument',
      `${argument}: expected ${expected}, got ${actual}.`,
      options,
    );
    this.argument = argument;
    this.expected = expected;
    this.actual = actual;
  }
}
