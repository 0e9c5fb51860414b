import * as tf from '@tensorflow/tfjs-core';
import { lookup } from './nearest';

/** What is known of J beams for each of N vectors. */
export interface Beams {
  /** `[N, J, D]`: what the codes of the beam have left. */
  readonly residual: tf.Tensor3D;
  /** `[N, J, D]`: sum of the codes of the beam. */
  readonly sum: tf.Tensor3D;
  /** `[N, J]`: minus the weighted errors so far. */
  readonly scores: tf.Tensor2D;
  /** What went into and came out of each layer so far; follows its beam. */
  readonly layers: readonly BeamLayer[];
}

export interface BeamLayer {
  /** `[N, J, D]`: the residual that the layer saw. */
  readonly input: tf.Tensor;
  /** `[N, J]`, int32. */
  readonly ids: tf.Tensor;
  /** `[N, J]`. */
  readonly losses: tf.Tensor;
}

/** The k best codes of a layer for each of N · J vectors. */
export interface BeamCandidates {
  /** `[N · J, k]`, int32. */
  readonly ids: tf.Tensor;
  /** `[N · J, k, D]`. */
  readonly codes: tf.Tensor;
  /** `[N · J, k]`: the error that a code leaves. */
  readonly losses: tf.Tensor;
}

export interface AdvanceOptions {
  /** Weight of the errors of the layer. */
  readonly weight: number;
  /** Beams that stay: all where there are no more, otherwise the best, sorted. */
  readonly keep: number;
  /** What the residual loses. Default: the codes. */
  readonly subtracted?: (codes: tf.Tensor) => tf.Tensor;
  /** Scores as they are compared. Default: as they are; training cuts their gradient. */
  readonly compared?: (scores: tf.Tensor) => tf.Tensor;
  /** Rows of a table `[M, D]` by ids `[...]`. Default {@link lookup}; training takes one whose ids have no gradient. */
  readonly rowsOf?: (table: tf.Tensor2D, ids: tf.Tensor) => tf.Tensor;
}

/** One beam a vector, before the first layer. @param rows - `[N, D]`. */
export function startBeams(rows: tf.Tensor2D): Beams {
  const residual = tf.expandDims(rows, 1) as tf.Tensor3D;
  return { residual, sum: tf.zerosLike(residual), scores: tf.zeros([rows.shape[0], 1]), layers: [] };
}

/**
 * Every beam continued by its candidates, and the best of them kept (`ResidualVQ.forward` of vector-quantize-pytorch).
 *
 * @param candidates - Of the vectors of {@link Beams.residual}, beams inside vectors.
 */
export function advanceBeams(
  beams: Beams,
  candidates: BeamCandidates,
  { weight, keep, subtracted = (codes) => codes, compared = (scores) => scores, rowsOf = lookup }: AdvanceOptions,
): Beams {
  const [rows, count, dim] = beams.residual.shape;
  const width = candidates.ids.shape[1]!;
  const total = count * width;
  const flat = (x: tf.Tensor, ...rest: number[]) => tf.reshape(x, [rows, total, ...rest]);
  const repeat = (x: tf.Tensor) => {
    const rest = x.shape.slice(2);
    return flat(tf.tile(tf.expandDims(x, 2), [1, 1, width, ...rest.map(() => 1)]), ...rest);
  };
  const codes = flat(candidates.codes, dim);
  const input = repeat(beams.residual);
  const all: Beams = {
    residual: tf.sub(input, subtracted(codes)),
    sum: tf.add(repeat(beams.sum), codes),
    scores: tf.sub(repeat(beams.scores), tf.mul(flat(candidates.losses), weight)) as tf.Tensor2D,
    layers: [
      ...beams.layers.map((layer) => mapLayer(layer, repeat)),
      { input, ids: flat(candidates.ids), losses: flat(candidates.losses) },
    ],
  };
  if (total <= keep) return all;
  const { indices } = tf.topk(compared(all.scores), keep, true);
  const places = tf.add(indices, tf.reshape(tf.range(0, rows * total, total, 'int32'), [rows, 1]));
  const select = (x: tf.Tensor) => {
    const rest = x.shape.slice(2);
    const table = tf.reshape(x, [rows * total, rest[0] ?? 1]) as tf.Tensor2D;
    return tf.reshape(rowsOf(table, places), [rows, keep, ...rest]);
  };
  return {
    residual: select(all.residual) as tf.Tensor3D,
    sum: select(all.sum) as tf.Tensor3D,
    scores: select(all.scores) as tf.Tensor2D,
    layers: all.layers.map((layer) => mapLayer(layer, select)),
  };
}

function mapLayer({ input, ids, losses }: BeamLayer, change: (x: tf.Tensor) => tf.Tensor): BeamLayer {
  return { input: change(input), ids: change(ids), losses: change(losses) };
}

/** The one beam that is left, without the axis of beams: `[N, D]` and `[N]`. */
export function bestBeam({ sum, layers }: Beams): { readonly sum: tf.Tensor; readonly layers: readonly BeamLayer[] } {
  const first = (x: tf.Tensor) => tf.squeeze(tf.slice(x, new Array<number>(x.rank).fill(0), firstBeam(x)), [1]);
  return { sum: first(sum), layers: layers.map((layer) => mapLayer(layer, first)) };
}

function firstBeam({ shape }: tf.Tensor): number[] {
  return [shape[0]!, 1, ...shape.slice(2)];
}
