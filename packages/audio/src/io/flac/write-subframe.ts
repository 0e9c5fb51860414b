import type { FlacBitWriter } from './flac-bit-writer';
import { linearPredictor, type Predictor, predictionErrors } from './linear-prediction';
import { folded, type RicePlan, ricePlan } from './rice-partitions';

/** The cheapest form found for the samples of one channel of a frame. */
export interface SubframePlan {
  readonly bits: number;
  write(writer: FlacBitWriter): void;
}

const highestFixedOrder = 4;
const linearOrder = 8;

/**
 * Chooses between a constant, plain samples, the fixed predictors and a linear one.
 *
 * @param width - Bits of a sample.
 */
export function planSubframe(samples: Int32Array, width: number): SubframePlan {
  const first = samples[0]!;
  if (samples.every((value) => value === first)) return constant(first, width);
  let best = verbatim(samples, width);
  const candidates = [fixed(samples, width), samples.length > 4 * linearOrder ? linear(samples, width) : undefined];
  for (const candidate of candidates) if (candidate && candidate.bits < best.bits) best = candidate;
  return best;
}

function constant(value: number, width: number): SubframePlan {
  return {
    bits: 8 + width,
    write(writer) {
      writer.push(0, 8);
      writer.push(value, width);
    },
  };
}

function verbatim(samples: Int32Array, width: number): SubframePlan {
  return {
    bits: 8 + samples.length * width,
    write(writer) {
      writer.push(1 << 1, 8);
      for (const value of samples) writer.push(value, width);
    },
  };
}

/** Differences of the order whose sizes have the least sum. */
function fixed(samples: Int32Array, width: number): SubframePlan | undefined {
  let differences: Int32Array = samples;
  let best = { order: 0, differences, sum: sumOfSizes(samples, highestFixedOrder) };
  for (let order = 1; order <= Math.min(highestFixedOrder, samples.length - 1); order += 1) {
    const next = new Int32Array(samples.length);
    for (let n = order; n < samples.length; n += 1) next[n] = differences[n]! - differences[n - 1]!;
    differences = next;
    const sum = sumOfSizes(differences, highestFixedOrder);
    if (sum < best.sum) best = { order, differences, sum };
  }
  const { order } = best;
  const rice = ricePlan(best.differences, order);
  return {
    bits: 8 + order * width + rice.bits,
    write(writer) {
      writer.push((8 + order) << 1, 8);
      for (let n = 0; n < order; n += 1) writer.push(samples[n]!, width);
      writeResiduals(writer, best.differences, order, rice);
    },
  };
}

function linear(samples: Int32Array, width: number): SubframePlan | undefined {
  const predictor = linearPredictor(samples, linearOrder, width > 17 ? 14 : 12);
  const errors = predictor && predictionErrors(samples, predictor);
  if (!predictor || !errors) return undefined;
  const rice = ricePlan(errors, linearOrder);
  return {
    bits: 8 + linearOrder * (width + predictor.precision) + 9 + rice.bits,
    write(writer) {
      writer.push((32 + linearOrder - 1) << 1, 8);
      for (let n = 0; n < linearOrder; n += 1) writer.push(samples[n]!, width);
      writePredictor(writer, predictor);
      writeResiduals(writer, errors, linearOrder, rice);
    },
  };
}

function writePredictor(writer: FlacBitWriter, { coefficients, precision, shift }: Predictor): void {
  writer.push(precision - 1, 4);
  writer.push(shift, 5);
  for (const coefficient of coefficients) writer.push(coefficient, precision);
}

function writeResiduals(writer: FlacBitWriter, residuals: Int32Array, warmUp: number, plan: RicePlan): void {
  const { order, parameters } = plan;
  const size = residuals.length / 2 ** order;
  writer.push(1, 2);
  writer.push(order, 4);
  parameters.forEach((parameter, partition) => {
    writer.push(parameter, 5);
    const to = (partition + 1) * size;
    for (let n = Math.max(warmUp, partition * size); n < to; n += 1) {
      writer.rice(folded(residuals[n]!), parameter);
    }
  });
}

function sumOfSizes(values: Int32Array, from: number): number {
  let sum = 0;
  for (let n = from; n < values.length; n += 1) sum += Math.abs(values[n]!);
  return sum;
}
