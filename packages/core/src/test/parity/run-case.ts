import type { EngineName } from '../../engine/engine';
import { TesseraeError } from '../../errors';
import { type CaseFacts, readCaseFacts } from './case-facts';
import { engineSource, sharedEngine } from './engine-source';
import type { CaseLocation } from './find-cases';
import { openCase } from './open-case';
import type { ParityRunner } from './parity-case';
import { createReport } from './report';

export type CaseStatus = 'ok' | 'FAIL' | 'skip' | 'not implemented';

/** Outcome of one case on one engine. */
export interface CaseResult {
  readonly status: CaseStatus;
  /** `image/titok/legacy-n6`. */
  readonly id: string;
  /** Unset where no engine was started. */
  readonly engine?: EngineName;
  readonly tensors: number;
  readonly checks: number;
  /** Largest absolute difference. */
  readonly worst: number;
  readonly seconds: number;
  /** Why it failed or was skipped. */
  readonly message?: string;
  /** Where an error was thrown. */
  readonly stack?: string;
}

export interface RunCaseOptions {
  readonly engine: EngineName | 'auto';
}

/** Runs a case. Never throws: whatever goes wrong is a result. */
export async function runCase(
  location: CaseLocation,
  runnerOf: (facts: CaseFacts) => ParityRunner | undefined | Promise<ParityRunner | undefined>,
  { engine }: RunCaseOptions,
): Promise<CaseResult> {
  const start = performance.now();
  let id = caseId(location);
  let engineName: EngineName | undefined;
  const done = (status: CaseStatus, more: Partial<CaseResult> = {}): CaseResult => ({
    status,
    id,
    ...(engineName === undefined ? {} : { engine: engineName }),
    tensors: 0,
    checks: 0,
    worst: 0,
    seconds: (performance.now() - start) / 1000,
    ...more,
  });
  try {
    const facts = readCaseFacts(location);
    id = `${facts.key}/${facts.name}`;
    const runner = await runnerOf(facts);
    if (!runner) return done('not implemented');
    // Text never runs a model on an engine unless its runner asks; naming one would start it.
    if (location.modality !== 'text') engineName = (await sharedEngine(engine)).report.name;
    const { test, reported, close } = openCase(facts, engineSource(engine), engineName ?? 'cpu');
    const report = createReport(reported);
    try {
      await runner(test, report);
    } finally {
      await close();
    }
    const { failure, failures, skipped, tensors, checks, worst } = report.summary();
    if (failure !== undefined) {
      const others = failures > 1 ? `; ${failures - 1} more` : '';
      return done('FAIL', { tensors, checks, worst, message: `first difference: ${failure}${others}` });
    }
    if (skipped !== undefined) return done('skip', { message: skipped });
    return done('ok', { tensors, checks, worst });
  } catch (error) {
    if (TesseraeError.isInstance(error) && error.code === 'does-not-fit') {
      return done('skip', { message: `does not fit: ${error.message}` });
    }
    const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return done('FAIL', { message, ...(error instanceof Error && error.stack ? { stack: error.stack } : {}) });
  }
}

/** `image/titok/legacy-n6`, from folder names. */
export function caseId({ modality, system, name, folder }: CaseLocation): string {
  return modality === undefined ? folder : `${modality}/${system}/${name}`;
}
