import { causeOf } from './documented';

/** One thing that is not equal. */
export interface Difference {
  /** What was compared: `ids`, `offsets`, `decoded`… */
  readonly what: string;
  /** The text or the ids. */
  readonly of: string;
  readonly ours: string;
  readonly theirs: string;
}

/** What came out for one vocabulary. */
export interface ComparedReport {
  readonly name: string;
  readonly strings: number;
  readonly checks: number;
  /** Differences without a documented cause; the first of them are in `examples`. */
  readonly differences: number;
  readonly examples: readonly Difference[];
  /** Differences by documented cause. */
  readonly documented: ReadonlyMap<string, number>;
}

/** Collects results of comparisons. */
export interface Comparison {
  /** Counts a text or a list of ids that is compared. */
  string(): void;
  /** Compares two lists or texts. */
  equal(what: string, of: string | readonly number[], ours: unknown, theirs: unknown): void;
  report(): ComparedReport;
}

const shownExamples = 6;

export function createComparison(name: string): Comparison {
  let strings = 0;
  let checks = 0;
  let differences = 0;
  const examples: Difference[] = [];
  const documented = new Map<string, number>();
  return {
    string: () => void (strings += 1),
    equal(what, of, ours, theirs) {
      checks += 1;
      if (isSame(ours, theirs)) return;
      const difference = { what, of: shown(of), ours: shown(ours), theirs: shown(theirs) };
      const cause = typeof of === 'string' ? causeOf(name, what, of) : undefined;
      if (cause !== undefined) {
        documented.set(cause, (documented.get(cause) ?? 0) + 1);
        return;
      }
      differences += 1;
      if (examples.length < shownExamples || !examples.some((one) => one.what === what)) examples.push(difference);
    },
    report: () => ({ name, strings, checks, differences, examples, documented }),
  };
}

/** The same text, or lists of the same members, of whatever type. */
function isSame(ours: unknown, theirs: unknown): boolean {
  if (ours === theirs) return true;
  if (!isList(ours) || !isList(theirs) || ours.length !== theirs.length) return false;
  for (let index = 0; index < ours.length; index += 1) if (ours[index] !== theirs[index]) return false;
  return true;
}

const isList = (value: unknown): value is ArrayLike<unknown> => typeof value === 'object' && value !== null;

/** Readable, with everything beyond ASCII escaped. */
function shown(value: unknown): string {
  const text = typeof value === 'string' || !isList(value) ? JSON.stringify(value) : JSON.stringify(Array.from(value));
  return text.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
