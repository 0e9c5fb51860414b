import { statisticOf, type Statistic } from '../statistics';
import { type TextCorpus, type TextGroup, utf8Bytes } from './corpus';
import { processorTime } from './processor-time';

/** Someone who encodes, opened. */
export interface Contestant {
  readonly name: string;
  readonly opened: Opened;
  /** Of so many documents one is encoded, because it takes long; 1: all. */
  readonly everyNth: number;
  /** Rounds at most. */
  readonly rounds: number;
}

/** One tokenizer and a way to one that has seen nothing. */
export interface Opened {
  encode(text: string): ArrayLike<number> | Promise<ArrayLike<number>>;
  renewed(): Opened;
}

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
  const expected = await idsOf(contestants[0]!.opened, corpus.measured);
  const found = contestants.map(() => ({ first: [] as number[], hot: [] as number[], different: 0 }));
  const samples = contestants.map(({ everyNth }) => corpus.measured.filter((_, index) => index % everyNth === 0));
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < contestants.length; turn += 1) {
      const place = (turn + round) % contestants.length;
      const { opened, everyNth, rounds: most } = contestants[place]!;
      if (round >= most) continue;
      const sample = samples[place]!;
      const megabytes = utf8Bytes(sample) / 1e6;
      await encodeAll(opened.renewed(), corpus.warming);
      const renewed = opened.renewed();
      const { first, hot } = found[place]!;
      first.push(megabytes / ((await processorTime(() => encodeAll(renewed, sample))) / 1000));
      hot.push(megabytes / ((await processorTime(() => encodeAll(renewed, sample))) / 1000));
      if (round > 0) continue;
      const ids = await idsOf(renewed, sample);
      found[place]!.different = ids.filter((each, index) => each !== expected[index * everyNth]).length;
    }
  }
  const speeds = contestants.map(({ name }, place) => ({
    name,
    first: statisticOf(found[place]!.first),
    hot: statisticOf(found[place]!.hot),
    different: found[place]!.different,
    documents: samples[place]!.length,
  }));
  return { group: corpus.group, bytes: corpus.bytes, speeds };
}

async function encodeAll({ encode }: Opened, texts: readonly string[]): Promise<void> {
  for (const text of texts) {
    const ids = encode(text);
    if (ids instanceof Promise) await ids;
  }
}

async function idsOf({ encode }: Opened, texts: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const text of texts) found.push(Array.from(await encode(text)).join(' '));
  return found;
}

/** How many times faster the first is than the fastest of the others; undefined where there are none. */
export function advantage(speeds: readonly Speed[], kind: 'first' | 'hot'): number | undefined {
  const [own, ...others] = speeds;
  if (!own || others.length === 0) return undefined;
  return own[kind].median / Math.max(...others.map((other) => other[kind].median));
}
