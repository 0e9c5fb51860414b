import * as v from 'valibot';
import { canonicalJson } from '../checkpoint/canonical-json';
import { InputError } from '../errors/input-error';
import { TokensError } from '../errors/tokens-error';
import type { MetricResult } from '../metrics/metric-result';
import type { Json } from '../signal/signal';
import { parseWith } from '../tokenizer/parse-with';
import type { TokensInit } from '../tokens/token-types';
import { type LevelFacts, presentSymbols, type TokenStream, tokenStreams } from './token-stream';

/** Collects a statistic item by item, for each level; any modality, any number of levels of ids or bits. */
export interface TokenAccumulator<Value> {
  /**
   * Adds one item. Items may lack levels at the end (a prefix of levels).
   *
   * @throws {UnsupportedError} A level of floats; nothing is added.
   * @throws {TokensError} `invalid-tokens`: a level of another vocabulary than that of the items before.
   */
  add(tokens: TokensInit): void;
  /**
   * Adds what another accumulator of the same statistic and options has collected, as if its items had come after those
   * here. The other one stays as it is.
   *
   * @throws {InputError} Another statistic, or other options.
   */
  merge(other: TokenAccumulator<Value>): void;
  /** The statistic of each level, coarse to fine; `protocol` names every choice and how much was seen. */
  value(): MetricResult<readonly Value[]>;
  /** All that was collected; the second argument of the function that made this accumulator restores it. */
  toJSON(): Json;
}

/** How one statistic collects the tokens of one level. */
export interface LevelStatistic<State, Value> {
  /** `codebook-usage`. */
  readonly metric: string;
  /** Every option with its value: part of the protocol, and the same in accumulators that merge. */
  readonly options: Readonly<Record<string, Json>>;
  create(): State;
  /** Throws for a level that the statistic does not fit; nothing of the item is added then. */
  check?(level: LevelFacts): void;
  add(state: State, stream: TokenStream): void;
  /** Adds `other`, collected after `state`; `other` is not used any more. */
  merge(state: State, other: State): void;
  value(state: State, level: LevelFacts): Value;
  save(state: State): Json;
  /** @throws {ConfigError} Not what `save` gave. */
  load(json: Json | undefined, where: string): State;
}

interface Level<State> extends LevelFacts {
  items: number;
  tokens: number;
  state: State;
}

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const savedAccumulator = v.strictObject({
  metric: v.string(),
  options: v.record(v.string(), v.unknown()),
  levels: v.array(
    v.strictObject({
      kind: v.picklist(['index', 'bits']),
      bits: count,
      vocabulary: v.nullable(count),
      items: count,
      tokens: count,
      state: v.unknown(),
    }),
  ),
});

/**
 * An accumulator of a statistic.
 *
 * @param saved - What `toJSON` of such an accumulator gave.
 * @throws {ConfigError} `saved` is something else.
 * @throws {InputError} `saved` is of another statistic or other options.
 */
export function tokenAccumulator<State, Value>(
  statistic: LevelStatistic<State, Value>,
  saved?: Json,
): TokenAccumulator<Value> {
  const { metric, options } = statistic;
  const levels: Level<State>[] = saved === undefined ? [] : loadLevels(statistic, saved, 'saved');
  return {
    add: (tokens) => {
      const streams = tokenStreams(metric, tokens);
      for (const [index, stream] of streams.entries()) {
        checkSame(metric, index, levels[index], stream);
        statistic.check?.(stream);
      }
      for (const [index, stream] of streams.entries()) {
        const level = (levels[index] ??= emptyLevel(stream, statistic.create()));
        level.items += 1;
        level.tokens += presentSymbols(stream).length;
        statistic.add(level.state, stream);
      }
    },
    merge: (other) => {
      const theirs = loadLevels(statistic, other.toJSON(), 'other');
      for (const [index, level] of theirs.entries()) {
        checkSame(metric, index, levels[index], level);
      }
      for (const [index, level] of theirs.entries()) {
        const mine = levels[index];
        if (mine === undefined) {
          levels[index] = level;
        } else {
          mine.items += level.items;
          mine.tokens += level.tokens;
          statistic.merge(mine.state, level.state);
        }
      }
    },
    value: () => ({
      value: levels.map((level) => statistic.value(level.state, level)),
      protocol: { metric, ...options, items: levels[0]?.items ?? 0, tokens: levels.map(({ tokens }) => tokens) },
    }),
    toJSON: () => ({
      metric,
      options,
      levels: levels.map(({ kind, bitsPerToken, vocabularySize, items, tokens, state }) => ({
        kind,
        bits: bitsPerToken,
        vocabulary: kind === 'index' ? vocabularySize : null,
        items,
        tokens,
        state: statistic.save(state),
      })),
    }),
  };
}

function emptyLevel<State>({ kind, vocabularySize, bitsPerToken }: LevelFacts, state: State): Level<State> {
  return { kind, vocabularySize, bitsPerToken, items: 0, tokens: 0, state };
}

function loadLevels<State, Value>(statistic: LevelStatistic<State, Value>, json: Json, where: string): Level<State>[] {
  const parsed = parseWith(savedAccumulator, json, where);
  const expected = canonicalJson({ metric: statistic.metric, ...statistic.options });
  const actual = canonicalJson({ metric: parsed.metric, ...parsed.options });
  if (actual !== expected) {
    throw new InputError(where, `what ${expected} collects`, actual);
  }
  return parsed.levels.map(({ kind, bits, vocabulary, items, tokens, state }, index) => ({
    kind,
    bitsPerToken: bits,
    vocabularySize: vocabulary ?? 2 ** bits,
    items,
    tokens,
    state: statistic.load(state as Json, `${where}.levels[${index}].state`),
  }));
}

function checkSame(metric: string, index: number, expected: LevelFacts | undefined, actual: LevelFacts): void {
  if (expected && (expected.kind !== actual.kind || expected.vocabularySize !== actual.vocabularySize)) {
    const words = ({ kind, vocabularySize, bitsPerToken }: LevelFacts): string =>
      kind === 'index' ? `ids of ${vocabularySize} codes` : `${bitsPerToken} bits a token`;
    throw new TokensError(
      'invalid-tokens',
      `${metric}: levels[${index}]: expected ${words(expected)} as in the items before, got ${words(actual)}.`,
    );
  }
}
