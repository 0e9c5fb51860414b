import { EngineError, type EngineErrorCode } from '../errors/engine-error';

const outOfMemory =
  /out of memory|bad_alloc|failed to allocate|allocation failed|memory access out of bounds|cannot enlarge memory|aborted\(oom\)|memory limit/i;

/** Whether a runtime ran out of memory, by what it says. */
export function isOutOfMemory(error: unknown): boolean {
  return error instanceof RangeError || outOfMemory.test(messageOf(error));
}

/**
 * What a runtime threw, as an error that names engine, function and cause: WebAssembly builds throw bare numbers, aborts
 * and traps.
 *
 * @param operation - Name of the model function.
 * @param code - Where memory is not the cause. Default `run-failed`.
 */
export function runtimeFailure(
  error: unknown,
  engine: string,
  operation: string,
  code: EngineErrorCode = 'run-failed',
): EngineError {
  const message = describe(messageOf(error));
  if (isOutOfMemory(error))
    return new EngineError('does-not-fit', engine, operation, `out of memory (${message}).`, { cause: error });
  return new EngineError(code, engine, operation, message, { cause: error });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A number alone is an address or a code of the WebAssembly build. */
function describe(message: string): string {
  if (message === '') return 'the runtime failed without saying why.';
  return /^-?\d+$/.test(message) ? `the runtime failed with code ${message}.` : message;
}
