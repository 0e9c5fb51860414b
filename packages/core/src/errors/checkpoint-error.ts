import { TesseraeError } from './tesserae-error';

/** A tensor whose shape in the file is not the one that the model needs. */
export interface MisshapedTensor {
  readonly key: string;
  readonly expected: readonly number[];
  readonly actual: readonly number[];
}

export interface CheckpointErrorDetails {
  /** The file or source, as the user named it. */
  readonly source: string;
  readonly missing?: readonly string[];
  readonly unexpected?: readonly string[];
  readonly misshaped?: readonly MisshapedTensor[];
}

/**
 * A checkpoint file cannot be read, or does not fit the model.
 *
 * Codes: `malformed` (damaged, truncated, or its parts contradict each other), `unsupported-format`,
 * `unsupported-dtype`, `limit-exceeded` (hostile sizes), `keys-mismatch` (see `missing`, `unexpected`, `misshaped`),
 * `not-found` (a tensor that is not in the file), `not-finite`, `closed`.
 */
export class CheckpointError extends TesseraeError {
  readonly source: string;
  readonly missing: readonly string[];
  readonly unexpected: readonly string[];
  readonly misshaped: readonly MisshapedTensor[];

  constructor(code: CheckpointErrorCode, message: string, details: CheckpointErrorDetails, options?: ErrorOptions) {
    super('CheckpointError', code, message, options);
    this.source = details.source;
    this.missing = details.missing ?? [];
    this.unexpected = details.unexpected ?? [];
    this.misshaped = details.misshaped ?? [];
  }
}

export type CheckpointErrorCode =
  | 'malformed'
  | 'unsupported-format'
  | 'unsupported-dtype'
  | 'limit-exceeded'
  | 'keys-mismatch'
  | 'not-found'
  | 'not-finite'
  | 'closed';
