import { TesseraeError } from './tesserae-error';

/** A tensor has the wrong rank, a wrong axis length or a wrong dtype. Code: `shape-mismatch`. */
export class ShapeError extends TesseraeError {
  /** Function and argument, `linear: x`. */
  readonly tensor: string;
  readonly expected: string;
  readonly actual: readonly number[];

  constructor(tensor: string, expected: string, actual: readonly number[]) {
    super('ShapeError', 'shape-mismatch', `${tensor}: expected ${expected}, got [${actual.join(', ')}].`);
    this.tensor = tensor;
    this.expected = expected;
    this.actual = actual;
  }
}
