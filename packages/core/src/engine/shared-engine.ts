import { EngineError } from '../errors/engine-error';
import type { Engine, EngineName } from './engine';
import { selectEngine } from './select-engine';

interface Shared {
  readonly engine: Promise<Engine>;
  users: number;
}

const shared = new Map<EngineName | 'auto', Shared>();

/** An engine that models hold together; it is disposed with its last user. */
export interface EngineLease {
  readonly engine: Engine;
  release(): Promise<void>;
}

/** An engine by name, shared and counted; or the caller's own, which stays the caller's to dispose. */
export async function leaseEngine(wanted: EngineName | 'auto' | Engine = 'auto'): Promise<EngineLease> {
  if (typeof wanted !== 'string') {
    if (typeof wanted?.load !== 'function')
      throw new EngineError('unavailable', String(wanted), 'select', 'is no engine.');
    return { engine: wanted, release: async () => undefined };
  }
  let entry = shared.get(wanted);
  if (!entry) {
    entry = { engine: selectEngine(wanted), users: 0 };
    shared.set(wanted, entry);
  }
  const held = entry;
  held.users += 1;
  let released = false;
  const release = async () => {
    if (released) return;
    released = true;
    held.users -= 1;
    if (held.users > 0) return;
    if (shared.get(wanted) === held) shared.delete(wanted);
    await (await held.engine).dispose();
  };
  try {
    return { engine: await held.engine, release };
  } catch (error) {
    held.users -= 1;
    if (shared.get(wanted) === held) shared.delete(wanted);
    throw error;
  }
}
