import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { kernels as allKernels } from '..';
import { writeWholeModel } from '../../../onnx/compile';
import type { KernelTable } from '../../kernel';
import { trace } from '../../trace';
import type { Random, TestTensor } from './random';
import { seededRandom } from './random';

export type TestInputs = Readonly<Record<string, TestTensor>>;
type TensorMap = Readonly<Record<string, tf.Tensor>>;

/** One function and one set of inputs, run eagerly and compiled. */
export interface DifferentialCase {
  readonly inputs: TestInputs;
  readonly run: (inputs: TensorMap) => tf.Tensor | readonly tf.Tensor[];
  /** Float inputs by which `sum(f · sin f)` is differentiated as well; default none. */
  readonly gradients?: readonly string[];
  /** Allowed error, relative to the expected value; default 2e-4. */
  readonly tolerance?: number;
}

export type CaseGenerator = (random: Random) => DifferentialCase;
/** By kernel name: what exercises that kernel. Several generators take turns. */
export type CaseTable = Readonly<Record<string, CaseGenerator | readonly CaseGenerator[]>>;

const defaultTolerance = 2e-4;
/** Errors this small always pass: sums that cancel have no relative accuracy. */
const absoluteTolerance = 2e-5;
/** The second run has two threads, so that operators which are not safe to share are found. */
const runs = [
  { graphOptimizationLevel: 'disabled', intraOpNumThreads: 1 },
  { graphOptimizationLevel: 'all', intraOpNumThreads: 2 },
] as const;

/** What the two engines gave for one output. */
interface Result {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly values: ArrayLike<number>;
}

/** Runs a kernel that tfjs itself never calls where it exists, and what tfjs composes it of elsewhere. */
export function kernelOr(
  name: string,
  inputs: TensorMap,
  attributes: Readonly<Record<string, unknown>>,
  plain: () => tf.Tensor,
): tf.Tensor {
  if (tf.getBackend() === 'cpu') return plain();
  return tf.engine().runKernel(name, inputs as tf.NamedTensorMap, attributes as tf.NamedAttrMap) as tf.Tensor;
}

/**
 * Runs one function eagerly on tfjs cpu and compiled, at the optimisation levels `disabled` and `all`, and expects the
 * same shapes, element types and values (NaN equal to NaN).
 */
export async function compareWithCpu(
  run: DifferentialCase['run'],
  inputs: TestInputs,
  options: Pick<DifferentialCase, 'gradients' | 'tolerance'> = {},
): Promise<void> {
  await compareCases([{ run, inputs, ...options }]);
}

/** {@link compareWithCpu} for many cases in one session. Gives the names of the kernels that were traced. */
export async function compareCases(cases: readonly DifferentialCase[]): Promise<ReadonlySet<string>> {
  const inputs = Object.fromEntries(
    cases.flatMap((each, index) => Object.entries(each.inputs).map(([name, tensor]) => [`${index}/${name}`, tensor])),
  );
  const runAll = (tensors: TensorMap): Record<string, tf.Tensor> =>
    Object.assign({}, ...cases.map((each, index) => outputsOf(each, index, tensors)));

  const expected = await runEagerly(runAll, inputs);
  const traced = new Set<string>();
  const graph = recordingKernels(traced, () =>
    trace((_part, tensors) => runAll(tensors), undefined, inputs, { kernels: allKernels }),
  );
  const model = writeWholeModel(graph);
  const problems: string[] = [];
  for (const options of runs) {
    const actual = await runCompiled(model, inputs, options);
    for (const [name, result] of Object.entries(expected)) {
      const each = cases[Number.parseInt(name, 10)]!;
      const problem = difference(result, actual[name], each.tolerance ?? defaultTolerance);
      if (problem)
        problems.push(`${options.graphOptimizationLevel}: output ${name}: ${problem}\n  ${describeCase(each)}`);
    }
  }
  expect(problems.slice(0, 5).join('\n')).toBe('');
  return traced;
}

/** A longer run with other cases: `TESSERAE_FUZZ_CASES=500 TESSERAE_FUZZ_SEED=7 npx vitest run …`. */
const defaultCount = Number(process.env['TESSERAE_FUZZ_CASES'] ?? 30);
const defaultSeed = Number(process.env['TESSERAE_FUZZ_SEED'] ?? 20260101);
const casesPerSession = 40;

/**
 * Declares one test a kernel of a family: `count` generated cases, 40 a session, and a check that the kernel was
 * traced. Every kernel of the family must have a generator.
 */
export function describeFamily(
  family: string,
  kernels: KernelTable,
  cases: CaseTable,
  { count = defaultCount, seed = defaultSeed }: { readonly count?: number; readonly seed?: number } = {},
): void {
  describe(`${family} kernels against tfjs cpu`, () => {
    it('every kernel has a generator', () => {
      expect(Object.keys(cases).sort()).toEqual(Object.keys(kernels).sort());
    });
    for (const [kernel, generators] of Object.entries(cases)) {
      it(kernel, async () => {
        const random = seededRandom(seed + hash(kernel));
        const list = typeof generators === 'function' ? [generators] : generators;
        const generated = Array.from({ length: count }, (_, index) => list[index % list.length]!(random));
        for (let start = 0; start < count; start += casesPerSession) {
          expect(await compareCases(generated.slice(start, start + casesPerSession))).toContain(kernel);
        }
      });
    }
  });
}

/** The results of a case and, where asked, the gradients of `sum(f · sin f)` over its float results. */
function outputsOf({ inputs, run, gradients = [] }: DifferentialCase, index: number, tensors: TensorMap) {
  const own = Object.fromEntries(Object.keys(inputs).map((name) => [name, tensors[`${index}/${name}`]!]));
  const listed = (result: tf.Tensor | readonly tf.Tensor[]) =>
    (Array.isArray(result) ? result : [result]) as tf.Tensor[];
  const outputs = Object.fromEntries(listed(run(own)).map((tensor, position) => [`${index}/${position}`, tensor]));
  if (gradients.length === 0) return outputs;
  const objective = (...variables: tf.Tensor[]) => {
    const replaced = Object.fromEntries(gradients.map((name, position) => [name, variables[position]!]));
    const floats = listed(run({ ...own, ...replaced })).filter(({ dtype }) => dtype === 'float32');
    return tf.addN(floats.map((f) => tf.sum(tf.mul(f, tf.sin(f)))));
  };
  const slopes = tf.grads(objective)(gradients.map((name) => own[name]!));
  return {
    ...outputs,
    ...Object.fromEntries(slopes.map((slope, position) => [`${index}/d${gradients[position]}`, slope])),
  };
}

async function runEagerly(
  run: (tensors: TensorMap) => Record<string, tf.Tensor>,
  inputs: TestInputs,
): Promise<Record<string, Result>> {
  await tf.setBackend('cpu');
  const results: Record<string, Result> = {};
  tf.tidy(() => {
    const tensors = Object.fromEntries(
      Object.entries(inputs).map(([name, { values, shape, dtype }]) => [
        name,
        tf.tensor([...values], [...shape], dtype),
      ]),
    );
    for (const [name, tensor] of Object.entries(run(tensors))) {
      results[name] = { shape: tensor.shape, dtype: tensor.dtype, values: tensor.dataSync().slice() };
    }
  });
  return results;
}

async function runCompiled(
  bytes: Uint8Array,
  inputs: TestInputs,
  options: (typeof runs)[number],
): Promise<Record<string, Result>> {
  const session = await InferenceSession.create(bytes, { ...options, logSeverityLevel: 3 });
  try {
    const feeds = Object.fromEntries(session.inputNames.map((name) => [name, feed(inputs[name]!)]));
    const results = await session.run(feeds);
    return Object.fromEntries(
      Object.entries(results).map(([name, { dims, type, data }]) => [
        name,
        { shape: dims, dtype: type, values: data as unknown as ArrayLike<number> },
      ]),
    );
  } finally {
    await session.release();
  }
}

function feed({ dtype, shape, values }: TestTensor): Tensor {
  if (dtype === 'float32') return new Tensor('float32', Float32Array.from(values), shape);
  if (dtype === 'int32') return new Tensor('int32', Int32Array.from(values), shape);
  return new Tensor('bool', Uint8Array.from(values), shape);
}

function difference(expected: Result, actual: Result | undefined, tolerance: number): string | undefined {
  if (!actual) return 'missing';
  if (expected.shape.join() !== actual.shape.join()) return `shape [${actual.shape}], expected [${expected.shape}]`;
  if (expected.dtype !== actual.dtype) return `dtype ${actual.dtype}, expected ${expected.dtype}`;
  for (let i = 0; i < expected.values.length; i += 1) {
    const [wanted, got] = [expected.values[i]!, actual.values[i]!];
    if (Object.is(wanted, got) || wanted === got || (Number.isNaN(wanted) && Number.isNaN(got))) continue;
    const allowed = expected.dtype === 'float32' ? absoluteTolerance + tolerance * Math.abs(wanted) : 0;
    if (!(Math.abs(wanted - got) <= allowed)) return `element ${i} is ${got}, expected ${wanted}`;
  }
  return undefined;
}

/** Enough to see the case in a failure: types, shapes and the first values. */
function describeCase({ inputs }: DifferentialCase): string {
  return Object.entries(inputs)
    .map(([name, { dtype, shape, values }]) => `${name}: ${dtype}[${shape}] ${values.slice(0, 12).join(' ')}`)
    .join('\n  ');
}

/** Notes the kernels that tfjs asks for while `trace` runs. */
function recordingKernels<T>(names: Set<string>, trace: () => T): T {
  const engine = tf.engine();
  const runKernel = engine.runKernel.bind(engine);
  engine.runKernel = (name, ...rest) => {
    names.add(name);
    return runKernel(name, ...rest) as never;
  };
  try {
    return trace();
  } finally {
    engine.runKernel = runKernel;
  }
}

function hash(text: string): number {
  return [...text].reduce((total, letter) => (Math.imul(total, 31) + letter.charCodeAt(0)) | 0, 0);
}
