import { rowOf } from '../numeric/matrix';
import { innerProduct } from '../numeric/nearest-rows';
import { addRowGradient, type ConvexRows, type FactorGradients, mixedRow, mixtureOf } from './convex-rows';

/** Center, context and noise tokens of one batch. */
export interface SkipGramBatch {
  readonly centers: ArrayLike<number>;
  readonly contexts: ArrayLike<number>;
  /** As many a pair, end to end. */
  readonly noise: ArrayLike<number>;
}

/** A side of the model while a batch is computed: rows by id, and what their gradients are. */
interface Side {
  row(id: number): ArrayLike<number>;
  addGradient(id: number, scale: number, direction: ArrayLike<number>): void;
  factorGradients(): FactorGradients;
}

function createSide(rows: ConvexRows): Side {
  const fixedRows = rows.fixed.values.length / rows.fixed.columns;
  const mixtures = new Map<number, { readonly weights: Float64Array; readonly row: Float64Array }>();
  const gradients = new Map<number, Float64Array>();
  return {
    row: (id) => {
      if (id < fixedRows) return rowOf(rows.fixed, id);
      let mixture = mixtures.get(id);
      if (!mixture) {
        const weights = mixtureOf(rows, id - fixedRows);
        mixtures.set(id, (mixture = { weights, row: mixedRow(rows, weights) }));
      }
      return mixture.row;
    },
    addGradient: (id, scale, direction) => {
      if (id < fixedRows) return;
      let gradient = gradients.get(id);
      if (!gradient) gradients.set(id, (gradient = new Float64Array(rows.fixed.columns)));
      for (let column = 0; column < gradient.length; column += 1) gradient[column]! += scale * direction[column]!;
    },
    factorGradients: () => {
      const into = { first: new Float64Array(rows.first.length), second: new Float64Array(rows.second.length) };
      for (const [id, gradient] of gradients) {
        addRowGradient(rows, id - fixedRows, mixtures.get(id)!.weights, gradient, into);
      }
      return into;
    },
  };
}

/**
 * Mean of `-log σ(u·v) - log σ(-Σ u_k·v)` over the pairs of a batch, with the noise summed inside of the second sigmoid,
 * and its gradients.
 */
export function skipGramLoss(
  input: ConvexRows,
  output: ConvexRows,
  { centers, contexts, noise }: SkipGramBatch,
): { readonly loss: number; readonly input: FactorGradients; readonly output: FactorGradients } {
  const [inputSide, outputSide] = [createSide(input), createSide(output)];
  const count = centers.length;
  const perPair = count > 0 ? noise.length / count : 0;
  let loss = 0;
  for (let pair = 0; pair < count; pair += 1) {
    const [center, context] = [centers[pair]!, contexts[pair]!];
    const others = Array.from({ length: perPair }, (_, index) => noise[pair * perPair + index]!);
    const vector = inputSide.row(center);
    const near = innerProduct(outputSide.row(context), vector);
    const far = others.reduce((sum, id) => sum + innerProduct(outputSide.row(id), vector), 0);
    loss += (softplus(-near) + softplus(far)) / count;
    const nearSlope = -sigmoid(-near) / count;
    const farSlope = sigmoid(far) / count;
    inputSide.addGradient(center, nearSlope, outputSide.row(context));
    outputSide.addGradient(context, nearSlope, vector);
    for (const id of others) {
      inputSide.addGradient(center, farSlope, outputSide.row(id));
      outputSide.addGradient(id, farSlope, vector);
    }
  }
  return { loss, input: inputSide.factorGradients(), output: outputSide.factorGradients() };
}

const sigmoid = (value: number): number => 1 / (1 + Math.exp(-value));
const softplus = (value: number): number => Math.max(value, 0) + Math.log1p(Math.exp(-Math.abs(value)));
