import { speedRatio } from '../statistics';
import { ours } from './peers.mjs';
import type { TextResults } from './results';
import { advantage } from './throughput';

/** What `--check` asks for. */
export const limits = {
  /** Times the fastest peer at first sight, and in the weakest group of an encoding. */
  first: 3,
  weakestFirst: 2.5,
  hot: 2,
  /** Times the native package with other vocabularies. */
  native: 3,
  loadMilliseconds: 100,
  lettersMilliseconds: 40,
  megabyteMilliseconds: 1000,
  /** Power of the length: twice the text in 2.3 times the time at most. */
  growth: 1.2,
  /** Times the native trainer. */
  training: 1,
} as const;

/** Figures that miss their limits, as sentences; none where all is well. */
export function missedLimits(results: TextResults): readonly string[] {
  return [
    ...results.encodings.flatMap(missedSpeeds),
    ...results.vocabularies.flatMap(({ vocabulary, mixed }) =>
      (['first', 'hot'] as const).flatMap((kind) =>
        below(`${vocabulary}, ${kind}, to the native package`, advantage(mixed.speeds, kind), limits.native),
      ),
    ),
    ...results.loads
      .filter(({ name }) => name === ours)
      .flatMap(({ encoding, load }) => above(`load of ${encoding}, ms`, load.smallest, limits.loadMilliseconds)),
    ...results.letters.flatMap(({ vocabulary, time }) =>
      above(`32,000 letters with ${vocabulary}, ms`, time.median, limits.lettersMilliseconds),
    ),
    ...results.worst.flatMap(({ vocabulary, what, times, growth }) => [
      ...above(`1 MB of ${shown(what)} with ${vocabulary}, ms`, times.at(-1)!.median, limits.megabyteMilliseconds),
      ...above(`growth of ${shown(what)} with ${vocabulary}`, growth, limits.growth),
    ]),
    ...(results.training?.peer
      ? below(
          'training to the native trainer',
          speedRatio(results.training.ours, results.training.peer),
          limits.training,
        )
      : []),
  ];
}

/** A case, readable. */
export const shown = (what: string): string => (what === 'letters' ? 'random letters' : JSON.stringify(what));

function missedSpeeds({ encoding, groups }: TextResults['encodings'][number]): readonly string[] {
  const firsts = groups.map(({ speeds }) => advantage(speeds, 'first') ?? Infinity);
  const weakest = firsts.indexOf(Math.min(...firsts));
  return groups.flatMap(({ group, speeds }, place) => [
    ...below(
      `${encoding}, ${group}, first sight, to the fastest peer`,
      advantage(speeds, 'first'),
      place === weakest ? limits.weakestFirst : limits.first,
    ),
    ...below(`${encoding}, ${group}, hot, to the fastest peer`, advantage(speeds, 'hot'), limits.hot),
  ]);
}

const below = (what: string, ratio: number | undefined, limit: number): readonly string[] =>
  ratio === undefined || ratio >= limit ? [] : [`${what}: ${ratio.toFixed(2)} times, less than ${limit}`];

const above = (what: string, value: number, limit: number): readonly string[] =>
  value <= limit ? [] : [`${what}: ${value.toFixed(2)}, more than ${limit}`];
