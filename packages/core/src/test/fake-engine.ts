import type { Engine, EngineReport, Executable, HostTensors, LoadOptions, ModelFunction } from '../engine/engine';
import type { RunOptions } from '../engine/run-options';
import { EngineError } from '../errors';

export interface FakeEngineCall {
  /** `LoadOptions.name`. */
  readonly name: string;
  readonly inputs: HostTensors;
  readonly signal: AbortSignal | undefined;
}

export interface FakeEngine extends Engine {
  /** Every run, in order. */
  readonly calls: readonly FakeEngineCall[];
  /** Functions that are loaded and not disposed. */
  readonly loaded: number;
  readonly disposed: boolean;
}

/**
 * An engine without tensor maths, for tests of what lies around it: `respond` gives the outputs of every run.
 *
 * Aborts, disposal and counts behave as those of real engines.
 */
export function createFakeEngine(
  respond: (call: FakeEngineCall) => HostTensors | Promise<HostTensors>,
  report: Partial<EngineReport> = {},
): FakeEngine {
  const calls: FakeEngineCall[] = [];
  let loaded = 0;
  let disposed = false;
  const gone = (name: string) => new EngineError('disposed', 'fake', name, 'the engine is disposed');
  return {
    report: { name: 'cpu', available: true, compiled: false, ...report },
    calls,
    get loaded() {
      return loaded;
    },
    get disposed() {
      return disposed;
    },
    async load<Params>(_fn: ModelFunction<Params>, _weights: unknown, options: LoadOptions = {}): Promise<Executable> {
      const { name = 'function' } = options;
      if (disposed) throw gone(name);
      let open = true;
      loaded += 1;
      return {
        async run(inputs: HostTensors, { signal }: RunOptions = {}) {
          signal?.throwIfAborted();
          if (!open || disposed) throw gone(name);
          const call: FakeEngineCall = { name, inputs, signal };
          calls.push(call);
          const outputs = await respond(call);
          signal?.throwIfAborted();
          return outputs;
        },
        async dispose() {
          if (open) loaded -= 1;
          open = false;
        },
      };
    },
    async dispose() {
      disposed = true;
      loaded = 0;
    },
  };
}
