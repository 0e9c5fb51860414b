import { InputError, type TorchRandom, torchRandom } from '@tesserae/core/data';
import type { MeasuredTensor, ParityRunner } from '@tesserae/core/test';

/** A shape, a count, or two parameters and a shape. */
type Parameters = number | readonly number[] | readonly [first: number, second: number, shape: readonly number[]];
type Draw = readonly [name: string, parameters: Parameters];

interface Sequence {
  readonly seed: number;
  readonly ops: readonly Draw[];
}

/** Every draw of PyTorch's CPU generator; a sequence is drawn from one generator. */
export const runTorchCpuRng: ParityRunner = async (test, report) => {
  const { sequences } = test.config as unknown as { readonly sequences: readonly Sequence[] };
  for (const [index, { seed, ops }] of sequences.entries()) {
    const random = torchRandom(seed);
    for (const [step, op] of ops.entries()) {
      const prefix = `${twoDigits(index)}.${twoDigits(step)}.`;
      const name = test.expectations.find((expectation) => expectation.name.startsWith(prefix))?.name ?? prefix + op[0];
      const { tensor, exact } = draw(random, op);
      report.tensor(name, tensor, 'as-is', exact ? { tolerance: 0 } : {});
    }
  }
};

interface Drawn {
  readonly tensor: MeasuredTensor;
  /** Everything but normal values of float32, whose logarithm and cosine differ in the last bits. */
  readonly exact: boolean;
}

function draw(random: TorchRandom, [name, parameters]: Draw): Drawn {
  const list = typeof parameters === 'number' ? [parameters] : parameters;
  const last = list.at(-1);
  const shape = Array.isArray(last) ? (last as readonly number[]) : (list as readonly number[]);
  const count = shape.reduce((product, length) => product * length, 1);
  const [first = 0, second = 0] = list as readonly number[];
  switch (name) {
    case 'rand':
      return { tensor: { shape, data: random.uniform(count) }, exact: true };
    case 'uniform_':
      return { tensor: { shape, data: random.uniformBetween(first, second, count) }, exact: true };
    case 'randint':
      return { tensor: { shape, data: random.integers(first, second, count) }, exact: true };
    case 'randperm':
      return { tensor: { shape, data: random.permutation(count) }, exact: true };
    case 'rand64':
      return { tensor: { shape, data: Float32Array.from(random.uniformDoubles(count)) }, exact: true };
    case 'randn64':
      return { tensor: { shape, data: random.normalDoubles(count) }, exact: false };
    case 'normal_':
      return { tensor: { shape, data: random.normalWith(first, second, count) }, exact: false };
    case 'randn':
      return { tensor: { shape, data: random.normal(count) }, exact: false };
    default:
      throw new InputError('config.sequences', 'a draw that PyTorch has', name);
  }
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
