import { UnsupportedError } from '../errors/unsupported-error';
import type { EngineOptions } from './engine';

/** Every engine computes in float32 so far. @throws {UnsupportedError} */
export function refuseInt8({ precision }: EngineOptions): void {
  if (precision === 'int8') throw new UnsupportedError('precision int8', 'every engine computes in float32 only.');
}
