import { TesseraeError } from './tesserae-error';

/** A model configuration has a missing, unknown or wrong field. Code: `invalid-config`. */
export class ConfigError extends TesseraeError {
  /** Where: file and field, `titok config.json: model.vq_model.token_size`. */
  readonly path: string;
  readonly expected: string;
  readonly actual: string;

  constructor(path: string, expected: string, actual: string, options?: ErrorOptions) {
    super('ConfigError', 'invalid-config', `${path}: expected ${expected}, got ${actual}.`, options);
    this.path = path;
    this.expected = expected;
    this.actual = actual;
  }
}
