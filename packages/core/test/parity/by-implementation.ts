import type { ParityRunner } from '../../src/test/parity/parity-case';

/** Several code bases made the cases of one system: the runner is chosen by the one that a case names. */
export function byImplementation(runners: Readonly<Record<string, ParityRunner>>): ParityRunner {
  return async (test, report) => {
    const { impl } = test.config as { readonly impl?: string };
    const runner = impl === undefined ? undefined : runners[impl];
    if (!runner) throw new Error(`${test.key}/${test.name}: no runner for the implementation ${impl}`);
    await runner(test, report);
  };
}
