import { maximumOperations } from './pickle-budget';
import { PickleCursor, PickleFault } from './pickle-cursor';
import { PickleMachine, type PickleNames } from './pickle-machine';
import { operate } from './pickle-operations';
import type { PickleValue } from './pickle-values';

const stop = 0x2e;

export interface Unpickled {
  readonly value: PickleValue;
  /** Where the pickle ends. */
  readonly end: number;
  /** Every class and function that it names, `module.name`, in order. */
  readonly globals: ReadonlySet<string>;
}

export interface UnpickleOptions {
  /** Where the pickle begins in the bytes. Default 0. */
  readonly start?: number;
  /** Size of the file that it lies in: what it may take. Default: the bytes. */
  readonly fileBytes?: number;
}

/**
 * Interprets one pickle as inert data: no name is looked up, nothing is called.
 *
 * @throws {PickleCut} Where the bytes end first.
 * @throws {PickleFault} For everything else that is wrong.
 */
export function unpickle(
  bytes: Uint8Array,
  names: PickleNames,
  { start = 0, fileBytes = bytes.length }: UnpickleOptions = {},
): Unpickled {
  const cursor = new PickleCursor(bytes, start);
  const machine = new PickleMachine(cursor, names, fileBytes);
  for (let count = 0; count < maximumOperations; count += 1) {
    const code = cursor.uint8();
    if (code === stop) return { value: machine.stack.pop(), end: cursor.position, globals: machine.globals };
    operate(machine, code);
  }
  throw new PickleFault(`more than ${maximumOperations} operations`, 'limit-exceeded');
}
