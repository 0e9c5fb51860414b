import { describe, expect, it } from 'vitest';
import { CheckpointError } from '../errors';
import { safetensorsBytes } from '../test/safetensors-bytes';
import { tinyWeights } from '../test/tiny-weights';
import { exportWeights } from './export-weights';
import { fingerprint } from './fingerprint';
import { assertFits, fitCheckpoint } from './fit-checkpoint';
import { openCheckpoint } from './open-checkpoint';
import { randomValues, randomWeights } from './random-weights';
import { storedFiles } from './stored-reader';
import type { WeightMap } from './weight-map';
import { isWeightTensor, type WeightTensor } from './weight-recipe';

const shapes = {
  'net.fc.weight': [3, 2],
  'net.fc.bias': [3],
  'net.norm.weight': [3],
  'net.norm.bias': [3],
  'net.conv.weight': [4, 3, 2, 2],
  'net.conv.bias': [4],
  'net.point.weight': [2, 3, 1, 1],
  'book.embedding': [5, 2],
  table: [1, 6],
};

const weights = (map: WeightMap) => {
  const net = map.at('net');
  map.ignore('loss', /\.num_batches_tracked$/);
  return {
    fc: net.linear('fc', 2, 3),
    norm: net.norm('norm', 3),
    conv: net.conv2d('conv', 3, 4, 2),
    point: net.linear('point', 3, 2, { bias: false, pointwise: 2 }),
    book: map.codebook('book.embedding', 5, 2),
    table: map.tensor(['table', 'old_table'], [1, 6], { reshape: [2, 3], permute: [1, 0] }),
    blocks: map.list(
      0,
      (index) => `blocks.${index}`,
      (block) => block.norm('n', 1),
    ),
  };
};

const reader = storedFiles();

async function fitBytes<Tree>(
  tensors: Parameters<typeof safetensorsBytes>[0],
  declare: (map: WeightMap) => Tree,
  partial = false,
) {
  return fitCheckpoint(await openCheckpoint(safetensorsBytes(tensors)), declare, reader.read, partial);
}

function thrown(action: () => void): CheckpointError {
  try {
    action();
  } catch (error) {
    if (error instanceof CheckpointError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

/** Every weight of a tree, read. */
async function readTree(tree: unknown): Promise<unknown> {
  if (isWeightTensor(tree)) return { shape: tree.shape, data: await tree.read() };
  if (typeof tree !== 'object' || tree === null) return tree;
  const entries = Object.entries(tree).map(async ([key, child]) => [key, await readTree(child)] as const);
  return Array.isArray(tree) ? Promise.all(tree.map(readTree)) : Object.fromEntries(await Promise.all(entries));
}

describe('a weight map over a checkpoint', () => {
  it('turns official layouts into ours', async () => {
    const official = tinyWeights(shapes);
    const { tree } = await fitBytes(official, weights);
    const fc = official['net.fc.weight']!.data;
    expect(await tree.fc.kernel.read()).toEqual(Float32Array.of(fc[0]!, fc[2]!, fc[4]!, fc[1]!, fc[3]!, fc[5]!));
    expect(tree.conv.kernel.shape).toEqual([2, 2, 3, 4]);
    const conv = await tree.conv.kernel.read();
    // [row 1, column 0, in 2, out 3] was [out 3, in 2, row 1, column 0].
    expect(conv[((1 * 2 + 0) * 3 + 2) * 4 + 3]).toBe(official['net.conv.weight']!.data[((3 * 3 + 2) * 2 + 1) * 2 + 0]);
    expect(tree.point.kernel.shape).toEqual([3, 2]);
    expect(tree.point.bias).toBeUndefined();
    const [, b, , , , f] = official['table']!.data;
    expect(tree.table.shape).toEqual([3, 2]);
    expect([...(await tree.table.read())].slice(2)).toEqual([
      b,
      official['table']!.data[4],
      official['table']!.data[2],
      f,
    ]);
  });

  it('tells everything that is missing, unexpected and of another shape at once', async () => {
    const official: Record<string, ReturnType<typeof tinyWeights>[string]> = { ...tinyWeights(shapes) };
    delete official['net.fc.bias'];
    delete official['table'];
    official['net.conv.weight'] = { shape: [4, 3, 3, 3], data: new Float32Array(108) };
    official['stranger'] = { shape: [1], data: new Float32Array(1) };
    official['loss.logits'] = { shape: [1], data: new Float32Array(1) };
    official['net.norm.num_batches_tracked'] = { shape: [1], data: new Float32Array(1) };
    const fit = await fitBytes(official, weights);
    const error = thrown(() => assertFits(fit, 'weights.bin', 'image/titok'));
    expect(error.code).toBe('keys-mismatch');
    expect(error.missing).toEqual(['net.fc.bias', 'table or old_table']);
    expect(error.unexpected).toEqual(['stranger']);
    expect(error.misshaped).toEqual([{ key: 'net.conv.weight', expected: [4, 3, 2, 2], actual: [4, 3, 3, 3] }]);
    expect(error.message).toBe(
      'weights.bin does not fit image/titok: 2 missing: net.fc.bias, table or old_table; 1 unexpected: stranger; ' +
        '1 of another shape: net.conv.weight (expected [4, 3, 2, 2], found [4, 3, 3, 3]).',
    );
  });

  it('shortens long lists in the message, not in the error', async () => {
    const fit = await fitBytes({ x: { shape: [1], data: new Float32Array(1) } }, (map) =>
      map.list(
        20,
        (index) => `blocks.${index}`,
        (block) => block.norm('n', 1, { bias: false }),
      ),
    );
    const error = thrown(() => assertFits(fit, 'file', 'model'));
    expect(error.message).toContain('20 missing: blocks.0.n.weight');
    expect(error.message).toContain('and 12 more');
    expect(error.missing).toHaveLength(20);
  });

  it('takes the first alias that exists, and calls it by its official name', async () => {
    const { table, ...rest } = tinyWeights(shapes);
    const fit = await fitBytes({ ...rest, old_table: table! }, weights);
    expect([fit.missing, fit.unexpected]).toEqual([[], []]);
    expect(fit.mapped.map(({ key }) => key)).toContain('table');
    const whole = await fitBytes(tinyWeights(shapes), weights);
    expect(await fingerprint(fit.mapped, reader.read)).toBe(await fingerprint(whole.mapped, reader.read));
  });

  it('ignores a name and what is below it, not what only begins alike', async () => {
    const one = { shape: [1], data: new Float32Array(1) };
    const fit = await fitBytes({ 'a.loss': one, 'a.loss.x': one, 'a.lossy': one, loss: one }, (map) => {
      map.at('a').ignore('loss');
      return {};
    });
    expect(fit.unexpected).toEqual(['a.lossy', 'loss']);
  });

  it('fills at random what a partial checkpoint lacks, and lists it', async () => {
    const official: Record<string, ReturnType<typeof tinyWeights>[string]> = { ...tinyWeights(shapes) };
    delete official['net.fc.weight'];
    delete official['net.norm.weight'];
    const fit = await fitBytes(official, weights, true);
    expect(fit.missing).toEqual(['net.fc.weight', 'net.norm.weight']);
    expect(await fit.tree.norm.scale.read()).toEqual(new Float32Array(3).fill(1));
    const kernel = await fit.tree.fc.kernel.read();
    expect(new Set(kernel).size).toBe(6);
    expect(await fingerprint(fit.mapped, reader.read)).toHaveLength(16);
  });
});

describe('packed attention', () => {
  const width = 4;
  const attention = (map: WeightMap) => map.packedAttention('attn', width);
  const official = tinyWeights({
    'attn.in_proj_weight': [12, 4],
    'attn.in_proj_bias': [12],
    'attn.out_proj.weight': [4, 4],
    'attn.out_proj.bias': [4],
  });
  const out = {
    'attn.out_proj.weight': official['attn.out_proj.weight']!,
    'attn.out_proj.bias': official['attn.out_proj.bias']!,
  };
  const weight = official['attn.in_proj_weight']!;
  const bias = official['attn.in_proj_bias']!;
  const third = (data: Float32Array, index: number) =>
    data.slice((index * data.length) / 3, ((index + 1) * data.length) / 3);
  const split = Object.fromEntries(
    ['q', 'k', 'v'].flatMap((letter, index) => [
      [`attn.${letter}_proj.weight`, { shape: [4, 4], data: third(weight.data, index) }],
      [`attn.${letter}_proj.bias`, { shape: [4], data: third(bias.data, index) }],
    ]),
  );

  it.each([
    ['in_proj_weight', official],
    ['qkv.weight', { ...out, 'attn.qkv.weight': weight, 'attn.qkv.bias': bias }],
    ['qkv_proj.weight', { ...out, 'attn.qkv_proj.weight': weight, 'attn.qkv_proj.bias': bias }],
    ['q_proj, k_proj, v_proj', { ...out, ...split }],
  ])('loads %s to the same weights and fingerprint', async (_, tensors) => {
    const [expected, fit] = [await fitBytes(official, attention), await fitBytes(tensors, attention)];
    expect([fit.missing, fit.unexpected, fit.misshaped]).toEqual([[], [], []]);
    expect(await readTree(fit.tree)).toEqual(await readTree(expected.tree));
    expect(await fingerprint(fit.mapped, reader.read)).toBe(await fingerprint(expected.mapped, reader.read));
  });

  it('reports spellings side by side', async () => {
    const unknown = await fitBytes({ ...out, 'attn.to_qkv.weight': weight }, attention);
    expect(unknown.missing).toEqual([
      'attn.in_proj_weight or attn.qkv.weight or attn.qkv_proj.weight',
      'attn.in_proj_bias or attn.qkv.bias or attn.qkv_proj.bias',
    ]);
    expect(unknown.unexpected).toEqual(['attn.to_qkv.weight']);
    const { 'attn.k_proj.weight': _, ...torn } = split;
    const fit = await fitBytes(
      { ...out, ...torn, 'attn.v_proj.bias': { shape: [5], data: new Float32Array(5) } },
      attention,
    );
    expect(fit.missing).toEqual(['attn.k_proj.weight']);
    expect(fit.misshaped.map(({ key }) => key)).toEqual(['attn.v_proj.bias']);
  });

  it('is exported in the official spelling', async () => {
    const { tree } = await fitBytes({ ...out, ...split }, attention);
    const exported = exportWeights(attention, await readTree(tree));
    expect([...exported.keys()].sort()).toEqual(Object.keys(official).sort());
    for (const [key, { shape, data }] of Object.entries(official)) expect(exported.get(key)).toEqual({ shape, data });
  });
});

describe('weight normalization', () => {
  const declare = (map: WeightMap) => ({ fc: map.linear('fc', 2, 3, { pointwise: 1, weightNorm: true }) });
  const v = { shape: [3, 2, 1], data: Float32Array.of(3, 4, 0, 2, -5, 12) };
  const g = { shape: [3, 1, 1], data: Float32Array.of(10, 1, 26) };
  const bias = { shape: [3], data: Float32Array.of(1, 2, 3) };

  it.each([
    ['weight_g', 'weight_v'],
    ['parametrizations.weight.original0', 'parametrizations.weight.original1'],
  ])('multiplies directions %s and gains %s', async (gains, directions) => {
    const tensors = { [`fc.${gains}`]: g, [`fc.${directions}`]: v, 'fc.bias': bias };
    const fit = await fitBytes(tensors, declare);
    assertFits(fit, 'bytes', 'tiny');
    expect(fit.tree.fc.kernel.shape).toEqual([2, 3]);
    expect(await fit.tree.fc.kernel.read()).toEqual(Float32Array.of(6, 0, -10, 8, 1, 24));
  });

  it('has a gain a tap where the last axis has them', async () => {
    const taps = (map: WeightMap) => ({
      conv: map.conv1d('conv', 1, 2, 2, { bias: false, weightNorm: true, weightNormAxis: 2 }),
    });
    const tensors = {
      'conv.weight_g': { shape: [1, 1, 2], data: Float32Array.of(10, 26) },
      'conv.weight_v': { shape: [2, 1, 2], data: Float32Array.of(3, 5, 4, 12) },
    };
    const fit = await fitBytes(tensors, taps);
    assertFits(fit, 'bytes', 'tiny');
    expect(await fit.tree.conv.kernel.read()).toEqual(Float32Array.of(6, 8, 10, 24));
    const exported = Object.fromEntries(exportWeights(taps, await readTree(fit.tree)));
    expect(exported['conv.weight_g']).toEqual(tensors['conv.weight_g']);
  });

  it('is exported as directions and gains that give the same weight', async () => {
    const { tree } = await fitBytes({ 'fc.weight_g': g, 'fc.weight_v': v, 'fc.bias': bias }, declare);
    const exported = exportWeights(declare, await readTree(tree));
    expect(exported.get('fc.weight_g')).toEqual(g);
    const back = await fitBytes(Object.fromEntries(exported), declare);
    expect(await back.tree.fc.kernel.read()).toEqual(await tree.fc.kernel.read());
  });
});

describe('exportWeights', () => {
  it('is the inverse of loading', async () => {
    const official = tinyWeights(shapes, 3);
    const { tree } = await fitBytes(official, weights);
    const exported = exportWeights(weights, await readTree(tree));
    expect([...exported.keys()].sort()).toEqual(Object.keys(shapes).sort());
    for (const [key, { shape, data }] of Object.entries(official)) expect(exported.get(key)).toEqual({ shape, data });
    const again = await fitBytes(Object.fromEntries(exported) as typeof official, weights);
    expect(await readTree(again.tree)).toEqual(await readTree(tree));
  });

  it('names a value that is missing or of another shape', async () => {
    const { tree } = await fitBytes(tinyWeights(shapes), weights);
    const values = (await readTree(tree)) as Record<string, Record<string, unknown>>;
    expect(() => exportWeights(weights, { ...values, norm: {} })).toThrow('weights.norm.scale: expected [3], got []');
    const wrong = { ...values, fc: { ...values['fc'], kernel: { shape: [3, 2], data: new Float32Array(6) } } };
    expect(() => exportWeights(weights, wrong)).toThrow('weights.fc.kernel: expected [2, 3], got [3, 2]');
  });
});

describe('randomWeights', () => {
  it('gives the same numbers for the same seed, in any order, and others for another', async () => {
    const first = await readTree(randomWeights(weights, 5).tree);
    expect(await readTree(randomWeights(weights, 5).tree)).toEqual(first);
    expect(await readTree(randomWeights(weights, 6).tree)).not.toEqual(first);
    const alone = randomWeights((map) => map.at('net').linear('fc', 2, 3), 5).tree;
    expect(await readTree(alone)).toEqual((first as { readonly fc: unknown }).fc);
  });

  it('scales as a trained model', () => {
    const deviation = (values: Float32Array) => Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length);
    expect(deviation(randomValues('a', [100, 64], 'kernel', 0))).toBeCloseTo(1 / 8, 2);
    expect(deviation(randomValues('b', [100, 16], 'codebook', 0))).toBeCloseTo(1 / 4, 2);
    expect(deviation(randomValues('c', [100, 64], 'embedding', 0))).toBeCloseTo(0.02, 3);
    expect([...randomValues('d', [2], 'bias', 0), ...randomValues('e', [2], 'scale', 0)]).toEqual([0, 0, 1, 1]);
  });

  it('shares a tensor that is declared twice', () => {
    const { tree, mapped } = randomWeights(
      (map) => [map.tensor('a', [2]), map.tensor('a', [2])] as readonly WeightTensor[],
      0,
    );
    expect(tree[0]!.recipe).toBe(tree[1]!.recipe);
    expect(mapped).toHaveLength(1);
  });
});

describe('weights of sequence layers', () => {
  const declare = (map: WeightMap) => ({
    conv: map.conv1d('conv', 2, 3, 2, { weightNorm: true }),
    up: map.convTranspose1d('up', 2, 3, 2, { weightNorm: true, bias: false }),
    lstm: map.lstm('lstm', 3, 2, 2),
  });
  const ramp = (key: string, shape: readonly number[]) => {
    const length = shape.reduce((product, axis) => product * axis, 1);
    return [key, { shape, data: Float32Array.from({ length }, (_, i) => i + 1) }] as const;
  };
  const recurrent = [0, 1].flatMap((layer) => [
    ramp(`lstm.weight_ih_l${layer}`, [8, layer === 0 ? 3 : 2]),
    ramp(`lstm.weight_hh_l${layer}`, [8, 2]),
    ramp(`lstm.bias_ih_l${layer}`, [8]),
    ramp(`lstm.bias_hh_l${layer}`, [8]),
  ]);
  const normed = (key: string, shape: readonly number[], names: readonly [string, string]) => [
    ramp(`${key}.${names[0]}`, [shape[0]!, 1, 1]),
    ramp(`${key}.${names[1]}`, shape),
  ];
  const namings = [
    ['weight_g', 'weight_v'],
    ['parametrizations.weight.original0', 'parametrizations.weight.original1'],
  ] as const;

  it.each(namings)('folds %s and %s', async (...names) => {
    const tensors = [
      ...normed('conv', [3, 2, 2], names),
      ...normed('up', [2, 3, 2], names),
      ramp('conv.bias', [3]),
      ...recurrent,
    ];
    const { tree, missing, unexpected } = await fitBytes(Object.fromEntries(tensors), declare);
    expect([missing, unexpected]).toEqual([[], []]);
    expect([tree.conv.kernel.shape, tree.up.kernel.shape]).toEqual([
      [2, 2, 3],
      [2, 3, 2],
    ]);
    // Row 2 of [3, 2, 2] is 9 10 / 11 12, its gain 3.
    const length = Math.hypot(9, 10, 11, 12);
    expect((await tree.conv.kernel.read())[2]).toBeCloseTo((9 * 3) / length, 5);
    expect((await tree.up.kernel.read())[1]).toBeCloseTo((7 * 2) / Math.hypot(7, 8, 9, 10, 11, 12), 5);
    expect(tree.lstm.map(({ inputKernel }) => inputKernel.shape)).toEqual([
      [3, 8],
      [2, 8],
    ]);
    expect((await tree.lstm[0]!.inputKernel.read())[1]).toBe(4);
  });

  it('takes a kernel that is folded already', async () => {
    const tensors = [
      ramp('conv.weight', [3, 2, 2]),
      ramp('up.weight', [2, 3, 2]),
      ramp('conv.bias', [3]),
      ...recurrent,
    ];
    const { tree, missing, unexpected } = await fitBytes(Object.fromEntries(tensors), declare);
    expect([missing, unexpected]).toEqual([[], []]);
    expect([...(await tree.conv.kernel.read())].slice(0, 3)).toEqual([1, 5, 9]);
  });

  it('comes back from its own export', async () => {
    const { tree } = randomWeights(declare, 3);
    const official = Object.fromEntries(exportWeights(declare, await readTree(tree)));
    expect(Object.keys(official)).toContain('conv.weight_v');
    const { missing, unexpected } = await fitBytes(official as Parameters<typeof fitBytes>[0], declare);
    expect([missing, unexpected]).toEqual([[], []]);
  });
});
