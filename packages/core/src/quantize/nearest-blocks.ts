import * as tf from '@tensorflow/tfjs-core';

/**
 * How a vector z and a code e are compared (all in float32).
 *
 * - `squared`: the smallest `|z|² + |e|² - 2 z·e`; taming, LlamaGen, VAR, EnCodec, DAC, BEATs.
 * - `root`: the smallest `sqrt(max(that, 1e-8))`; lucidrains' Euclidean codebooks. Distances below 1e-4 tie.
 * - `dot`: the largest `z·e`; cosine codebooks (with normalised vectors) and index backpropagation.
 */
export type VectorMetric = 'squared' | 'root' | 'dot';

/** The best code of every row so far; smaller scores are better. */
type Best = {
  /** `[N]`, int32. */
  readonly ids: tf.Tensor1D;
  readonly best: tf.Tensor1D;
  readonly second: tf.Tensor1D;
  /** `|e|²` of the best code. */
  readonly norms: tf.Tensor1D;
};

/** Stands for "no second code", below the largest float32. */
const farAway = 3.4e38;

/**
 * The nearest code of every row, searched a block of codes at a time: no temporary is larger than `[N, codesPerBlock]`.
 * The first index wins ties, within a block and across blocks.
 *
 * @param rows - `[N, D]`, float32.
 * @param codebook - `[K, D]`, K at least 1.
 * @param codesPerBlock - At least 1; K or more searches all codes at once.
 * @returns `ids` `[N]`, int32, and `margins` `[N]` as in `NearestCodes`.
 */
export function nearestInBlocks(
  rows: tf.Tensor2D,
  codebook: tf.Tensor2D,
  metric: VectorMetric,
  codesPerBlock: number,
): { readonly ids: tf.Tensor1D; readonly margins: tf.Tensor1D } {
  const [codes, dim] = codebook.shape;
  return tf.tidy(() => {
    const rowNorms = tf.sum(tf.square(rows), 1, true) as tf.Tensor2D;
    let found: Best | undefined;
    for (let start = 0; start < codes; start += codesPerBlock) {
      const count = Math.min(codesPerBlock, codes - start);
      const earlier = found;
      found = tf.tidy(() => {
        const part = count === codes ? codebook : tf.slice(codebook, [start, 0], [count, dim]);
        const best = searchBlock(rows, rowNorms, part, metric, start);
        return earlier ? better(earlier, best) : best;
      });
      if (earlier) tf.dispose(Object.values(earlier));
    }
    return { ids: found!.ids, margins: margin(found!, tf.squeeze(rowNorms, [1]), metric) };
  });
}

function searchBlock(
  rows: tf.Tensor2D,
  rowNorms: tf.Tensor2D,
  codes: tf.Tensor2D,
  metric: VectorMetric,
  offset: number,
): Best {
  const [count] = codes.shape;
  const codeNorms = tf.sum(tf.square(codes), 1) as tf.Tensor1D;
  const scores = scoreCodes(rows, rowNorms, codes, codeNorms, metric);
  const local = tf.argMin(scores, 1) as tf.Tensor1D;
  const chosen = tf.equal(tf.expandDims(local, 1), tf.range(0, count, 1, 'int32'));
  return {
    ids: offset === 0 ? local : tf.add(local, tf.scalar(offset, 'int32')),
    best: tf.min(scores, 1),
    second: tf.min(tf.where(chosen, tf.fill(scores.shape, farAway), scores), 1),
    norms: tf.gather(codeNorms, local),
  };
}

/** `[N, K]`, smaller is better. */
function scoreCodes(
  rows: tf.Tensor2D,
  rowNorms: tf.Tensor2D,
  codes: tf.Tensor2D,
  codeNorms: tf.Tensor1D,
  metric: VectorMetric,
): tf.Tensor {
  const products = tf.matMul(rows, tf.transpose(codes));
  if (metric === 'dot') return tf.neg(products);
  const squared = tf.sub(tf.add(rowNorms, codeNorms), tf.mul(products, 2));
  return metric === 'squared' ? squared : tf.sqrt(tf.maximum(squared, 1e-8));
}

/** A later block wins only where it is strictly better. */
function better(a: Best, b: Best): Best {
  const later = tf.less(b.best, a.best);
  return {
    ids: tf.where(later, b.ids, a.ids),
    best: tf.where(later, b.best, a.best),
    second: tf.minimum(tf.maximum(a.best, b.best), tf.minimum(a.second, b.second)),
    norms: tf.where(later, b.norms, a.norms),
  };
}

function margin({ best, second, norms }: Best, rowNorms: tf.Tensor, metric: VectorMetric): tf.Tensor1D {
  const scale =
    metric === 'dot'
      ? tf.mul(tf.sqrt(rowNorms), tf.sqrt(norms))
      : metric === 'root'
        ? tf.sqrt(tf.add(rowNorms, norms))
        : tf.add(rowNorms, norms);
  // Vectors of zeros among codes of zeros tie: 0, not NaN.
  return tf.div(tf.sub(second, best), tf.maximum(scale, 1e-30));
}
