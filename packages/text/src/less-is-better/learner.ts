import { InputError, type RandomSource } from '@tesserae/core/data';
import { isBetter, nextEnd, textBetween } from './compare-segmentations';
import { createLexicon, type Lexicon } from './lexicon';

export interface LibOptions {
  /** Where chances are drawn from: one number a chunk that is read. */
  readonly random: RandomSource;
  /** Probability that a chunk is memorized together with the one before it, 0..1. Default 0.25. */
  readonly inRate?: number;
  /** Share of the tail that goes on probation after every article, 0..1. Default 0.0001. */
  readonly outRate?: number;
  /** Articles that a chunk on probation lives, at least 1. Default 10. */
  readonly life?: number;
  /** Share of its rank that a chunk moves by, 0..1. Default 0.1. */
  readonly updateRate?: number;
  /** Ends probation only where the neighbours of a chunk differ. Default true. */
  readonly inspectContext?: boolean;
  /** Code points of a chunk at most. Default: no limit. */
  readonly maxChunkLength?: number;
  /** Chunks to begin with, by rank. Default: none. */
  readonly lexicon?: Iterable<string>;
}

/** Neighbours of a chunk when it was memorized. */
type Context = readonly [before: string, after: string];

/** A chunk that has to prove itself. */
export interface Probation {
  /** Articles left. */
  readonly life: number;
  /** Undefined for chunks that came here from the tail. */
  readonly context: Context | undefined;
}

/** Learns a lexicon by reading. */
export interface LibLearner {
  readonly lexicon: Lexicon;
  /** In the order in which chunks came on probation. */
  readonly probation: ReadonlyMap<string, Probation>;
  /** Reads sentences as one article, and then updates ranks and probation. */
  read(sentences: readonly string[]): void;
  /** Takes all chunks on probation out of the lexicon. */
  clean(): void;
}

/** A chunk that is compared with the way of doing without it. */
interface Pending {
  alternativeEnd: number;
  readonly standard: string[];
  readonly alternative: string[];
}

/**
 * The Less-is-Better model: chunks, be they parts of words, words or several words, are kept where they make text shorter
 * (Yang et al., "Rethinking Tokenization: Crafting Better Tokenizers for Large Language Models", arXiv 2403.00417; the
 * LiB code of its author).
 *
 * @throws {InputError} A rate that is no share, or a life below 1.
 */
export function createLibLearner(options: LibOptions): LibLearner {
  const { random, inRate = 0.25, outRate = 0.0001, life = 10, updateRate = 0.1 } = options;
  const { inspectContext = true, maxChunkLength = Infinity } = options;
  for (const [name, rate] of Object.entries({ inRate, outRate, updateRate })) {
    if (!(rate >= 0 && rate <= 1)) throw new InputError(name, 'a number of 0..1', String(rate));
  }
  if (!(life >= 1)) throw new InputError('life', 'a number of at least 1', String(life));
  const lexicon = createLexicon(options.lexicon);
  const probation = new Map<string, Probation>();
  let rewards: (readonly [chunk: string, direction: 1 | -1])[] = [];

  const memorize = (chunk: string, context: Context): void => {
    if ([...chunk].length > maxChunkLength || lexicon.has(chunk)) return;
    lexicon.append(chunk);
    probation.set(chunk, { life, context });
  };

  /** Compares the ways with and without every pending chunk that now end at the same place. */
  const evaluate = (pending: Map<string, Pending>, characters: readonly string[], location: number): void => {
    for (const [chunk, ways] of pending) {
      while (ways.alternativeEnd < location) {
        const end = nextEnd(lexicon, characters, ways.alternativeEnd);
        ways.alternative.push(textBetween(characters, ways.alternativeEnd, end));
        ways.alternativeEnd = end;
      }
      if (ways.alternativeEnd !== location) continue;
      if (isBetter(lexicon, ways.standard, ways.alternative)) rewards.push([ways.alternative[0]!, -1], [chunk, 1]);
      else rewards.push([chunk, -1]);
      pending.delete(chunk);
    }
  };

  const chunkAt = (characters: readonly string[], start: number): string =>
    start < characters.length ? textBetween(characters, start, nextEnd(lexicon, characters, start)) : '';

  /** Ends the probation of a chunk, or takes it for a part of a larger one whose neighbour did not change. */
  const inspect = (characters: readonly string[], location: number, end: number, read: readonly string[]): void => {
    const chunk = textBetween(characters, location, end);
    const known = probation.get(chunk);
    if (!known) return;
    if (!inspectContext || !known.context) {
      probation.delete(chunk);
      return;
    }
    const [before, after] = [read.at(-1) ?? '', chunkAt(characters, end)];
    const [knownBefore, knownAfter] = known.context;
    if (knownBefore === '' && knownAfter === '' && before === '' && after === '') return;
    const isSameBefore =
      (knownBefore !== '' && before.endsWith(knownBefore)) || (before !== '' && knownBefore.endsWith(before));
    const isSameAfter =
      (knownAfter !== '' && after.startsWith(knownAfter)) || (after !== '' && knownAfter.startsWith(after));
    if (isSameBefore) memorize(before + chunk, [read.at(-2) ?? '', after]);
    if (isSameAfter) memorize(chunk + after, [before, chunkAt(characters, end + [...after].length)]);
    if (isSameBefore || isSameAfter) return;
    rewards.push([chunk, -1]);
    probation.delete(chunk);
  };

  const readSentence = (sentence: string): void => {
    const characters = [...sentence];
    const read: string[] = [];
    const pending = new Map<string, Pending>();
    for (let location = 0; location < characters.length;) {
      evaluate(pending, characters, location);
      const ends = lexicon.matches(characters, location);
      const end = ends.at(-1) ?? location + 1;
      const chunk = textBetween(characters, location, end);
      for (const { standard } of pending.values()) standard.push(chunk);
      if (ends.length > 0) inspect(characters, location, end, read);
      const neighbours: Context = [read.at(-1) ?? '', chunkAt(characters, end)];
      if (ends.length === 0) memorize(chunk, neighbours);
      else {
        const shorter = ends.at(-2);
        if (shorter !== undefined) {
          const alternative = [textBetween(characters, location, shorter)];
          pending.set(chunk, { alternativeEnd: shorter, standard: [chunk], alternative });
        }
        if (random.uniform(1)[0]! < inRate) {
          memorize(neighbours[0] + chunk, [read.at(-2) ?? '', chunkAt(characters, end)]);
        }
      }
      read.push(chunk);
      location = end;
    }
  };

  const update = (): void => {
    const forgotten = new Set<string>();
    for (const [chunk, { life: left, context }] of probation) {
      if (left - 1 >= 1) probation.set(chunk, { life: left - 1, context });
      else {
        probation.delete(chunk);
        forgotten.add(chunk);
      }
    }
    lexicon.remove(forgotten);
    for (const [chunk, direction] of rewards) {
      const rank = lexicon.rank(chunk);
      if (rank > 0 && !forgotten.has(chunk)) lexicon.move(chunk, direction * (Math.floor(rank * updateRate) + 1));
    }
    rewards = [];
    for (let rank = Math.floor((1 - outRate) * lexicon.size); rank < lexicon.size; rank += 1) {
      const chunk = lexicon.at(rank);
      if (!probation.has(chunk)) probation.set(chunk, { life, context: undefined });
    }
  };

  return {
    lexicon,
    probation,
    read: (sentences) => {
      for (const sentence of sentences) readSentence(sentence);
      update();
    },
    clean: () => lexicon.remove(probation.keys()),
  };
}
