import { InputError, type RandomSource } from '@tesserae/core/data';
import { argMax } from '../numeric/softmax';

export interface SampleSymbolOptions {
  /**
   * Probabilities are raised to its inverse; below 0.1 the most probable symbol is taken. At least 0. Default 1.
   */
  readonly temperature?: number;
  /** Only the most probable symbols are drawn from, as few as sum to this. 0..1, default 1. */
  readonly topP?: number;
  /** Needed where something is drawn. */
  readonly random?: RandomSource;
}

/** Keeps what is impossible from being exactly so, as the official code does. */
const least = 1e-7;

/**
 * Probabilities to the power of `1 / temperature`, normalized; to all of them 1e-7 is added first
 * (`temp_scale_prob` of the official code of arXiv 2410.09303).
 *
 * @throws {InputError} A temperature that is not above 0.
 */
export function temperProbabilities(probabilities: ArrayLike<number>, temperature: number): Float64Array {
  if (!(temperature > 0)) throw new InputError('temperature', 'a number above 0', String(temperature));
  const raised = Float64Array.from(probabilities, (value) => (value + least) ** (1 / temperature));
  const total = raised.reduce((sum, value) => sum + value, 0);
  return raised.map((value) => value / total);
}

/**
 * Draws a symbol of a distribution.
 *
 * @throws {InputError} No symbol, a temperature or share out of range, or no random numbers where they are needed.
 */
export function sampleSymbol(probabilities: ArrayLike<number>, options: SampleSymbolOptions = {}): number {
  const { temperature = 1, topP = 1, random } = options;
  if (probabilities.length === 0) throw new InputError('probabilities', 'at least one symbol', 'none');
  if (!(topP >= 0 && topP <= 1)) throw new InputError('topP', '0..1', String(topP));
  if (!(temperature >= 0)) throw new InputError('temperature', 'a number of at least 0', String(temperature));
  if (temperature < 0.1) return argMax(probabilities);
  if (!random) throw new InputError('random', 'a source of random numbers', 'none');
  const shaped = temperProbabilities(probabilities, temperature);
  const order = Array.from(shaped.keys()).toSorted((a, b) => shaped[b]! - shaped[a]! || a - b);
  let kept = 0;
  let before = 0;
  while (kept < order.length && (kept === 0 || before <= topP)) before += shaped[order[kept++]!]!;
  let left = random.uniform(1)[0]! * before;
  for (const symbol of order.slice(0, kept)) {
    left -= shaped[symbol]!;
    if (left < 0) return symbol;
  }
  return order[kept - 1]!;
}
