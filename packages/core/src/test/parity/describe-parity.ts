import { existsSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import type { EngineName } from '../../engine/engine';
import { useLeakGuard } from '../leak-guard';
import type { ParityModality } from './adapters/choose-adapter';
import { disposeSharedEngines } from './engine-source';
import { type CaseLocation, findCases } from './find-cases';
import type { ParityRunners } from './parity-case';
import { runCase } from './run-case';

export interface DescribeParityOptions {
  /** Default `cpu` and `wasm`. */
  readonly engines?: readonly EngineName[];
  /** Leaves out cases, for suites that split a package. Default: all. */
  readonly filter?: (location: CaseLocation) => boolean;
  /** Of one case on one engine, milliseconds. Default 120 000. */
  readonly timeoutMilliseconds?: number;
}

/**
 * One vitest test per case per engine over the committed cases of a package. A case without a runner fails: what is
 * committed is promised. Tensors that a case leaves behind fail it.
 *
 * @param fixturesFolder - Path of `test/fixtures`.
 */
export function describeParity(
  modality: ParityModality,
  runners: ParityRunners,
  fixturesFolder: string | URL,
  options: DescribeParityOptions = {},
): void {
  const { engines = ['cpu', 'wasm'], filter = () => true, timeoutMilliseconds = 120_000 } = options;
  const folder = fixturesFolder instanceof URL ? decodeURIComponent(fixturesFolder.pathname) : fixturesFolder;
  const cases = existsSync(folder) ? findCases(folder, modality).filter(filter) : [];
  describe.each(engines)(`parity of ${modality} on %s`, (engine) => {
    useLeakGuard();
    afterAll(disposeSharedEngines);
    for (const location of cases) {
      it(`${location.system}/${location.name}`, { timeout: timeoutMilliseconds }, async (context) => {
        const result = await runCase(location, ({ system }) => runners[system], { engine });
        if (result.status === 'skip') {
          // Reports say what is missing.
          Object.assign(context.task.meta, { skipped: result.message });
          context.skip(result.message);
        }
        if (result.stack !== undefined) throw new Error(result.message, { cause: result.stack });
        expect(result.status === 'ok' ? 'ok' : `${result.status}: ${result.message ?? 'no runner'}`).toBe('ok');
      });
    }
    if (cases.length === 0) it('has cases', () => expect.fail(`no case.json below ${folder}`));
  });
}
