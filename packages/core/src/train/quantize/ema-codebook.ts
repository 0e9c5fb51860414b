import * as tf from '@tensorflow/tfjs-core';
import { l2Normalize } from '../../quantize/nearest';
import { stopGradient } from '../losses';
import { type CodebookFlavor, codebookFlavors, type FlavorRule } from './codebook-flavors';

/**
 * A codebook that follows averages over the batches, and what it remembers of them.
 *
 * All tensors may have a leading axis H of stacked codebooks. {@link codebookBuffers} has their official names.
 */
export type CodebookState = {
  /** `[K, D]`, the codes that are searched: the official `embed`. */
  readonly codes: tf.Tensor;
  /** `[K]`, average number of vectors that a batch gives to each code: `cluster_size`. */
  readonly counts: tf.Tensor;
  /** `[K, D]`, average sum of those vectors: `embed_avg`. Absent in the flavors that move codes directly. */
  readonly sums?: tf.Tensor;
  /** Statistics that wait for the next update (`accum_ema_update`). */
  readonly pending?: CodebookStatistics;
};

/** What one batch says about the codes. Statistics of several workers or layers are added. */
export type CodebookStatistics = {
  /** `[K]`, vectors assigned to each code. */
  readonly counts: tf.Tensor;
  /** `[K, D]`, their sum. */
  readonly sums: tf.Tensor;
};

export interface TrackOptions {
  /** Share of the old average that is kept, 0..1. */
  readonly decay: number;
  /** `[K]`: scales how far the averages of each code move; a function gets the batch. Default 1 (`ema_update_weight`). */
  readonly weight?: tf.Tensor | ((statistics: CodebookStatistics) => tf.Tensor);
}

export interface ReadOutOptions {
  /** Added to every count before the total is restored. Default 1e-5. */
  readonly epsilon?: number;
  /** Scale codes to length 1, as cosine codebooks need it. Default false. */
  readonly normalize?: boolean;
}

export interface CodebookUpdateOptions extends ReadOutOptions {
  /** Default: that of the flavor, 0.8 or 0.99. */
  readonly decay?: number;
  readonly weight?: TrackOptions['weight'];
}

/**
 * Counts and sums of the vectors by code.
 *
 * @param rows - `[..., M, D]`.
 * @param assignments - `[..., M, K]`, one-hot; a row of zeros leaves its vector out.
 */
export function codebookStatistics(rows: tf.Tensor, assignments: tf.Tensor): CodebookStatistics {
  return tf.tidy(() => {
    const hot = stopGradient(assignments);
    return { counts: tf.sum(hot, -2), sums: tf.matMul(hot, stopGradient(rows), true, false) };
  });
}

/** Adds statistics of layers that share a codebook, or of workers. */
export function addStatistics(a: CodebookStatistics, b: CodebookStatistics): CodebookStatistics {
  return tf.tidy(() => ({ counts: tf.add(a.counts, b.counts), sums: tf.add(a.sums, b.sums) }));
}

/**
 * Moves counts and sums towards those of a batch, `N ← γN + (1 - γ)n` and `A ← γA + (1 - γ)s`; codes stay. What was
 * pending is added to the batch.
 */
export function trackStatistics(
  state: CodebookState,
  statistics: CodebookStatistics,
  { decay, weight }: TrackOptions,
): CodebookState {
  const { pending, ...rest } = state;
  return tf.tidy(() => {
    const all = pending ? addStatistics(statistics, pending) : statistics;
    const scale = typeof weight === 'function' ? weight(statistics) : weight;
    const rate = scale ? tf.mul(scale, 1 - decay) : tf.scalar(1 - decay);
    const rowRate = scale ? tf.expandDims(rate, -1) : rate;
    const counts = move(state.counts, all.counts, rate);
    return { ...rest, counts, ...(state.sums && { sums: move(state.sums, all.sums, rowRate) }) };
  });
}

/**
 * Counts of which none is zero, with the same total: `(N + ε) / (ΣN + Kε) · ΣN`.
 *
 * @param counts - `[..., K]`.
 */
export function smoothCounts(counts: tf.Tensor, epsilon = 1e-5): tf.Tensor {
  return tf.tidy(() => {
    const total = tf.sum(counts, -1, true);
    const share = tf.div(tf.add(counts, epsilon), tf.add(total, counts.shape.at(-1)! * epsilon));
    return tf.mul(share, total);
  });
}

/** Reads the codes out of the averages, `E = A / Ñ` with {@link smoothCounts}. The state must have sums. */
export function readOutCodes(state: CodebookState, { epsilon, normalize = false }: ReadOutOptions = {}): CodebookState {
  return tf.tidy(() => {
    const codes = tf.div(state.sums!, tf.expandDims(smoothCounts(state.counts, epsilon), -1));
    return { ...state, codes: normalize ? l2Normalize(codes, 1e-6) : codes };
  });
}

/**
 * One update by the statistics of a batch, in the way of a flavor.
 *
 * - `lucidrains`, `encodec`, `4m-euclidean`: {@link trackStatistics}, then {@link readOutCodes}.
 * - `sonnet`: the same, but the smoothed counts replace the counts.
 * - `norm-ema`: `E ← n(γE + (1 - γ)t)` with `t = n(s / n)` for chosen codes and E for others.
 * - `4m-cosine`: `E ← γE + (1 - γ)t` with `t = n(s / n)` for chosen codes and n(E) for others.
 */
export function updateCodebook(
  flavor: CodebookFlavor,
  state: CodebookState,
  statistics: CodebookStatistics,
  options: CodebookUpdateOptions = {},
): CodebookState {
  const rule = codebookFlavors[flavor];
  const { decay = rule.decay, weight, ...readOut } = options;
  return tf.tidy(() => {
    const tracked = trackStatistics(state, statistics, { decay, ...(weight !== undefined && { weight }) });
    if (rule.follows === 'directions') return { ...tracked, codes: movedCodes(state.codes, statistics, decay, rule) };
    if (!rule.keepsSmoothedCounts) return readOutCodes(tracked, readOut);
    const counts = smoothCounts(tracked.counts, readOut.epsilon);
    return { ...tracked, counts, codes: tf.div(tracked.sums!, tf.expandDims(counts, -1)) };
  });
}

/**
 * The state after k-means found the codes.
 *
 * - `lucidrains`, `sonnet`: counts are those of the clusters, sums are means times counts, codes are read out.
 * - `encodec`, `4m-*`: counts are those of the clusters; sums become the means *without* the counts, so that the next
 *   update shrinks the codes.
 * - `norm-ema`: only codes change.
 *
 * @param clusters - `means` of the shape of the codes, `counts` of that of the counts.
 */
export function startCodebook(
  flavor: CodebookFlavor,
  state: CodebookState,
  { means, counts }: { readonly means: tf.Tensor; readonly counts: tf.Tensor },
  options: ReadOutOptions = {},
): CodebookState {
  const { start } = codebookFlavors[flavor];
  return tf.tidy(() => {
    if (start === 'codes') return { ...state, codes: tf.clone(means) };
    const sums = start === 'means' ? tf.clone(means) : tf.mul(means, tf.expandDims(counts, -1));
    const started = { ...state, codes: tf.clone(means), counts: tf.clone(counts), ...(state.sums && { sums }) };
    return start === 'means' ? started : readOutCodes(started, options);
  });
}

function movedCodes(
  codes: tf.Tensor,
  { counts, sums }: CodebookStatistics,
  decay: number,
  rule: FlavorRule,
): tf.Tensor {
  const isUsed = tf.expandDims(tf.greater(counts, 0), -1);
  const means = l2Normalize(tf.div(sums, tf.expandDims(tf.maximum(counts, 1), -1)));
  const targets = tf.where(isUsed, means, rule.pullsUnused ? l2Normalize(codes) : codes);
  const moved = move(codes, targets, tf.scalar(1 - decay));
  return rule.staysOnSphere ? l2Normalize(moved) : moved;
}

function move(from: tf.Tensor, towards: tf.Tensor, rate: tf.Tensor): tf.Tensor {
  return tf.add(from, tf.mul(tf.sub(towards, from), rate));
}
