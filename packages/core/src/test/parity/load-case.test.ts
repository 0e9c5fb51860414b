import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { modelFunction } from '../../engine/engine';
import { tap } from '../../engine/taps';
import type { LinearParams } from '../../nn/linear';
import { defineSystem } from '../../pretrained/define-system';
import { useLeakGuard } from '../leak-guard';
import { safetensorsBytes } from '../safetensors-bytes';
import { tinyWeights } from '../tiny-weights';
import { disposeSharedEngines } from './engine-source';
import { findCases } from './find-cases';
import { tensorSeed, unitValue } from './formula-generator';
import type { ParityRunner } from './parity-case';
import { runCase } from './run-case';

let root = '';
const shapes = { 'proj.weight': [3, 2], 'proj.bias': [3] } as const;
const inputs = { shape: [2, 2], data: Float32Array.of(1, 2, -3, 4) };

/** `x · weightᵀ + bias`, rows of 2 to rows of 3. */
function projected(weight: ArrayLike<number>, bias: ArrayLike<number>): Float32Array {
  const out = new Float32Array(6);
  for (let i = 0; i < 6; i += 1) {
    const [row, column] = [Math.floor(i / 3), i % 3];
    out[i] =
      inputs.data[row * 2]! * weight[column * 2]! + inputs.data[row * 2 + 1]! * weight[column * 2 + 1]! + bias[column]!;
  }
  return out;
}

interface Params {
  readonly projection: LinearParams;
}

const projection = defineSystem<{ readonly width: number }, Params, null>({
  id: 'core/projection',
  library: '@tesserae/core@0.0.0',
  presets: {},
  parseConfig: () => ({ width: 3 }),
  weights: (map, { width }) => ({ projection: map.linear('proj', 2, width) }),
  functions: () => ({
    project: modelFunction(
      ({ projection: part }: Params) => part,
      ({ kernel, bias }, { x }: { readonly x: tf.Tensor2D }) => {
        const product = tap('product', tf.matMul(x, kernel));
        return { y: tf.add(product, bias!) };
      },
    ),
  }),
  create: () => null,
});

async function writeCase(name: string, json: object, y: Float32Array, product: Float32Array): Promise<string> {
  const folder = join(root, 'core', 'projection', name);
  await mkdir(folder, { recursive: true });
  const float = { dtype: 'float32' };
  const tensors = {
    'in.x': { ...float, shape: [2, 2] },
    'out.tap.product': { ...float, shape: [2, 3] },
    'out.y': { ...float, shape: [2, 3] },
  };
  await writeFile(join(folder, 'case.json'), JSON.stringify({ system: 'projection', case: name, tensors, ...json }));
  const io = {
    'in.x': inputs,
    'out.tap.product': { shape: [2, 3], data: product },
    'out.y': { shape: [2, 3], data: y },
  };
  await writeFile(join(folder, 'io.safetensors'), safetensorsBytes(io));
  return folder;
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'tesserae-load-case-'));
  const weights = tinyWeights(shapes);
  const [weight, bias] = [weights['proj.weight']!.data, weights['proj.bias']!.data];
  const folder = await writeCase(
    'stored',
    { files: ['weights.safetensors'] },
    projected(weight, bias),
    projected(weight, [0, 0, 0]),
  );
  await writeFile(join(folder, 'weights.safetensors'), safetensorsBytes(weights));

  const tensors = {
    'proj.weight': { shape: [3, 2], kind: 'uniform', scale: 0.5, offset: 0 },
    'proj.bias': { shape: [3], kind: 'uniform', scale: 0.1, offset: 1 },
  };
  const made = (key: keyof typeof tensors, count: number) =>
    Float32Array.from(
      { length: count },
      (_, i) => tensors[key].offset + tensors[key].scale * unitValue(tensorSeed(key, 7), i),
    );
  const [madeWeight, madeBias] = [made('proj.weight', 6), made('proj.bias', 3)];
  const formula = await writeCase(
    'formula',
    { files: ['weights.json'] },
    projected(madeWeight, madeBias),
    projected(madeWeight, [0, 0, 0]),
  );
  await writeFile(join(formula, 'weights.json'), JSON.stringify({ generatorSeed: 7, tensors }));
});
afterAll(async () => {
  await disposeSharedEngines();
  await rm(root, { recursive: true, force: true });
});

const viaSystem: ParityRunner = async (test, report) => {
  const model = await test.load(projection, { config: { width: 3 } });
  report.all(await model.run('project', { x: test.input('x') }));
};

const viaFunction: ParityRunner = async (test, report) => {
  const [weight, bias] = [await test.weight('proj.weight'), await test.weight('proj.bias')];
  const run = ({ x, kernel, offset }: Readonly<Record<string, tf.Tensor>>) => {
    const product = tf.matMul(x as tf.Tensor2D, kernel as tf.Tensor2D, false, true);
    return { product, y: tf.add(product, offset!) };
  };
  report.all(await test.evaluate(run, { x: test.input('x'), kernel: weight, offset: bias }));
};

describe.each(['cpu', 'wasm'] as const)('weights of a case, on %s', (engine) => {
  useLeakGuard();
  it.each([
    ['stored', 'a system', viaSystem],
    ['formula', 'a system', viaSystem],
    ['stored', 'a function', viaFunction],
    ['formula', 'a function', viaFunction],
  ] as const)('%s, through %s', async (name, _, runner) => {
    const location = findCases(root).find((found) => found.name === name)!;
    const result = await runCase(location, () => runner, { engine });
    expect(result.message).toBeUndefined();
    expect(result).toMatchObject({ status: 'ok', engine, tensors: 2 });
  });
});
