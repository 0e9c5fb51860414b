import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { indexTokens, sampleSource, sampleTokenizer } from '../../test/arbitrary-tokens';
import { ConfigError, InputError, TokensError, UnsupportedError } from '../errors/index';
import type { Json } from '../signal/signal';
import { type TokenLevel, Tokens } from '../tokens/tokens';
import { coOccurrenceAccumulator } from './co-occurrence';
import { codebookUsageAccumulator } from './codebook-usage';
import { compressibilityAccumulator } from './compressibility';
import { codeFrequencyAccumulator } from './count-accumulator';
import { dimensionEntropyAccumulator } from './dimension-entropy';
import { entropyAccumulator } from './entropy';
import { entropyRateAccumulator } from './entropy-rate';
import { heapsAccumulator } from './heaps';
import { mutualInformationAccumulator } from './mutual-information';
import { ngramAccumulator } from './ngrams';
import { noveltyAccumulator } from './novelty';
import { positionEntropyAccumulator } from './position-entropy';
import type { TokenAccumulator } from './token-accumulator';
import { windowedUsageAccumulator } from './windowed-usage';
import { zipfAccumulator } from './zipf';

type Make = (saved?: Json) => TokenAccumulator<unknown>;
const accumulators: readonly (readonly [string, Make])[] = [
  ['codebook-usage', codebookUsageAccumulator],
  ['code-frequency', codeFrequencyAccumulator],
  ['windowed-usage', (saved) => windowedUsageAccumulator({ window: 7 }, saved)],
  ['entropy', entropyAccumulator],
  ['position-entropy', (saved) => positionEntropyAccumulator({}, saved)],
  ['dimension-entropy', (saved) => dimensionEntropyAccumulator({}, saved)],
  ['zipf', zipfAccumulator],
  ['heaps', (saved) => heapsAccumulator({ order: 'column' }, saved)],
  ['novelty', (saved) => noveltyAccumulator({ length: 2, acrossLines: false }, saved)],
  ['ngrams', (saved) => ngramAccumulator({ order: 'diagonal', length: 3 }, saved)],
  ['mutual-information', (saved) => mutualInformationAccumulator({ distances: [1, 2] }, saved)],
  ['co-occurrence', (saved) => coOccurrenceAccumulator({}, saved)],
  ['entropy-rate', (saved) => entropyRateAccumulator({ order: 'diagonal' }, saved)],
  ['compressibility', (saved) => compressibilityAccumulator({}, saved)],
];

/** A level of ids with holes, one of few bits and one of more bits than a double holds, on grids of any size. */
const item = fc
  .tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 4 }), fc.boolean())
  .chain(([height, width, prefix]) => {
    const count = height * width;
    const grid = { shape: [height, width], axes: ['height', 'width'] as const };
    return fc
      .tuple(
        fc.array(fc.integer({ min: -1, max: 5 }), { minLength: count, maxLength: count }),
        fc.uint8Array({ minLength: count, maxLength: count, max: 7 }),
        fc.uint8Array({ minLength: 8 * count, maxLength: 8 * count, max: 1 }),
      )
      .map(([ids, few, many]): Tokens => {
        const levels: TokenLevel[] = [
          { kind: 'index', vocabularySize: 6, ...grid, data: Int32Array.from(ids) },
          { kind: 'bits', bitsPerToken: 3, ...grid, data: few },
          { kind: 'bits', bitsPerToken: 60, ...grid, data: many },
        ];
        return new Tokens({
          tokenizer: sampleTokenizer,
          source: sampleSource,
          prefixUnit: 'level',
          levels: prefix ? levels.slice(0, 1) : levels,
        });
      });
  });

describe.each(accumulators)('%s', (name, make) => {
  it('gives merged what it gives in one pass, also through JSON', () => {
    fc.assert(
      fc.property(fc.array(item, { maxLength: 6 }), fc.nat(6), (items, cut) => {
        const [whole, first, second] = [make(), make(), make()];
        for (const [index, tokens] of items.entries()) {
          whole.add(tokens);
          (index < cut ? first : second).add(tokens);
        }
        const before = JSON.stringify(second);
        first.merge(make(JSON.parse(before) as Json));
        expect(JSON.stringify(second)).toBe(before);
        expect(first.value()).toEqual(whole.value());
        expect(make(JSON.parse(JSON.stringify(whole)) as Json).value()).toEqual(whole.value());
        expect(first.toJSON()).toEqual(whole.toJSON());
        expect(whole.value().protocol.metric).toBe(name);
      }),
      { numRuns: 60 },
    );
  });

  it('refuses floats, other vocabularies and what others have collected', () => {
    const accumulator = make();
    accumulator.add(indexTokens([1, 2, 3]));
    const before = JSON.stringify(accumulator);
    const float = new Tokens({
      ...indexTokens([1]),
      levels: [{ kind: 'float', storage: 'float32', shape: [1], axes: ['token'], data: Float32Array.of(1) }],
    });
    expect(() => accumulator.add(float)).toThrow(UnsupportedError);
    expect(() => accumulator.add(float)).toThrow(`${name}: levels[0] holds floats`);
    expect(() => accumulator.add(indexTokens([1], 17))).toThrow(TokensError);
    expect(JSON.stringify(accumulator)).toBe(before);
    const other = name === 'zipf' ? codebookUsageAccumulator() : zipfAccumulator();
    expect(() => accumulator.merge(other as TokenAccumulator<unknown>)).toThrow(InputError);
    expect(() => make({ metric: name })).toThrow(ConfigError);
  });
});
