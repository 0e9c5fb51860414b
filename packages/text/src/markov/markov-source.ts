import { InputError, type RandomSource } from '@tesserae/core/data';
import { type Matrix, finiteRowCount, rowOf } from '../numeric/matrix';

/** A source of symbols, each drawn by the `order` symbols before it. */
export interface MarkovSource {
  /** Number of symbols. */
  readonly symbols: number;
  /** Symbols that count. */
  readonly order: number;
  /** Probability of every context in the long run; contexts are numbers in base `symbols`, the oldest symbol first. */
  readonly stationary: Float64Array;
  /** Bits of information of a symbol in the long run: no code can do with less. */
  readonly entropyRate: number;
  /** Symbols drawn one after the other, from a context drawn as in the long run. */
  sample(count: number, random: RandomSource): Int32Array;
}

/**
 * A Markov source (the sources of arXiv 2404.08335, section 2, on which tokenizers are compared).
 *
 * @param transitions - `[symbols^order, symbols]`: probabilities of the next symbol; every row adds up to 1.
 * @throws {InputError} Rows that are no distributions, or whose number is no power of the symbols.
 */
export function markovSource(transitions: Matrix): MarkovSource {
  const symbols = transitions.columns;
  const contexts = finiteRowCount('transitions', transitions);
  const order = orderOf(contexts, symbols);
  for (let context = 0; context < contexts; context += 1) {
    const row = Array.from(rowOf(transitions, context));
    const sum = row.reduce((total, value) => total + value, 0);
    if (Math.abs(sum - 1) > 1e-5 || row.some((value) => value < 0)) {
      throw new InputError('transitions', 'rows of probabilities with the sum 1', `the sum ${sum} in row ${context}`);
    }
  }
  const follow = (context: number, symbol: number) => (context * symbols + symbol) % contexts;
  const stationary = stationaryDistribution(transitions, contexts, follow);
  return {
    symbols,
    order,
    stationary,
    entropyRate: stationary.reduce((sum, weight, context) => sum + weight * entropyOf(rowOf(transitions, context)), 0),
    sample(count, random) {
      let context = draw(stationary, random.uniform(1)[0]!);
      const uniform = random.uniform(count);
      return Int32Array.from(uniform, (value) => {
        const symbol = draw(rowOf(transitions, context), value);
        context = follow(context, symbol);
        return symbol;
      });
    },
  };
}

function orderOf(contexts: number, symbols: number): number {
  let order = 0;
  for (let count = 1; count < contexts && symbols > 1; count *= symbols) order += 1;
  if (contexts === 0 || symbols ** order !== contexts) {
    throw new InputError('transitions', `a power of ${symbols} as number of rows`, String(contexts));
  }
  return order;
}

/** By iteration, half a step at a time, so that periodic sources settle too. */
function stationaryDistribution(
  transitions: Matrix,
  contexts: number,
  follow: (context: number, symbol: number) => number,
): Float64Array {
  let weights = new Float64Array(contexts).fill(1 / contexts);
  for (let step = 0; step < 10_000; step += 1) {
    const next = weights.map((weight) => weight / 2);
    for (let context = 0; context < contexts; context += 1) {
      const row = rowOf(transitions, context);
      for (let symbol = 0; symbol < row.length; symbol += 1) {
        next[follow(context, symbol)]! += (weights[context]! / 2) * row[symbol]!;
      }
    }
    const change = next.reduce((most, value, index) => Math.max(most, Math.abs(value - weights[index]!)), 0);
    weights = next;
    if (change < 1e-15) break;
  }
  return weights;
}

function draw(probabilities: ArrayLike<number>, uniform: number): number {
  let sum = 0;
  for (let index = 0; index < probabilities.length; index += 1) {
    sum += probabilities[index]!;
    if (uniform < sum) return index;
  }
  // Rounding may leave a little at the end.
  let last = probabilities.length - 1;
  while (last > 0 && probabilities[last] === 0) last -= 1;
  return last;
}

/** Bits. */
function entropyOf(probabilities: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < probabilities.length; index += 1) {
    const value = probabilities[index]!;
    if (value > 0) sum -= value * Math.log2(value);
  }
  return sum;
}

/**
 * What the best model of single tokens needs for a text: `Σ -log2(frequency of token) / symbols`, in bits a symbol of the
 * source. With better tokens it comes near the entropy rate (arXiv 2404.08335, theorem 3.1).
 *
 * @param ids - Tokens of the text.
 * @param symbols - Symbols that the text has.
 */
export function unigramCrossEntropy(ids: ArrayLike<number>, symbols: number): number {
  const counts = new Map<number, number>();
  for (let index = 0; index < ids.length; index += 1) counts.set(ids[index]!, (counts.get(ids[index]!) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= count * Math.log2(count / ids.length);
  return symbols > 0 ? bits / symbols : 0;
}
