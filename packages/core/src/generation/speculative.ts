import { InputError } from '../errors/input-error';
import { ShapeError } from '../errors/shape-error';
import type { RandomSource } from '../random/random-source';

/** Probabilities of every token of a vocabulary, summing to 1. */
export type Probabilities = Float32Array | Float64Array;

/** What becomes of one drafted token. */
export interface DraftVerdict {
  /** Probability with which the draft is kept, 0..1. */
  readonly acceptance: number;
  /** `[vocabulary]`, summing to 1: what to draw from where it is not kept. */
  readonly residual: Float64Array;
}

/** Judges a drafted token by what the target model and the draft model thought of it. */
export type DraftRule = (token: number, target: Probabilities, draft: Probabilities) => DraftVerdict;

/** How far from 1 probabilities may sum: float32 over large vocabularies. */
const tolerance = 1e-3;

/**
 * Speculative sampling: kept drafts and redrawn ones together have the distribution of the target exactly.
 *
 * @throws {InputError} The token is outside the vocabulary, or the values are no probabilities.
 * @throws {ShapeError} Vocabularies of different sizes.
 * @see Leviathan, Kalman and Matias, arXiv 2211.17192, algorithm 1.
 */
export const speculativeRule: DraftRule = (token, target, draft) => {
  const { wanted, proposed } = checkStep(token, target, draft);
  return { acceptance: acceptanceOf(wanted[token]!, proposed[token]!), residual: residualOf(wanted, proposed) };
};

/** `min(1, wanted / proposed)`; where nothing was proposed 1 if anything is wanted. */
export function acceptanceOf(wanted: number, proposed: number): number {
  return wanted >= proposed ? (wanted > 0 ? 1 : 0) : wanted / proposed;
}

/** The positive part of `wanted - proposed`, scaled to sum to 1; `wanted` where nothing is left. */
export function residualOf(wanted: Float64Array, proposed: Float64Array): Float64Array {
  const rest = wanted.map((value, token) => Math.max(0, value - proposed[token]!));
  const total = sumOf(rest);
  return total > 0 ? rest.map((value) => value / total) : wanted.slice();
}

/**
 * Both distributions in float64, summing to 1 exactly.
 *
 * @throws {InputError} The token is outside the vocabulary, or the values are no probabilities.
 * @throws {ShapeError} Vocabularies of different sizes.
 */
export function checkStep(
  token: number,
  target: Probabilities,
  draft: Probabilities,
): { readonly wanted: Float64Array; readonly proposed: Float64Array } {
  if (target.length !== draft.length) {
    throw new ShapeError('draft', `[${target.length}], as many tokens as the target has`, [draft.length]);
  }
  if (!Number.isInteger(token) || token < 0 || token >= target.length) {
    throw new InputError('token', `a token of 0..${target.length - 1}`, String(token));
  }
  return { wanted: normalized('target', target), proposed: normalized('draft', draft) };
}

export interface VerifiedDraft {
  /** Drafted tokens that were kept, from the front. */
  readonly accepted: number;
  /** These, and one more: drawn from the residual of the first that was not kept, or from the target after all. */
  readonly tokens: Int32Array;
}

/**
 * Goes through drafted tokens until one is not kept.
 *
 * @param tokens - Drafted tokens, n.
 * @param targets - What the target model gives at each of them, and after the last one if there is one more: n or n + 1.
 * @param drafts - What the draft model gave, n.
 * @throws {InputError} Another number of distributions; as the rule.
 */
export function verifyDraft(
  tokens: Int32Array,
  targets: readonly Probabilities[],
  drafts: readonly Probabilities[],
  random: RandomSource,
  rule: DraftRule = speculativeRule,
): VerifiedDraft {
  const count = tokens.length;
  if (drafts.length !== count || targets.length < count || targets.length > count + 1) {
    const found = `${targets.length} and ${drafts.length}`;
    throw new InputError('targets and drafts', `${count} or ${count + 1}, and ${count}`, found);
  }
  for (const [index, token] of tokens.entries()) {
    const { acceptance, residual } = rule(token, targets[index]!, drafts[index]!);
    if (random.uniform(1)[0]! >= acceptance) {
      return { accepted: index, tokens: Int32Array.of(...tokens.subarray(0, index), drawToken(residual, random)) };
    }
  }
  const last = targets[count];
  return {
    accepted: count,
    tokens: last ? Int32Array.of(...tokens, drawToken(normalized('target', last), random)) : tokens.slice(),
  };
}

/** A token with its probability. @param probabilities - Summing to 1. */
export function drawToken(probabilities: Float64Array, random: RandomSource): number {
  let rest = random.uniform(1)[0]!;
  let last = 0;
  for (const [token, probability] of probabilities.entries()) {
    if (probability === 0) continue;
    last = token;
    rest -= probability;
    if (rest < 0) break;
  }
  return last;
}

function normalized(name: string, values: Probabilities): Float64Array {
  const exact = Float64Array.from(values);
  const total = sumOf(exact);
  if (!exact.every((value) => value >= 0) || !(Math.abs(total - 1) <= tolerance)) {
    throw new InputError(name, 'probabilities of at least 0 that sum to 1', `a sum of ${total}`);
  }
  return exact.map((value) => value / total);
}

function sumOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}
