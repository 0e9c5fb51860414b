import { TokensError } from '../errors/tokens-error';
import { UnsupportedError } from '../errors/unsupported-error';
import { countTokens } from './levels';
import type { IndexLevel, TokensInit } from './token-types';
import { Tokens } from './tokens';

/** How the ids of all levels become one sequence. */
export interface FlattenOptions {
  /**
   * - `level` (default): level after level, each row-major.
   * - `time`: step after step of the outermost axis, in each step level after level; a level with r times as many steps
   *   gives r of its steps (SNAC's rates).
   * - `delay`: as `time`, but level k begins `delays[k]` steps later (MusicGen); places before its begin and behind its
   *   end are -1.
   */
  readonly order?: FlattenOrder;
  /** Added to every id, or to those of each level: where they begin in a joint vocabulary. Default 0; -1 stays -1. */
  readonly offset?: number | readonly number[];
  /** Steps by which each level is late with `delay`, 0..1048575. Default 0, 1, 2, …; stereo MusicGen has 0, 0, 1, 1, …. */
  readonly delays?: readonly number[];
}

export type FlattenOrder = 'level' | 'time' | 'delay';

/**
 * One id sequence for a language model.
 *
 * @throws {UnsupportedError} Levels of bits or floats.
 * @throws {TokensError} `invalid-tokens`: the levels have no common steps for the order, or ids leave int32.
 */
export function flattenTokens(tokens: TokensInit, options: FlattenOptions = {}): Int32Array {
  const { levels, offsets } = indexLevels('flattenTokens', tokens, options.offset ?? 0);
  return Int32Array.from(sequence(levels, options), ([level, at]) => {
    const id = level < 0 ? -1 : levels[level]!.data[at]!;
    return id === -1 ? -1 : id + offsets[level]!;
  });
}

/**
 * The inverse of {@link flattenTokens}.
 *
 * @param like - Tokens of the same shapes; their ids are not read.
 * @throws {TokensError} `invalid-tokens`: not as many ids as the shapes take; `out-of-range`: an id of another part of
 *   the joint vocabulary, named with its place in the sequence.
 */
export function unflattenTokens(ids: Int32Array, like: TokensInit, options: FlattenOptions = {}): Tokens {
  const { levels, offsets } = indexLevels('unflattenTokens', like, options.offset ?? 0);
  const places = sequence(levels, options);
  if (ids.length !== places.length) {
    throw new TokensError('invalid-tokens', `unflattenTokens: expected ${places.length} ids, got ${ids.length}.`);
  }
  const data = levels.map((level) => new Int32Array(level.data.length));
  for (const [index, [level, at]] of places.entries()) {
    if (level >= 0) {
      const size = levels[level]!.vocabularySize;
      const offset = offsets[level]!;
      const id = ids[index]! === -1 ? -1 : ids[index]! - offset;
      if (id < -1 || id >= size || (id === -1 && ids[index] !== -1)) {
        throw new TokensError(
          'out-of-range',
          `unflattenTokens: ids[${index}]: expected ${offset}..${offset + size - 1} or -1 for level ${level}, got ${ids[index]}.`,
        );
      }
      data[level]![at] = id;
    }
  }
  const restored = levels.map(({ margins: _, ...level }, index) => ({ ...level, data: data[index]! }));
  return new Tokens({ ...like, levels: restored });
}

/** Level and element of each place of the sequence; level -1 = nothing there. */
type Place = readonly [level: number, at: number];

function sequence(
  levels: readonly IndexLevel[],
  { order = 'level', delays = levels.map((_, level) => level) }: FlattenOptions,
): readonly Place[] {
  if (order === 'level') {
    return levels.flatMap(({ data }, level) => Array.from(data, (_, at): Place => [level, at]));
  }
  const steps = commonSteps(levels, order);
  const late = order === 'delay' ? checkDelays(delays, levels.length) : levels.map(() => 0);
  const total = steps === 0 ? 0 : steps + Math.max(...late);
  const places: Place[] = [];
  for (let step = 0; step < total; step += 1) {
    for (const [level, { shape }] of levels.entries()) {
      const own = step - late[level]!;
      const perStep = countTokens(shape) / steps;
      for (let inner = 0; inner < perStep; inner += 1) {
        places.push(own < 0 || own >= steps ? [-1, -1] : [level, own * perStep + inner]);
      }
    }
  }
  return places;
}

function checkDelays(delays: readonly number[], count: number): readonly number[] {
  if (delays.length !== count || !delays.every((delay) => Number.isInteger(delay) && delay >= 0 && delay < 2 ** 20)) {
    throw new TokensError(
      'invalid-tokens',
      `delays: expected ${count} whole numbers of 0..1048575, got ${delays.join(', ')}.`,
    );
  }
  return delays;
}

/** Outermost lengths: for `time` multiples of the shortest, for `delay` all equal. */
function commonSteps(levels: readonly IndexLevel[], order: 'time' | 'delay'): number {
  const lengths = levels.map(({ shape }) => shape[0] ?? 1);
  const steps = Math.min(...lengths);
  const fits = lengths.every((length) => (order === 'delay' || steps === 0 ? length === steps : length % steps === 0));
  const sameAxis = levels.every(({ axes }) => axes[0] === levels[0]!.axes[0]);
  if (!fits || !sameAxis) {
    const shapes = levels.map(({ axes, shape }) => `${axes[0] ?? 'none'} ${shape[0] ?? 1}`).join(', ');
    throw new TokensError(
      'invalid-tokens',
      `order '${order}': expected levels with ${order === 'delay' ? 'equal' : 'multiple'} lengths of one outermost axis, got ${shapes}.`,
    );
  }
  return steps;
}

function indexLevels(
  name: string,
  { levels }: TokensInit,
  offset: number | readonly number[],
): { readonly levels: readonly IndexLevel[]; readonly offsets: readonly number[] } {
  const offsets = typeof offset === 'number' ? levels.map(() => offset) : offset;
  if (offsets.length !== levels.length) {
    throw new TokensError('invalid-tokens', `${name}: expected ${levels.length} offsets, got ${offsets.length}.`);
  }
  const ids = levels.map((level, index) => {
    if (level.kind !== 'index') {
      throw new UnsupportedError(name, `levels[${index}] holds ${level.kind}, only ids can become one sequence.`);
    }
    const own = offsets[index]!;
    if (!Number.isInteger(own) || own < 0 || own + level.vocabularySize - 1 > 2 ** 31 - 1) {
      throw new TokensError(
        'invalid-tokens',
        `${name}: offset ${own} and a vocabulary of ${level.vocabularySize} leave int32.`,
      );
    }
    return level;
  });
  return { levels: ids, offsets };
}
