import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { writeWholeModel } from '../onnx/compile';
import { multiHeadAttention, plainAttention } from './attention';
import { compositeKernels } from './composites';
import { createGraphRecorder } from './graph-recorder';
import { seededRandom, type Random } from './kernels/differential/random';

interface Case {
  readonly batch: number;
  readonly heads: number;
  readonly queries: number;
  readonly keys: number;
  readonly width: number;
  readonly valueWidth: number;
  readonly scale: number;
  readonly bias?: readonly number[];
}

function randomCase(random: Random): Case {
  const [batch, heads, queries, keys] = [
    random.integer(1, 2),
    random.integer(1, 4),
    random.integer(1, 40),
    random.integer(1, 40),
  ];
  const keep = (length: number) => (random.chance(0.6) ? length : 1);
  const bias = [keep(batch), keep(heads), keep(queries), keep(keys)].slice(random.integer(0, 4));
  const [width, valueWidth] = [random.integer(1, 9), random.integer(1, 9)];
  const scale = random.pick([1, 0.3, 1 / Math.sqrt(width)]);
  return { batch, heads, queries, keys, width, valueWidth, scale, ...(random.chance(0.5) ? { bias } : {}) };
}

/** Both forms over the same operands, in one session: pairs `plain/i` and `joined/i`. */
async function runBoth(cases: readonly Case[], random: Random): Promise<Record<string, Tensor>> {
  const graph = createGraphRecorder();
  const feeds: Record<string, Tensor> = {};
  const input = (name: string, shape: readonly number[]) => {
    feeds[name] = new Tensor('float32', Float32Array.from(random.tensor(shape).values), shape);
    return graph.input(name, { shape, dtype: 'float32' });
  };
  const inputs = cases.map(({ batch, heads, queries, keys, width, valueWidth, bias }, index) => ({
    q: input(`q${index}`, [batch, heads, queries, width]),
    k: input(`k${index}`, [batch, heads, keys, width]),
    v: input(`v${index}`, [batch, heads, keys, valueWidth]),
    ...(bias ? { bias: input(`bias${index}`, bias) } : {}),
  }));
  const outputs = inputs.flatMap(({ q, k, v, bias }, index) => {
    const options = { scale: cases[index]!.scale, ...(bias ? { bias } : {}) };
    return [
      { name: `plain/${index}`, value: plainAttention(graph, q, k, v, options) },
      { name: `joined/${index}`, value: multiHeadAttention(graph, q, k, v, options) },
    ];
  });
  const all = inputs.flatMap((each) => Object.values(each));
  const session = await InferenceSession.create(writeWholeModel({ inputs: all, outputs, nodes: graph.nodes }), {
    intraOpNumThreads: 2,
  });
  try {
    return (await session.run(feeds)) as unknown as Record<string, Tensor>;
  } finally {
    await session.release();
  }
}

describe('multiHeadAttention', () => {
  it('equals plain attention for 40 random shapes, with and without bias', async () => {
    const random = seededRandom(20260101);
    const cases = Array.from({ length: 40 }, () => randomCase(random));
    const results = await runBoth(cases, random);
    cases.forEach((each, index) => {
      const [plain, joined] = [results[`plain/${index}`]!, results[`joined/${index}`]!];
      expect(joined.dims).toEqual(plain.dims);
      const [wanted, got] = [plain.data as Float32Array, joined.data as Float32Array];
      const worst = wanted.reduce((most, value, at) => Math.max(most, Math.abs(value - got[at]!)), 0);
      expect({ each, worst: Math.max(worst, 1e-5) }).toEqual({ each, worst: 1e-5 });
    });
  });
});

describe('TessAttention', () => {
  const operators = (tokens: number) => {
    const graph = createGraphRecorder();
    const input = (name: string) => graph.input(name, { shape: [1, 12, tokens, 64], dtype: 'float32' });
    const inputs = { q: input('q'), k: input('k'), v: input('v') };
    compositeKernels['TessAttention']!({ inputs, attributes: { scale: 0.125 }, graph });
    return graph.nodes.map(({ op }) => op);
  };

  it('writes scores down up to 64 MB', () => {
    expect(operators(1182)).toEqual(['Mul', 'Transpose', 'MatMul', 'Softmax', 'MatMul']);
  });

  it('is one operator beyond', () => {
    expect(operators(1183)).toContain('MultiHeadAttention');
    expect(operators(1183)).not.toContain('Softmax');
  });
});
