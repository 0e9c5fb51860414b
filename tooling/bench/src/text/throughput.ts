import { statisticOf, type Statistic } from '../statistics';
import type { Contestant } from './contestants';
import { type TextCorpus, type TextGroup, utf8Bytes } from './corpus';

/** Megabytes of UTF-8 a second of processor time, and whether the ids were those of the first contestant. */
export interface Speed {
  readonly name: string;
  /** At first sight of a text. */
  readonly first: Statistic;
  /** Of a text that was encoded just before. */
  readonly hot: Statistic;
  /** Documents whose ids differ, of so many. */
  readonly different: number;
  readonly documents: number;
}

export interface GroupSpeeds {
  readonly group: TextGroup | 'mixed';
  readonly bytes: number;
  readonly speeds: readonly Speed[];
}

/**
 * Everyone in turns, round by round: a tokenizer that remembers nothing, in an engine that has optimized its code on
 * other text, goes through the documents twice.
 *
 * @param contestants - Ours first.
 */
export async function measureThroughput(
  contestants: readonly Contestant[],
  corpus: Omit<TextCorpus, 'group'> & { readonly group: GroupSpeeds['group'] },
  rounds: number,
): Promise<GroupSpeeds> {
  const sides: Side[] = [];
  for (const contestant of contestants) {
    const measured = corpus.measured.filter((_, index) => index % contestant.everyNth === 0);
    await contestant.ask({ kind: 'texts', measured, warming: corpus.warming });
    const { ids = [] } = await contestant.ask({ kind: 'ids' });
    sides.push({ contestant, megabytes: utf8Bytes(measured) / 1e6, ids, first: [], hot: [] });
  }
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < sides.length; turn += 1) {
      const { contestant, megabytes, first, hot } = sides[(turn + round) % sides.length]!;
      if (round >= contestant.rounds) continue;
      const times = await contestant.ask({ kind: 'round' });
      first.push(megabytes / (times.first! / 1000));
      hot.push(megabytes / (times.hot! / 1000));
    }
  }
  const expected = sides[0]!.ids;
  const speeds = sides.map(({ contestant: { name, everyNth }, ids, first, hot }) => ({
    name,
    first: statisticOf(first),
    hot: statisticOf(hot),
    different: ids.filter((each, index) => each !== expected[index * everyNth]).length,
    documents: ids.length,
  }));
  return { group: corpus.group, bytes: corpus.bytes, speeds };
}

/** What is known of a contestant while it is measured. */
interface Side {
  readonly contestant: Contestant;
  /** Of what it encodes in a round. */
  readonly megabytes: number;
  readonly ids: readonly string[];
  /** Megabytes a second. */
  readonly first: number[];
  readonly hot: number[];
}

/** How many times faster the first is than the fastest of the others; undefined where there are none. */
export function advantage(speeds: readonly Speed[], kind: 'first' | 'hot'): number | undefined {
  const [own, ...others] = speeds;
  if (!own || others.length === 0) return undefined;
  return own[kind].median / Math.max(...others.map((other) => other[kind].median));
}
