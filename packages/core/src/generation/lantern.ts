import type { CodebookNeighbors } from '../analysis/codebook-neighbors';
import { InputError } from '../errors/input-error';
import { ShapeError } from '../errors/shape-error';
import { acceptanceOf, checkStep, type DraftRule, residualOf } from './speculative';

export interface LanternOptions {
  /** Nearest codes that may lend their probability, at most as many as the table has. Default: all of the table. */
  readonly count?: number;
  /**
   * How much probability they may lend together: at most 1, that much (LANTERN; the distance in total variation that is
   * allowed); above 1, `delta - 1` times the probability of the draft (LANTERN++). Default 0.1.
   */
  readonly delta?: number;
}

/**
 * Relaxed acceptance for codebooks in which neighbors look alike: a draft is judged by the probability of itself and of
 * its nearest codes together.
 *
 * @param neighbors - Of the codebook: `codebookNeighbors(codebook, 1000)`.
 * @param firstToken - Token of code 0 where the vocabulary has others before; tokens that are no codes are judged alone.
 * @throws {InputError} `count` is beyond the table, or `delta` is below 0.
 * @see LANTERN, arXiv 2410.03355, section 4; LANTERN++, arXiv 2502.06352.
 */
export function lanternRule(
  neighbors: CodebookNeighbors,
  { count = neighbors.count, delta = 0.1 }: LanternOptions = {},
  firstToken = 0,
): DraftRule {
  if (!Number.isInteger(count) || count < 1 || count > neighbors.count) {
    throw new InputError('count', `a whole number of 1..${neighbors.count}`, String(count));
  }
  if (!(delta >= 0)) {
    throw new InputError('delta', 'a number of at least 0', String(delta));
  }
  return (token, target, draft) => {
    const { wanted, proposed } = checkStep(token, target, draft);
    if (firstToken + neighbors.size > wanted.length) {
      throw new ShapeError('target', `at least ${firstToken + neighbors.size} tokens`, [wanted.length]);
    }
    const limit = delta > 1 ? (delta - 1) * wanted[token]! : delta;
    const relaxed = wanted.slice();
    const code = token - firstToken;
    const row =
      code < 0 || code >= neighbors.size ? [] : neighbors.ids.subarray(code * neighbors.count).subarray(0, count);
    let lent = 0;
    for (const near of row) {
      const share = wanted[firstToken + near]!;
      if (lent + share > limit) break;
      lent += share;
      relaxed[firstToken + near] = 0;
    }
    relaxed[token]! += lent;
    return { acceptance: acceptanceOf(relaxed[token]!, proposed[token]!), residual: residualOf(relaxed, proposed) };
  };
}
