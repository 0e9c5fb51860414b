import { InputError } from '@tesserae/core/data';

/**
 * Mean of the distributions that several models give to the same next byte: models with different tokenizers cannot be
 * averaged over tokens (arXiv 2410.09303, section 5). Of every distribution the first symbols are taken and normalized;
 * what is behind them means different tokens in different models.
 *
 * @param symbols - How many. Default 259: bytes, and the unknown, begin and end token of SentencePiece models.
 * @param weights - One a model, at least 0, normalized. Default: equal.
 * @returns Probabilities of the symbols.
 * @throws {InputError} No distribution, another number of weights, weights that are negative or all 0, or nothing
 *   probable among the symbols.
 */
export function ensembleBytes(
  distributions: readonly ArrayLike<number>[],
  symbols = 259,
  weights: ArrayLike<number> = distributions.map(() => 1),
): Float64Array {
  if (distributions.length === 0) throw new InputError('distributions', 'at least one', 'none');
  if (!Number.isInteger(symbols) || symbols < 1) throw new InputError('symbols', 'a positive integer', String(symbols));
  const total = Array.from(weights).reduce((sum, weight) => (weight >= 0 ? sum + weight : Number.NaN), 0);
  if (weights.length !== distributions.length || !(total > 0 && total < Infinity)) {
    throw new InputError(
      'weights',
      `${distributions.length} numbers of at least 0, not all 0`,
      Array.from(weights).join(', '),
    );
  }
  const mean = new Float64Array(symbols);
  for (const [place, distribution] of distributions.entries()) {
    let mass = 0;
    for (let symbol = 0; symbol < symbols; symbol += 1) mass += distribution[symbol] ?? 0;
    if (!(mass > 0)) throw new InputError('distributions', `something probable among ${symbols} symbols`, 'nothing');
    const weight = weights[place]! / total / mass;
    for (let symbol = 0; symbol < symbols; symbol += 1) mean[symbol]! += weight * (distribution[symbol] ?? 0);
  }
  return mean;
}
