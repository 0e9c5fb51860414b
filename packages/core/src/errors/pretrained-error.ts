import { TesseraeError } from './tesserae-error';

/**
 * A preset, folder or repository cannot be resolved to weights.
 *
 * Codes: `unknown-preset` (names the nearest ones), `not-found`, `offline`, `no-config`, `ambiguous`, `download` (the
 * transfer failed, or what came is not what was announced), `access` (no right to it: wrong or missing token), `gated`
 * (its licence has to be accepted on the hub first), `license` (its licence was not accepted here), `disk-space`,
 * `memory`.
 */
export class PretrainedError extends TesseraeError {
  /** The source, as the user gave it. */
  readonly source: string;

  constructor(code: PretrainedErrorCode, source: string, message: string, options?: ErrorOptions) {
    super('PretrainedError', code, message, options);
    this.source = source;
  }
}

export type PretrainedErrorCode =
  | 'unknown-preset'
  | 'not-found'
  | 'offline'
  | 'no-config'
  | 'ambiguous'
  | 'download'
  | 'access'
  | 'gated'
  | 'license'
  | 'disk-space'
  | 'memory';
