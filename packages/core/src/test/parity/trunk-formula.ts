import { InputError } from '../../errors';
import { counterStep, mix } from './formula-generator';
import type { FormulaTensor } from './formula-weights';
import { alexTrunk, inceptionTrunk, vggTrunk, type TrunkShapes } from './trunk-shapes';

/**
 * Weights of the feature extractors of image metrics, whose cases give a formula in `config.weights`: t is the place
 * of the key in the sorted keys, the value depends on rank and on the last part of the key.
 *
 * @param system - `metric-lpips` or `metric-fid-inception`.
 * @param net - LPIPS: `alex` or `vgg`.
 * @throws {InputError} For another system or network.
 */
export function trunkTensors(system: string, net: string | undefined): readonly FormulaTensor[] {
  const shapes = trunkShapes(system, net);
  // Code points and UTF-16 units sort alike: keys are ASCII.
  const keys = Object.keys(shapes).sort((a, b) => (a < b ? -1 : 1));
  return keys.map((key, place): FormulaTensor => {
    const shape = shapes[key]!;
    if (key.endsWith('num_batches_tracked')) return { key, dtype: 'I64', shape, fill: () => undefined };
    return { key, dtype: 'F32', shape, fill: (out, start) => fillTrunk(out, start, key, shape, place) };
  });
}

function trunkShapes(system: string, net: string | undefined): TrunkShapes {
  if (system === 'metric-fid-inception') return inceptionTrunk();
  if (system === 'metric-lpips' && net === 'alex') return alexTrunk();
  if (system === 'metric-lpips' && net === 'vgg') return vggTrunk();
  throw new InputError(`config.weights of ${system}`, 'a known feature extractor', net ?? 'none');
}

function fillTrunk(out: Float32Array, start: number, key: string, shape: readonly number[], place: number): void {
  const base = Math.imul(counterStep, place + 1);
  const unit = (i: number) => (2 * mix((start + i + base) | 0)) / 2 ** 32 - 1;
  if (shape.length >= 2) {
    const fanIn = shape.slice(1).reduce((product, axis) => product * axis, 1);
    const bound = Math.sqrt((3 * 2) / fanIn);
    for (let i = 0; i < out.length; i += 1) out[i] = unit(i) * bound;
    return;
  }
  const [center, spread] = vectorRange(key);
  const step = Math.fround(spread);
  for (let i = 0; i < out.length; i += 1) {
    // float32 arithmetic: every operation is rounded.
    out[i] = center + Math.fround(step * Math.fround(unit(i)));
  }
}

function vectorRange(key: string): readonly [center: number, spread: number] {
  if (key.endsWith('running_var')) return [1, 0.2];
  if (key.endsWith('running_mean')) return [0, 0.1];
  return key.endsWith('weight') ? [1, 0.1] : [0, 0.1];
}
