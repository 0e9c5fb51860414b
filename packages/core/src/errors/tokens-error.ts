import { TesseraeError } from './tesserae-error';

/**
 * Tokens or a `.tok` file are not valid, or do not belong to the tokenizer.
 *
 * Codes: `invalid-tokens`, `malformed` (the bytes are no `.tok` file, or a damaged one), `unsupported-version`,
 * `fingerprint-mismatch` (made with other weights), `tokenizer-mismatch` (made by another system), `out-of-range`
 * (an id outside the vocabulary), `prefix` (a prefix that these tokens do not have).
 */
export class TokensError extends TesseraeError {
  constructor(code: TokensErrorCode, message: string, options?: ErrorOptions) {
    super('TokensError', code, message, options);
  }
}

export type TokensErrorCode =
  | 'invalid-tokens'
  | 'malformed'
  | 'unsupported-version'
  | 'fingerprint-mismatch'
  | 'tokenizer-mismatch'
  | 'out-of-range'
  | 'prefix';
