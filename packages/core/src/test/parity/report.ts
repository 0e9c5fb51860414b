import type { HostTensor } from '../../engine/engine';
import { compareTensors, type ExpectedTensor, list } from './compare';
import { applyLayout, type Layout, layoutRank } from './layout';
import type { AllReportOptions, Expectation, MeasuredTensor, ParityReport } from './parity-case';

/** What a report needs to know of a case. */
export interface ReportedCase {
  readonly expectations: readonly Expectation[];
  /** By name; full names of the case file are resolved by {@link resolve}. */
  expectedTensor(name: string): ExpectedTensor;
  /** The common name of a name that a runner uses; undefined where the case has no such expectation. */
  resolve(name: string): string | undefined;
  /** True for tensors of a dialect without roles that the runner used as an input. */
  wasInput(name: string): boolean;
}

export interface ReportSummary {
  /** The first failure in order of computation, in words; undefined when all is equal. */
  readonly failure?: string;
  readonly failures: number;
  readonly skipped?: string;
  readonly tensors: number;
  readonly checks: number;
  /** Largest absolute difference of float tensors. */
  readonly worst: number;
}

interface Failure {
  readonly rank: number;
  readonly text: string;
}

/** Collects the comparisons of one run of a case; `summary` adds what was never reported. */
export function createReport(test: ReportedCase): ParityReport & { summary(): ReportSummary } {
  const ranks = new Map(test.expectations.map(({ name }, index) => [name, index]));
  const compared = new Set<string>();
  const failures: Failure[] = [];
  let lastRank = -1;
  let checks = 0;
  let worst = 0;
  let skipped: string | undefined;

  const report: ParityReport = {
    tensor(name, actual, layout = 'as-is', options = {}) {
      const known = test.resolve(name);
      if (known === undefined) {
        failures.push({ rank: lastRank, text: `${name} was reported, but the case has no such tensor` });
        return;
      }
      const rank = ranks.get(known)!;
      lastRank = rank;
      compared.add(known);
      if (actual === undefined) {
        failures.push({ rank, text: `${known} is missing from the outputs` });
        return;
      }
      compareOne(known, rank, actual, layout, options.tolerance);
    },
    all(outputs, options = {}) {
      for (const { name } of test.expectations) {
        const found = compared.has(name) ? undefined : findOutput(name, outputs, options);
        if (found) report.tensor(name, found.tensor, found.layout);
      }
    },
    equal(name, actual, expected) {
      checks += 1;
      const difference = firstDifference(actual, expected, '');
      if (difference !== undefined) failures.push({ rank: ranks.get(name) ?? lastRank, text: `${name}${difference}` });
    },
    skip(reason) {
      skipped ??= reason;
    },
  };

  function compareOne(
    name: string,
    rank: number,
    actual: MeasuredTensor,
    layout: Layout,
    own: number | undefined,
  ): void {
    const { tolerance: usual } = test.expectations[rank]!;
    const tolerance = own ?? usual;
    const expected = test.expectedTensor(name);
    if (layout !== 'as-is' && actual.shape.length !== layoutRank(layout)) {
      const text = `${name}: layout ${layout} needs ${layoutRank(layout)} axes, got shape ${list(actual.shape)}`;
      failures.push({ rank, text });
      return;
    }
    const result = compareTensors(applyLayout(actual as HostTensor, layout), expected, tolerance);
    if (result.equal) {
      worst = Math.max(worst, result.maximum);
      return;
    }
    if (result.maximum !== undefined && !(result.maximum <= worst)) worst = result.maximum;
    const where =
      result.position === undefined
        ? result.reason
        : `max ${figure(result.maximum!)} at ${list(result.position)} (tolerance ${figure(tolerance)}; ${result.reason})`;
    failures.push({ rank, text: `${name} ${list(expected.shape)}, ${where}` });
  }

  return {
    ...report,
    summary() {
      // A skipped case compares nothing, and says so.
      if (skipped === undefined) {
        test.expectations.forEach(({ name, role }, rank) => {
          if (role === 'output' && !compared.has(name) && !test.wasInput(name)) {
            failures.push({ rank, text: `${name} was not compared` });
          }
        });
        if (compared.size + checks === 0 && failures.length === 0)
          failures.push({ rank: 0, text: 'nothing was compared' });
      }
      const first = [...failures].sort((a, b) => a.rank - b.rank)[0];
      return {
        ...(first ? { failure: first.text } : {}),
        failures: failures.length,
        ...(skipped === undefined ? {} : { skipped }),
        tensors: compared.size,
        checks,
        worst,
      };
    },
  };
}

/** `3.1e-6`, `0.31`, `12`. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (Number.isInteger(value)) return String(value);
  const short = Number(value.toPrecision(2));
  return Math.abs(short) < 0.01 ? short.toExponential().replace('e+', 'e') : String(short);
}

const sequenceFirst = '_LND';

function findOutput(name: string, outputs: Readonly<Record<string, HostTensor>>, options: AllReportOptions) {
  const { prefix = '', layout } = options;
  if (!name.startsWith(prefix)) return undefined;
  const short = name.slice(prefix.length);
  const direct = outputs[short] ?? outputs[`tap:${short}`];
  if (direct) return { tensor: direct, layout: chooseLayout(short, direct, layout) };
  // Official blocks work sequence first, ours batch first: `encoder.block0` answers `encoder.block0_LND`.
  if (!short.endsWith(sequenceFirst)) return undefined;
  const plain = short.slice(0, -sequenceFirst.length);
  const tensor = outputs[plain] ?? outputs[`tap:${plain}`];
  return tensor === undefined ? undefined : { tensor, layout: 'lnd-nld' as const };
}

function chooseLayout(name: string, tensor: HostTensor, layout: AllReportOptions['layout']): Layout {
  if (typeof layout === 'function') return layout(name, tensor);
  const candidates: readonly Layout[] = layout === undefined ? [] : typeof layout === 'string' ? [layout] : layout;
  return candidates.find((candidate) => layoutRank(candidate) === tensor.shape.length) ?? 'as-is';
}

const shown = (value: unknown) => {
  const text = typeof value === 'bigint' ? `${value}n` : (JSON.stringify(value) ?? String(value));
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
};

/** Where two plain values differ first, in words after their name; undefined when they are equal. */
function firstDifference(actual: unknown, expected: unknown, path: string): string | undefined {
  if (actual === expected || Object.is(actual, expected)) return undefined;
  if (isList(actual) && isList(expected)) {
    const length = Math.min(actual.length, expected.length);
    for (let i = 0; i < length; i += 1) {
      const difference = firstDifference(actual[i], expected[i], `${path}[${i}]`);
      if (difference !== undefined) return difference;
    }
    if (actual.length === expected.length) return undefined;
    return `${path}: expected ${expected.length} elements, got ${actual.length}`;
  }
  if (isObject(actual) && isObject(expected)) {
    for (const key of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
      const difference = firstDifference(actual[key], expected[key], `${path}.${key}`);
      if (difference !== undefined) return difference;
    }
    return undefined;
  }
  return `${path}: expected ${shown(expected)}, got ${shown(actual)}`;
}

function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !isList(value);
}
