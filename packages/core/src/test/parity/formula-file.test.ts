import { readFile, rm, stat } from 'node:fs/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { formulaWeightsFile } from './formula-file';
import { formulaTensors } from './formula-weights';
import { readIoTensors } from './io-tensors';
import { trunkTensors } from './trunk-formula';

const made: string[] = [];
afterAll(() => Promise.all(made.map((path) => rm(path, { force: true }))));

describe('formulaWeightsFile', () => {
  const file = {
    generatorSeed: 15003,
    tensors: {
      'norm.weight': { shape: [3], kind: 'uniform', scale: 0.25, offset: 1 },
      codebook: { shape: [2, 2], kind: 'codebook', mean: 'center', spread: 'radius' },
      window: { shape: [4], kind: 'hann' },
    },
  } as const;
  const io = new Map([
    ['center', { dtype: 'float32', shape: [2], data: Float32Array.of(1, 2) }],
    ['radius', { dtype: 'float32', shape: [2], data: Float32Array.of(0, 0) }],
  ] as const);

  it('is written once, whole and readable', async () => {
    const parts = [JSON.stringify(file), `${process.pid}`];
    const path = await formulaWeightsFile(formulaTensors(file, io), parts);
    made.push(path);
    const { mtimeMs } = await stat(path);
    const tensors = readIoTensors(new Uint8Array(await readFile(path)), path);
    expect([...tensors.keys()]).toEqual(['norm.weight', 'codebook', 'window']);
    expect([...tensors.get('codebook')!.data]).toEqual([1, 2, 1, 2]);
    expect(await formulaWeightsFile(formulaTensors(file, io), parts)).toBe(path);
    expect((await stat(path)).mtimeMs).toBe(mtimeMs);
  });

  it('names a vector that the io file lacks', () => {
    expect(() => formulaTensors(file, new Map())).toThrow(/codebook: expected a vector center in io\.safetensors/);
  });

  it('refuses an unknown kind', () => {
    const unknown = { generatorSeed: 1, tensors: { a: { shape: [1], kind: 'normal' } } };
    expect(() => formulaTensors(unknown as never, io)).toThrow(/uniform, codebook or hann, got normal/);
  });
});

describe('trunkTensors', () => {
  const parameters = (system: string, net?: string) =>
    trunkTensors(system, net)
      .filter(({ key }) => !/running|num_batches/.test(key))
      .reduce((sum, { shape }) => sum + shape.reduce((product, axis) => product * axis, 1), 0);

  it('has the parameters of the official networks', () => {
    expect(parameters('metric-lpips', 'alex')).toBe(2_469_696);
    expect(parameters('metric-lpips', 'vgg')).toBe(14_714_688);
    // torchvision states 23 834 568 for 1000 classes without the auxiliary head; the classifier is larger here.
    expect(parameters('metric-fid-inception')).toBe(23_834_568 + 8 * 2049);
  });

  it('counts the batch counters among the sorted keys', () => {
    const keys = trunkTensors('metric-fid-inception', undefined).map(({ key }) => key);
    expect(keys).toHaveLength(94 * 6 + 2);
    expect(keys.slice(0, 3)).toEqual([
      'Conv2d_1a_3x3.bn.bias',
      'Conv2d_1a_3x3.bn.num_batches_tracked',
      'Conv2d_1a_3x3.bn.running_mean',
    ]);
  });

  it('refuses what it does not know', () => {
    expect(() => trunkTensors('metric-lpips', 'squeeze')).toThrow(/known feature extractor, got squeeze/);
  });
});
