import { InputError } from '../../errors';
import type { CaseTensorJson, DecodeSteps } from './adapters/case-json';
import { tensorSeed, unitValue } from './formula-generator';
import type { IoTensor } from './io-tensors';

/**
 * The float32 tensor that a model receives, from what the case stores compactly (`decode` of FORMULA-WEIGHTS.md).
 *
 * @param generatorSeed - Of `weights.json`; needed where noise is added.
 */
export function decodeInput(stored: IoTensor, decode: DecodeSteps, generatorSeed: number | undefined): IoTensor {
  const { shape, data } = enlarge(stored, decode.enlarge);
  const values = Float64Array.from(data);
  const round = decode.round === 'each' ? Math.fround : (value: number) => value;
  for (const [operation, constant] of decode.steps) {
    const apply = arithmetic[operation];
    for (let i = 0; i < values.length; i += 1) values[i] = round(apply(values[i]!, constant));
  }
  if (decode.noise) {
    if (generatorSeed === undefined) {
      throw new InputError('decode.noise', 'a weights.json with generatorSeed', 'none');
    }
    const { key, scale } = decode.noise;
    const seed = tensorSeed(key, generatorSeed);
    for (let i = 0; i < values.length; i += 1) values[i] = round(values[i]! + scale * unitValue(seed, i));
  }
  return { dtype: 'float32', shape, data: Float32Array.from(values) };
}

const arithmetic: Readonly<Record<DecodeSteps['steps'][number][0], (value: number, constant: number) => number>> = {
  div: (value, constant) => value / constant,
  mul: (value, constant) => value * constant,
  sub: (value, constant) => value - constant,
};

function enlarge({ shape, data }: IoTensor, factors: readonly number[] | undefined) {
  if (!factors) return { shape, data };
  const enlarged = shape.map((length, axis) => length * factors[axis]!);
  const out = new Float64Array(enlarged.reduce((product, length) => product * length, 1));
  for (let at = 0; at < out.length; at += 1) {
    let rest = at;
    let from = 0;
    let stride = 1;
    for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
      const position = rest % enlarged[axis]!;
      rest = (rest - position) / enlarged[axis]!;
      from += Math.floor(position / factors[axis]!) * stride;
      stride *= shape[axis]!;
    }
    out[at] = data[from]!;
  }
  return { shape: enlarged, data: out };
}

/** Slice `index` of `axis`, the axis removed (`derived`). */
export function sliceInput(
  { dtype, shape, data }: IoTensor,
  { axis, index }: Pick<NonNullable<CaseTensorJson['derived']>, 'axis' | 'index'>,
): IoTensor {
  const outer = shape.slice(0, axis).reduce((product, length) => product * length, 1);
  const inner = shape.slice(axis + 1).reduce((product, length) => product * length, 1);
  const length = shape[axis]!;
  const out = data.slice(0, outer * inner);
  for (let block = 0; block < outer; block += 1) {
    const from = (block * length + index) * inner;
    out.set(data.subarray(from, from + inner) as never, block * inner);
  }
  return { dtype, shape: shape.filter((_, at) => at !== axis), data: out };
}
