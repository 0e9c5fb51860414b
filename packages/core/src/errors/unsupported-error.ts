import { TesseraeError } from './tesserae-error';

/** Something that exists in the field but not here, or not on this platform. Code: `unsupported`. */
export class UnsupportedError extends TesseraeError {
  readonly feature: string;

  constructor(feature: string, message: string, options?: ErrorOptions) {
    super('UnsupportedError', 'unsupported', `${feature}: ${message}`, options);
    this.feature = feature;
  }
}
