import { type CodebookMatrix, codebookSize, squaredDistance } from '../analysis/codebook-matrix';
import { InputError } from '../errors/input-error';
import { acceptanceOf, checkStep, type DraftRule, residualOf } from './speculative';

/** Tokens that are as good as a drafted one; with or without itself. */
export type TokenGroup = (token: number, target: Float64Array) => Iterable<number>;

/**
 * Grouped speculative decoding: a draft is kept with `min(1, Σ target / Σ draft)` over the group that it belongs to;
 * otherwise the token is drawn from the positive part of `target - draft`, token by token, as in the official code. What
 * comes out is near the distribution of the target, not the same.
 *
 * @see Grouped speculative decoding, arXiv 2508.07747.
 */
export function groupedRule(group: TokenGroup): DraftRule {
  return (token, target, draft) => {
    const { wanted, proposed } = checkStep(token, target, draft);
    let [wantedSum, proposedSum] = [0, 0];
    for (const other of new Set(group(token, wanted)).add(token)) {
      wantedSum += wanted[other]!;
      proposedSum += proposed[other]!;
    }
    return { acceptance: acceptanceOf(wantedSum, proposedSum), residual: residualOf(wanted, proposed) };
  };
}

/**
 * Groups that never change: the clusters of a codebook.
 *
 * @param clusters - Cluster of each token, `[vocabulary]`.
 */
export function clusterGroup(clusters: Int32Array): TokenGroup {
  const members = new Map<number, number[]>();
  for (const [token, cluster] of clusters.entries()) {
    const list = members.get(cluster) ?? [];
    list.push(token);
    members.set(cluster, list);
  }
  return (token) => members.get(clusters[token]!) ?? [];
}

export interface DynamicGroupOptions {
  /** Tokens on each side in order of probability. Default 7: 7 less likely and 6 more likely ones, as in the official code. */
  readonly window?: number;
  /** Largest difference of probability. Default 0.15. */
  readonly closeness?: number;
  /** Codes of the tokens, for a limit of distance. Default: none. */
  readonly codebook?: CodebookMatrix;
  /** Largest distance of codes, euclidean. Default 0.5. */
  readonly distance?: number;
  /** Token of code 0; tokens that are no codes are not held against their distance. Default 0. */
  readonly firstToken?: number;
}

/**
 * Groups that are made anew at each step: tokens whose probability is next to that of the draft in order and near it in
 * value, and whose codes are near.
 *
 * @throws {InputError} `window` is no count, or a limit is below 0.
 * @throws {ShapeError} The codebook is no whole number of codes.
 */
export function dynamicGroup(options: DynamicGroupOptions = {}): TokenGroup {
  const { window = 7, closeness = 0.15, codebook, distance = 0.5, firstToken = 0 } = options;
  if (!Number.isSafeInteger(window) || window < 1) {
    throw new InputError('window', 'a whole number of at least 1', String(window));
  }
  for (const [name, value] of Object.entries({ closeness, distance })) {
    if (!(value >= 0)) throw new InputError(name, 'a number of at least 0', String(value));
  }
  const codes = codebook ? codebookSize('codebook', codebook) : 0;
  const isNear = (a: number, b: number): boolean => {
    const [i, j] = [a - firstToken, b - firstToken];
    const bothCodes = codebook !== undefined && Math.min(i, j) >= 0 && Math.max(i, j) < codes;
    return !bothCodes || squaredDistance(codebook, i, codebook, j) < distance * distance;
  };
  return (token, target) => {
    // Ascending; of equally likely tokens the smaller one first.
    const order = Int32Array.from(target.keys()).sort((a, b) => target[a]! - target[b]! || a - b);
    const place = order.indexOf(token);
    return order
      .subarray(Math.max(0, place - window), place + window)
      .filter((other) => Math.abs(target[other]! - target[token]!) < closeness && isNear(token, other));
  };
}
