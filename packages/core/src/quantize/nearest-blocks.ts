import * as tf from '@tensorflow/tfjs-core';

/**
 * How a vector z and a code e are compared (all in float32).
 *
 * - `squared`: the smallest `|z|² + |e|² - 2 z·e`; taming, LlamaGen, VAR, EnCodec, DAC, BEATs.
 * - `root`: the smallest `sqrt(max(that, 1e-8))`; lucidrains' Euclidean codebooks. Distances below 1e-4 tie.
 * - `dot`: the largest `z·e`; cosine codebooks (with normalized vectors) and index backpropagation.
 */
export type VectorMetric = 'squared' | 'root' | 'dot';

/** Vectors and the codes that they are compared with. */
export interface SearchPart {
  /** `[N, D]`, float32. */
  readonly rows: tf.Tensor2D;
  /** `[K, D]`, K at least 1. */
  readonly codes: tf.Tensor2D;
  /** Of the distance in a sum over several parts. Default 1. */
  readonly weight?: number;
}

/** Stands for "no second code", below the largest float32. */
const farAway = 3.4e38;

/** The least of the scores of every row, `[N]` each. */
export type LeastScores = {
  /** int32; the first index wins ties. */
  readonly ids: tf.Tensor1D;
  readonly best: tf.Tensor1D;
  /** 3.4e38 where there is one score only. */
  readonly second: tf.Tensor1D;
};

/** The best code of every row so far. */
type Best = LeastScores & {
  /** Size of vector and code, to measure margins by. */
  readonly scale: tf.Tensor1D;
};

/**
 * Least and second least of each row of `[N, K]`; N and K at least 1.
 *
 * @param scores - Not to be read afterwards: the scatter of TensorFlow.js's `cpu` writes into its input.
 */
export function leastScores(scores: tf.Tensor2D): LeastScores {
  const [count, codes] = scores.shape;
  const ids = tf.argMin(scores, 1) as tf.Tensor1D;
  const places = tf.add(ids, tf.range(0, count * codes, codes, 'int32')) as tf.Tensor1D;
  const flat = tf.reshape(scores, [count * codes]);
  const best = tf.gather(flat, places) as tf.Tensor1D;
  // Comparing all places with the best one instead takes wasm thirty times as long.
  const others = tf.tensorScatterUpdate(flat, tf.reshape(places, [count, 1]), tf.fill([count], farAway));
  return { ids, best, second: tf.min(tf.reshape(others, [count, codes]), 1) };
}

/**
 * The nearest code of every row, searched a block of codes at a time: no temporary is larger than `[N, codesPerBlock]`.
 * The first index wins ties, within a block and across blocks.
 *
 * @param parts - At least one, of the same N and K; their weighted distances are added up (`squared`).
 * @param codesPerBlock - At least 1; K or more searches all codes at once.
 * @returns `ids` `[N]`, int32, and `margins` `[N]` as in `NearestCodes`.
 */
export function nearestInBlocks(
  parts: readonly SearchPart[],
  metric: VectorMetric,
  codesPerBlock: number,
): { readonly ids: tf.Tensor1D; readonly margins: tf.Tensor1D } {
  const codes = parts[0]!.codes.shape[0];
  return tf.tidy(() => {
    const rowNorms = parts.map(({ rows }) => tf.sum(tf.square(rows), 1, true) as tf.Tensor2D);
    let found: Best | undefined;
    for (let start = 0; start < codes; start += codesPerBlock) {
      const count = Math.min(codesPerBlock, codes - start);
      const earlier = found;
      found = tf.tidy(() => {
        const block = parts.map((part) => (count === codes ? part : blockOf(part, start, count, earlier)));
        const best = searchBlock(block, rowNorms, metric, start);
        return earlier ? better(earlier, best) : best;
      });
      if (earlier) tf.dispose(earlier);
    }
    const { ids, best, second, scale } = found!;
    // Vectors of zeros among codes of zeros tie: 0, not NaN.
    return { ids, margins: tf.div(tf.sub(second, best), tf.maximum(scale, 1e-30)) };
  });
}

/**
 * Codes `start` to `start + count`. They are looked up by numbers that wait for the block before: a compiled graph,
 * which may compute in any order, would otherwise hold the scores of all blocks at once.
 */
function blockOf(part: SearchPart, start: number, count: number, earlier: Best | undefined): SearchPart {
  const places = tf.range(start, start + count, 1, 'int32');
  const waiting = earlier ? tf.add(places, zeroAfter(earlier)) : places;
  return { ...part, codes: tf.gather(part.codes, waiting as tf.Tensor1D) };
}

/** `[1]`, int32: 0, whatever was found. */
function zeroAfter({ best, second, ids }: Best): tf.Tensor {
  const clear = tf.cast(tf.greater(tf.slice(second, [0], [1]), tf.slice(best, [0], [1])), 'int32');
  return tf.mul(tf.add(clear, tf.slice(ids, [0], [1])), tf.scalar(0, 'int32'));
}

function searchBlock(
  parts: readonly SearchPart[],
  rowNorms: readonly tf.Tensor2D[],
  metric: VectorMetric,
  offset: number,
): Best {
  const codeNorms = parts.map(({ codes }) => tf.sum(tf.square(codes), 1) as tf.Tensor1D);
  const scores = parts.map((part, index) => {
    const own = scoreCodes(part, rowNorms[index]!, codeNorms[index]!, metric);
    return weighted(own, part);
  });
  const { ids, best, second } = leastScores(sum(scores) as tf.Tensor2D);
  const scales = parts.map((part, index) =>
    weighted(scaleOf(tf.squeeze(rowNorms[index]!, [1]), tf.gather(codeNorms[index]!, ids), metric), part),
  );
  return {
    ids: offset === 0 ? ids : tf.add(ids, tf.scalar(offset, 'int32')),
    best,
    second,
    scale: sum(scales) as tf.Tensor1D,
  };
}

/** `|z|² + |e|² - 2 z·e` of all rows `[N, D]` and codes `[K, D]`: `[N, K]`, for losses over all codes. */
export function squaredDistances(rows: tf.Tensor2D, codes: tf.Tensor2D): tf.Tensor2D {
  const rowNorms = tf.sum(tf.square(rows), 1, true) as tf.Tensor2D;
  const codeNorms = tf.sum(tf.square(codes), 1) as tf.Tensor1D;
  return scoreCodes({ rows, codes }, rowNorms, codeNorms, 'squared') as tf.Tensor2D;
}

/** `[N, K]`, smaller is better. */
function scoreCodes(
  { rows, codes }: SearchPart,
  rowNorms: tf.Tensor2D,
  codeNorms: tf.Tensor1D,
  metric: VectorMetric,
): tf.Tensor {
  if (metric === 'dot') return tf.matMul(tf.neg(rows), tf.transpose(codes));
  // A factor of 2 or -1 rounds nothing: it may as well be on the small side of the product.
  const squared = tf.sub(tf.add(rowNorms, codeNorms), tf.matMul(tf.mul(rows, 2), tf.transpose(codes)));
  return metric === 'squared' ? squared : tf.sqrt(tf.maximum(squared, 1e-8));
}

function scaleOf(rowNorms: tf.Tensor, codeNorms: tf.Tensor, metric: VectorMetric): tf.Tensor {
  if (metric === 'dot') return tf.mul(tf.sqrt(rowNorms), tf.sqrt(codeNorms));
  const squared = tf.add(rowNorms, codeNorms);
  return metric === 'squared' ? squared : tf.sqrt(squared);
}

/** A later block wins only where it is strictly better. */
function better(a: Best, b: Best): Best {
  const later = tf.less(b.best, a.best);
  return {
    ids: tf.where(later, b.ids, a.ids),
    best: tf.where(later, b.best, a.best),
    second: tf.minimum(tf.maximum(a.best, b.best), tf.minimum(a.second, b.second)),
    scale: tf.where(later, b.scale, a.scale),
  };
}

function weighted(x: tf.Tensor, { weight = 1 }: SearchPart): tf.Tensor {
  return weight === 1 ? x : tf.mul(x, weight);
}

function sum(terms: readonly tf.Tensor[]): tf.Tensor {
  return terms.reduce((a, b) => tf.add(a, b));
}
