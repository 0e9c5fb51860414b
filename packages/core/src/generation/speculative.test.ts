import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codebookNeighbors } from '../analysis/codebook-neighbors';
import { InputError } from '../errors/input-error';
import { ShapeError } from '../errors/shape-error';
import { mulberry32 } from '../random/mulberry32';
import { clusterGroup, dynamicGroup, groupedRule } from './grouped-speculation';
import { lanternRule } from './lantern';
import { type DraftRule, drawToken, speculativeRule, verifyDraft } from './speculative';

const size = 12;
/** Some probabilities are 0. */
const distribution = fc
  .array(fc.oneof(fc.constant(0), fc.double({ min: 0.001, max: 1, noNaN: true })), { minLength: size, maxLength: size })
  .filter((weights) => weights.some((weight) => weight > 0))
  .map((weights) => {
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return Float64Array.from(weights, (weight) => weight / total);
  });
const codebook = { codes: mulberry32(1).normal(size * 2), dim: 2 };
const neighbors = codebookNeighbors(codebook, size - 1);
const sum = (values: Iterable<number>) => [...values].reduce((all, value) => all + value, 0);

/** Distribution of the token that comes out when the draft is drawn from `draft`. */
function outcome(rule: DraftRule, target: Float64Array, draft: Float64Array): Float64Array {
  const out = new Float64Array(size);
  for (const [token, probability] of draft.entries()) {
    if (probability === 0) continue;
    const { acceptance, residual } = rule(token, target, draft);
    out[token]! += probability * acceptance;
    residual.forEach((value, other) => (out[other]! += probability * (1 - acceptance) * value));
  }
  return out;
}

const rules: readonly (readonly [string, DraftRule])[] = [
  ['speculative', speculativeRule],
  ['lantern', lanternRule(neighbors, { delta: 0.2 })],
  ['lantern++', lanternRule(neighbors, { delta: 3, count: 4 })],
  ['clusters', groupedRule(clusterGroup(Int32Array.of(0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2)))],
  ['dynamic', groupedRule(dynamicGroup({ window: 3, codebook, distance: 1 }))],
];

describe.each(rules)('the rule %s', (_, rule) => {
  it('keeps probabilities normalized, and keeps drafts of the target', () => {
    fc.assert(
      fc.property(distribution, distribution, fc.nat(size - 1), (target, draft, token) => {
        const { acceptance, residual } = rule(token, target, draft);
        expect(acceptance).toBeGreaterThanOrEqual(0);
        expect(acceptance).toBeLessThanOrEqual(1);
        expect(sum(residual)).toBeCloseTo(1, 9);
        expect(residual.every((value) => value >= 0)).toBe(true);
        expect(sum(outcome(rule, target, draft))).toBeCloseTo(1, 9);
        expect(rule(token, target, target).acceptance).toBeGreaterThanOrEqual(target[token]! > 0 ? 1 - 1e-9 : 0);
      }),
    );
  });

  it('refuses what are no probabilities', () => {
    const good = new Float64Array(size).fill(1 / size);
    expect(() =>
      rule(
        0,
        good.map((value) => 2 * value),
        good,
      ),
    ).toThrow(InputError);
    expect(() => rule(0, good, Float64Array.of(-1, 2, ...new Float64Array(size - 2)))).toThrow(InputError);
    expect(() => rule(size, good, good)).toThrow(InputError);
    expect(() => rule(0, good, good.subarray(1))).toThrow(ShapeError);
  });
});

describe('speculativeRule', () => {
  it('gives the distribution of the target', () => {
    fc.assert(
      fc.property(distribution, distribution, (target, draft) => {
        outcome(speculativeRule, target, draft).forEach((value, token) => expect(value).toBeCloseTo(target[token]!, 9));
      }),
    );
  });
});

describe('lanternRule', () => {
  it('keeps more drafts, and moves no more probability than allowed', () => {
    fc.assert(
      fc.property(
        distribution,
        distribution,
        fc.nat(size - 1),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (target, draft, token, delta) => {
          const relaxed = lanternRule(neighbors, { delta })(token, target, draft).acceptance;
          const strict = speculativeRule(token, target, draft).acceptance;
          expect(relaxed).toBeGreaterThanOrEqual(strict - 1e-12);
          // At most delta more than the draft's own probability; anything where it was not proposed at all.
          expect(relaxed * draft[token]!).toBeLessThanOrEqual(strict * draft[token]! + delta + 1e-9);
        },
      ),
    );
  });

  it('takes neighbors in order until their probability is more than delta', () => {
    // On a line: of code 0 the neighbors are 1, 2, 3.
    const line = codebookNeighbors({ codes: Float32Array.of(0, 1, 2, 3), dim: 1 }, 3);
    const [target, draft] = [Float64Array.of(0.1, 0.2, 0.3, 0.4), Float64Array.of(0.8, 0.1, 0.1, 0)];
    const acceptance = (delta: number, count = 3) => lanternRule(line, { delta, count })(0, target, draft).acceptance;
    expect(acceptance(0.1)).toBeCloseTo(0.1 / 0.8, 12);
    expect(acceptance(0.2)).toBeCloseTo(0.3 / 0.8, 12);
    expect(acceptance(0.49)).toBeCloseTo(0.3 / 0.8, 12);
    expect(acceptance(0.5)).toBeCloseTo(0.6 / 0.8, 12);
    expect(acceptance(0.5, 1)).toBeCloseTo(0.3 / 0.8, 12);
    // Relative: up to 2 times 0.1.
    expect(acceptance(3)).toBeCloseTo(0.3 / 0.8, 12);
    const { residual } = lanternRule(line, { delta: 0.2 })(0, target, draft);
    expect([...residual].map((value) => Number(value.toFixed(12)))).toEqual(
      [0, 0, 1 / 3, 2 / 3].map((value) => Number(value.toFixed(12))),
    );
  });

  it('judges tokens that are no codes alone', () => {
    const line = codebookNeighbors({ codes: Float32Array.of(0, 1), dim: 1 }, 1);
    const rule = lanternRule(line, { delta: 1 }, 1);
    const [target, draft] = [Float64Array.of(0.2, 0.3, 0.5), Float64Array.of(0.5, 0.5, 0)];
    expect(rule(0, target, draft).acceptance).toBeCloseTo(0.4, 12);
    expect(rule(1, target, draft).acceptance).toBe(1);
    expect(() => lanternRule(line, {}, 2)(0, target, draft)).toThrow(ShapeError);
    expect(() => lanternRule(line, { count: 2 })).toThrow(InputError);
    expect(() => lanternRule(line, { delta: -1 })).toThrow(InputError);
  });
});

describe('groupedRule', () => {
  it('gives clusters the distribution of the target', () => {
    const clusters = Int32Array.of(0, 0, 1, 1, 2, 2, 0, 1, 2, 3, 3, 3);
    const rule = groupedRule(clusterGroup(clusters));
    fc.assert(
      fc.property(distribution, distribution, (target, draft) => {
        const byCluster = (values: Float64Array) =>
          [0, 1, 2, 3].map((own) => sum(values.filter((_, token) => clusters[token] === own)));
        const accepted = byCluster(
          draft.map((value, token) => value * (value > 0 ? rule(token, target, draft).acceptance : 0)),
        );
        const [wanted, proposed] = [byCluster(target), byCluster(draft)];
        accepted.forEach((value, own) => expect(value).toBeCloseTo(Math.min(wanted[own]!, proposed[own]!), 9));
      }),
    );
  });

  it('groups tokens next to each other in order, near in value and in space', () => {
    const target = Float64Array.of(0.3, 0.05, 0.1, 0.15, 0.4);
    const members = (options: Parameters<typeof dynamicGroup>[0], token: number) => [
      ...dynamicGroup(options)(token, target),
    ];
    // Ascending: 1, 2, 3, 0, 4.
    expect(members({ window: 1 }, 3)).toEqual([2, 3]);
    expect(members({ window: 2, closeness: 1 }, 3)).toEqual([1, 2, 3, 0]);
    expect(members({ window: 9, closeness: 0.06 }, 3)).toEqual([2, 3]);
    const line = { codes: Float32Array.of(0, 9, 8.9, 8.8, 8.7), dim: 1 };
    expect(members({ window: 9, closeness: 1, codebook: line, distance: 0.15 }, 3)).toEqual([2, 3, 4]);
    expect(members({ window: 9, closeness: 1, codebook: line, firstToken: 3 }, 3)).toEqual([1, 2, 3, 0]);
    expect(() => dynamicGroup({ window: 0 })).toThrow(InputError);
    expect(() => dynamicGroup({ closeness: -1 })).toThrow(InputError);
  });
});

describe('verifyDraft', () => {
  it('draws as the target would have', () => {
    const target = Float64Array.of(0.5, 0.3, 0.2);
    const draft = Float64Array.of(0.1, 0.1, 0.8);
    const random = mulberry32(4);
    const counts = [0, 0, 0];
    for (let run = 0; run < 20_000; run += 1) {
      const token = drawToken(draft, random);
      counts[verifyDraft(Int32Array.of(token), [target], [draft], random).tokens[0]!]! += 1;
    }
    counts.forEach((count, token) => expect(Math.abs(count / 20_000 - target[token]!)).toBeLessThan(0.015));
  });

  it('stops at the first that is not kept, and draws one more', () => {
    const [first, second] = [Float64Array.of(1, 0), Float64Array.of(0, 1)];
    const verify = (tokens: readonly number[], targets: readonly Float64Array[]) => {
      const drafts = tokens.map((token) => (token === 0 ? first : second));
      const { accepted, tokens: out } = verifyDraft(Int32Array.from(tokens), targets, drafts, mulberry32(1));
      return [accepted, [...out]];
    };
    expect(verify([0, 1], [first, second])).toEqual([2, [0, 1]]);
    expect(verify([0, 1], [first, second, first])).toEqual([2, [0, 1, 0]]);
    expect(verify([0, 0, 1], [first, second, second, first])).toEqual([1, [0, 1]]);
    expect(() => verify([0, 1], [first])).toThrow(InputError);
  });
});
