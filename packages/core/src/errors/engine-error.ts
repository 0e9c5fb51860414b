import { TesseraeError } from './tesserae-error';

/**
 * An engine cannot load or run a model function.
 *
 * Codes: `unavailable` (not installed, load error, platform), `not-traceable` (the function does something that
 * cannot be compiled), `compile-failed`, `run-failed`, `weights-changed` (the file changed since it was opened),
 * `does-not-fit` (memory), `disposed`.
 */
export class EngineError extends TesseraeError {
  /** Name of the engine, `onnx`. */
  readonly engine: string;
  /** What was being done: an op, `load`, `run`, the name of the model function. */
  readonly operation: string;

  constructor(code: EngineErrorCode, engine: string, operation: string, message: string, options?: ErrorOptions) {
    super('EngineError', code, `${engine}: ${operation}: ${message}`, options);
    this.engine = engine;
    this.operation = operation;
  }
}

export type EngineErrorCode =
  | 'unavailable'
  | 'not-traceable'
  | 'compile-failed'
  | 'run-failed'
  | 'weights-changed'
  | 'does-not-fit'
  | 'disposed';
