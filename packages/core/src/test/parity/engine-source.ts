import type { Engine, EngineName } from '../../engine/engine';
import type { EngineSource } from './open-case';

const started = new Map<EngineName | 'auto', Promise<Engine>>();

/** The engine of that name, started once in this process. */
export async function sharedEngine(name: EngineName | 'auto'): Promise<Engine> {
  const running = started.get(name) ?? start(name);
  started.set(name, running);
  return running;
}

async function start(name: EngineName | 'auto'): Promise<Engine> {
  const { selectEngine } = await import('../../engine/select-engine');
  return selectEngine(name);
}

/** Disposes every engine that {@link sharedEngine} started. */
export async function disposeSharedEngines(): Promise<void> {
  const engines = [...started.values()];
  started.clear();
  for (const engine of engines) {
    // One that failed to start has nothing to free.
    const ready = await engine.catch(() => undefined);
    await ready?.dispose();
  }
}

/** Gradients run compiled or on `cpu`: `wasm` lacks gradient kernels. */
export function engineSource(name: EngineName | 'auto'): EngineSource {
  return {
    get: () => sharedEngine(name),
    async forGradients() {
      const engine = await sharedEngine(name);
      return engine.report.compiled ? engine : sharedEngine('cpu');
    },
  };
}
