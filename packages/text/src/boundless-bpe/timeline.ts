import { ConfigError } from '@tesserae/core/data';
import { byteCharacters } from '../bytes/byte-alphabet';
import type { BoundlessBpeModel, DeletionSplit } from './model';

/** What happens at one time. */
export interface TimelineEvent {
  readonly kind: 'merge' | 'supermerge' | 'deletion';
  /** Symbol, of a merge the left one. */
  readonly left: number;
  /** -1 for a deletion. */
  readonly right: number;
  /** Symbols that come instead. */
  readonly parts: readonly number[];
}

/** The events of a model, ready to be replayed. Symbols are tokens, and deleted ones that are none anymore. */
export interface Timeline {
  /** By time; undefined where nothing happens. */
  readonly events: readonly (TimelineEvent | undefined)[];
  /** Times of the merges, supermerges and deletions of symbols, ascending. */
  readonly mergeTimes: ReadonlyMap<number, readonly number[]>;
  readonly supermergeTimes: ReadonlyMap<number, readonly number[]>;
  readonly deletionTimes: ReadonlyMap<number, readonly number[]>;
  /** Key of a pair of symbols. */
  pairKey(left: number, right: number): number;
  /** Symbol of each byte. */
  readonly bytes: readonly number[];
  /** Bytes of each symbol. */
  readonly lengths: readonly number[];
  /** Id of each symbol, or -1. */
  readonly ids: readonly number[];
}

/**
 * @param split - What deleted tokens become.
 * @throws {ConfigError} A byte without a token; two events at one time; a deleted token that no merge makes.
 */
export function createTimeline(model: BoundlessBpeModel, split: DeletionSplit): Timeline {
  const numbers = new Map<string, number>();
  const symbolOf = (text: string): number => {
    const known = numbers.get(text);
    if (known !== undefined) return known;
    numbers.set(text, numbers.size);
    return numbers.size - 1;
  };
  for (const token of model.tokens) symbolOf(token);
  const tokenCount = numbers.size;
  const bytes = byteCharacters.map((character, byte) => {
    if (!numbers.has(character)) throw new ConfigError('tokens', 'a token for each byte', `none for byte ${byte}`);
    return symbolOf(character);
  });
  const events: (TimelineEvent | undefined)[] = [];
  const put = (time: number, event: TimelineEvent) => {
    if (events[time]) throw new ConfigError('merges and deletions', 'one event at a time', `two at ${time}`);
    events[time] = event;
  };
  for (const kind of ['merge', 'supermerge'] as const) {
    for (const { time, left, right } of model[`${kind}s`]) {
      put(time, { kind, left: symbolOf(left), right: symbolOf(right), parts: [symbolOf(left + right)] });
    }
  }
  const partsOf = createSplitter(model, split);
  for (const { time, token } of model.deletions) {
    put(time, { kind: 'deletion', left: symbolOf(token), right: -1, parts: partsOf(token, time).map(symbolOf) });
  }
  const symbols = [...numbers.keys()];
  const pairKey = (left: number, right: number): number => left * symbols.length + right;
  const times = (kind: TimelineEvent['kind']): Map<number, number[]> => {
    const found = new Map<number, number[]>();
    for (const [time, event] of events.entries()) {
      if (event?.kind !== kind) continue;
      const key = kind === 'deletion' ? event.left : pairKey(event.left, event.right);
      found.set(key, [...(found.get(key) ?? []), time]);
    }
    return found;
  };
  return {
    events,
    mergeTimes: times('merge'),
    supermergeTimes: times('supermerge'),
    deletionTimes: times('deletion'),
    pairKey,
    bytes,
    lengths: symbols.map((text) => text.length),
    ids: symbols.map((_, symbol) => (symbol < tokenCount ? symbol : -1)),
  };
}

/** What a deleted token becomes: the pair of its first merge, where deleted parts are split too. */
function createSplitter(model: BoundlessBpeModel, split: DeletionSplit): (token: string, time: number) => string[] {
  if (split === 'bytes') return (token) => [...token];
  const vocabulary = new Set(model.tokens);
  const pairs = new Map<string, readonly [string, string]>();
  const changes = new Map<string, { readonly time: number; readonly isThere: boolean }[]>();
  const note = (token: string, time: number, isThere: boolean) => {
    const known = changes.get(token) ?? [];
    known.push({ time, isThere });
    changes.set(token, known);
  };
  for (const { time, left, right } of model.merges) {
    if (!pairs.has(left + right)) pairs.set(left + right, [left, right]);
    note(left + right, time, true);
  }
  for (const { time, token } of model.deletions) note(token, time, false);
  // Where deleted tokens stay in the vocabulary, nothing else is ever split.
  const makesRoom = model.deletions.some(({ token }) => !vocabulary.has(token));
  const isGone = (token: string, time: number): boolean => {
    if (!makesRoom) return false;
    const before = (changes.get(token) ?? []).filter((change) => change.time < time);
    return before.length > 0 && !before.reduce((last, change) => (change.time > last.time ? change : last)).isThere;
  };
  const partsOf = (token: string, time: number): string[] => {
    const pair = pairs.get(token);
    if (!pair) throw new ConfigError('deletions', 'tokens that a merge makes', JSON.stringify(token));
    return pair.flatMap((part) => (isGone(part, time) ? partsOf(part, time) : [part]));
  };
  return partsOf;
}
