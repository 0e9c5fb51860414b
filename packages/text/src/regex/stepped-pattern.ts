import { UnsupportedError } from '@tesserae/core/data';
import type { CodePointSet } from './code-point-set';
import type { PatternNode } from './pattern-tree';

/** What finding matches needs of a regular expression. */
export interface PatternMatcher {
  lastIndex: number;
  exec(text: string): { readonly index: number; readonly 0: string } | null;
}

/** Tries a node at a place; `next` is what follows. The end of the match, or -1. */
type Attempt = (at: number, next: (at: number) => number) => number;

/** Steps for a text, besides those for each UTF-16 unit. */
const baseSteps = 2_000_000;

interface MatchState {
  text: string;
  steps: number;
  readonly captures: Map<string, readonly [start: number, end: number]>;
}

/**
 * Matches by backtracking that counts its steps, for patterns whose time in the engine of the runtime could grow beyond
 * all bounds.
 *
 * @param unitSteps - Steps a UTF-16 unit of a text.
 * @throws {UnsupportedError} A text needs more than these and 2,000,000.
 */
export function steppedPattern(tree: PatternNode, pattern: string, unitSteps = 100): PatternMatcher {
  const state: MatchState = { text: '', steps: 0, captures: new Map() };
  const attempt = compile(tree, false, state);
  const done = (at: number) => at;
  const matcher: PatternMatcher = {
    lastIndex: 0,
    exec(text) {
      if (matcher.lastIndex === 0 || state.text !== text) state.steps = baseSteps + unitSteps * text.length;
      state.text = text;
      for (let start = matcher.lastIndex; start <= text.length;) {
        state.captures.clear();
        const end = within(() => attempt(start, done), pattern);
        if (end >= 0) {
          matcher.lastIndex = end;
          return { index: start, 0: text.slice(start, end) };
        }
        start += (text.codePointAt(start) ?? 0) > 0xffff ? 2 : 1;
      }
      matcher.lastIndex = 0;
      return null;
    },
  };
  return matcher;
}

/** Repeats of groups go as deep as they are long: the end of the stack counts as too many steps. */
function within(run: () => number, pattern: string): number {
  try {
    return run();
  } catch (cause) {
    if (cause !== tooMany && !(cause instanceof RangeError)) throw cause;
    throw new UnsupportedError('regular expression', `${JSON.stringify(pattern)} takes too many steps on this text.`);
  }
}

const tooMany = new Error('too many steps');

function take(state: MatchState): void {
  state.steps -= 1;
  if (state.steps < 0) throw tooMany;
}

function compile(node: PatternNode, isBackward: boolean, state: MatchState): Attempt {
  switch (node.kind) {
    case 'set': {
      const step = stepOf(node.set, isBackward, state);
      return (at, next) => {
        const end = step(at);
        return end < 0 ? -1 : next(end);
      };
    }
    case 'sequence': {
      const parts = node.nodes.map((part) => compile(part, isBackward, state));
      if (isBackward) parts.reverse();
      return parts.reduceRight<Attempt>(
        (rest, part) => (at, next) => part(at, (end) => rest(end, next)),
        (at, next) => next(at),
      );
    }
    case 'choice': {
      const parts = node.nodes.map((part) => compile(part, isBackward, state));
      return (at, next) => {
        for (const part of parts) {
          const end = part(at, next);
          if (end >= 0) return end;
        }
        return -1;
      };
    }
    case 'look': {
      const inner = compile(node.node, node.isBehind, state);
      return (at, next) => (inner(at, (end) => end) >= 0 === node.isNegative ? -1 : next(at));
    }
    case 'group':
      return capturing(compile(node.node, isBackward, state), node.name, isBackward, state);
    case 'reference':
      return (at, next) => {
        take(state);
        const [start, end] = state.captures.get(node.name) ?? [0, 0];
        const from = isBackward ? at - (end - start) : at;
        if (from < 0 || !state.text.startsWith(state.text.slice(start, end), from)) return -1;
        return next(isBackward ? from : at + end - start);
      };
    case 'repeat':
      return node.node.kind === 'set'
        ? repeatStep(stepOf(node.node.set, isBackward, state), node)
        : repeat(compile(node.node, isBackward, state), node, state);
  }
}

function capturing(inner: Attempt, name: string, isBackward: boolean, { captures }: MatchState): Attempt {
  return (at, next) => {
    const before = captures.get(name);
    return inner(at, (end) => {
      captures.set(name, isBackward ? [end, at] : [at, end]);
      const found = next(end);
      if (found < 0) {
        if (before) captures.set(name, before);
        else captures.delete(name);
      }
      return found;
    });
  };
}

/** Moves over one character of a set, or -1. */
function stepOf(set: CodePointSet, isBackward: boolean, state: MatchState): (at: number) => number {
  const holds = (codePoint: number): boolean => {
    let low = 0;
    let high = set.length / 2 - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      if (codePoint < set[middle * 2]!) high = middle - 1;
      else if (codePoint > set[middle * 2 + 1]!) low = middle + 1;
      else return true;
    }
    return false;
  };
  return (at) => {
    take(state);
    const { text } = state;
    if (isBackward ? at === 0 : at >= text.length) return -1;
    const pair = isBackward && at > 1 ? text.codePointAt(at - 2)! : 0;
    const codePoint = isBackward ? (pair > 0xffff ? pair : text.charCodeAt(at - 1)) : text.codePointAt(at)!;
    if (!holds(codePoint)) return -1;
    const length = codePoint > 0xffff ? 2 : 1;
    return isBackward ? at - length : at + length;
  };
}

type Repeat = Extract<PatternNode, { readonly kind: 'repeat' }>;

/** Repeats of one character, without recursion. */
function repeatStep(step: (at: number) => number, { least, most, isLazy }: Repeat): Attempt {
  return (from, next) => {
    const places = [from];
    const want = isLazy ? least : most;
    const more = (): boolean => {
      const end = step(places[places.length - 1]!);
      if (end >= 0) places.push(end);
      return end >= 0;
    };
    while (places.length <= want && more());
    if (places.length <= least) return -1;
    for (;;) {
      const end = next(places[places.length - 1]!);
      if (end >= 0) return end;
      if (isLazy) {
        if (places.length > most || !more()) return -1;
      } else {
        places.pop();
        if (places.length <= least) return -1;
      }
    }
  };
}

function repeat(inner: Attempt, { least, most, isLazy }: Repeat, state: MatchState): Attempt {
  const from = (at: number, count: number, next: (at: number) => number): number => {
    take(state);
    const again = () =>
      count < most ? inner(at, (end) => (end === at && count >= least ? -1 : from(end, count + 1, next))) : -1;
    if (count < least) return again();
    if (isLazy) {
      const end = next(at);
      return end >= 0 ? end : again();
    }
    const end = again();
    return end >= 0 ? end : next(at);
  };
  return (at, next) => from(at, 0, next);
}
