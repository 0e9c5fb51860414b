import * as tf from '@tensorflow/tfjs-core';
import { isWeightTensor, type WeightTensor } from '../../checkpoint/weight-recipe';
import { EngineError } from '../../errors/engine-error';
import { TesseraeError } from '../../errors/tesserae-error';
import type { Tensors } from '../engine';
import { withTaps } from '../taps';
import { emitRecipe } from './emit-recipe';
import type { TensorType, Value } from './graph';
import { createGraphRecorder } from './graph-recorder';
import type { KernelTable } from './kernel';
import { callSite } from './refusals';
import { traceBackend } from './register-kernels';
import { traceBackendName, type ActiveTrace, type TraceBackend } from './trace-backend';
import type { GraphOutput, TracedGraph } from './traced-graph';

export interface TraceOptions {
  readonly kernels: KernelTable;
  /** Of the model function, for messages. Default `model function`. */
  readonly name?: string;
  /** Of the engine that compiles, for errors. Default `onnx`. */
  readonly engine?: string;
  /** Also yield what the function passes to `tap`, as `tap:<name>`; of equal names the last counts. Default false. */
  readonly collectTaps?: boolean;
  /** Boolean outputs become int32: what crosses to the host is float32 or int32. Default false. */
  readonly hostOutputs?: boolean;
}

/**
 * Calls a model function once with symbolic tensors and records what it computes.
 *
 * Synchronous: the running backend is restored before it returns.
 *
 * @param part - Tree whose `WeightTensor` leaves become tensors in mapped layout; everything else passes as it is.
 * @throws {EngineError} `not-traceable`: reads of values, missing kernels, randomness, variables, disposed tensors,
 * asynchronous functions, an open gradient tape.
 */
export function trace(
  run: (part: unknown, inputs: Readonly<Record<string, tf.Tensor>>) => Tensors,
  part: unknown,
  inputs: Readonly<Record<string, TensorType>>,
  { kernels, name = 'model function', engine = 'onnx', collectTaps = false, hostOutputs = false }: TraceOptions,
): TracedGraph {
  if (tf.engine().state.gradientDepth > 0) {
    throw new EngineError(
      'not-traceable',
      engine,
      name,
      'cannot be compiled inside of a gradient; compile the whole step.',
    );
  }
  const recorder = createGraphRecorder(currentScope);
  const active: ActiveTrace = { engine, name, recorder };
  const backend = traceBackend(kernels);
  return onTraceBackend(backend, active, () => {
    const inputValues = Object.entries(inputs).map(([key, type]) => recorder.input(key, type));
    const inputTensors = Object.fromEntries(
      inputValues.map((value, index) => [Object.keys(inputs)[index]!, tensorOf(backend, value)]),
    );
    const weights = symbolicTree(part, (weight) => tensorOf(backend, emitRecipe(recorder, weight.recipe)));
    const taps = new Map<string, Value>();
    const collect = (key: string, tensor: tf.Tensor) =>
      taps.set(`tap:${key}`, backend.valueOfTensor(tensor, `tap ${key}`));
    const results = refusingRandom(active, () =>
      withTaps(collectTaps ? collect : undefined, () => run(weights, inputTensors)),
    );
    refuseAsynchronous(results, active);
    if (active.refusal) throw active.refusal;
    const outputs: GraphOutput[] = Object.entries(results).map(([key, tensor]) => {
      if (!(tensor instanceof tf.Tensor)) {
        throw new EngineError('not-traceable', engine, name, `output '${key}' is no tensor.`);
      }
      return { name: key, value: backend.valueOfTensor(tensor, `output ${key}`) };
    });
    taps.forEach((value, key) => outputs.push({ name: key, value }));
    const host = (value: Value) => (hostOutputs && value.dtype === 'bool' ? recorder.cast(value, 'int32') : value);
    return {
      inputs: inputValues,
      outputs: outputs.map(({ name: key, value }) => ({ name: key, value: host(value) })),
      nodes: recorder.nodes,
    };
  });
}

function onTraceBackend<T>(backend: TraceBackend, active: ActiveTrace, body: () => T): T {
  const engine = tf.engine();
  const before = engine.backendName;
  try {
    // Synchronous for a backend whose factory is.
    void tf.setBackend(traceBackendName);
    engine.startScope(active.name);
    try {
      return backend.during(active, body);
    } finally {
      engine.endScope();
    }
  } catch (error) {
    throw explained(error, active);
  } finally {
    if (before) void tf.setBackend(before);
    else forgetBackend();
  }
}

/** No backend had been chosen: tfjs shall still choose by itself later. */
function forgetBackend(): void {
  const engine = tf.engine() as unknown as { backendName: string | undefined; backendInstance: unknown };
  engine.backendName = undefined;
  engine.backendInstance = null;
}

function tensorOf(backend: TraceBackend, value: Value): tf.Tensor {
  const info = { dataId: backend.put(value), shape: [...value.shape], dtype: value.dtype as tf.DataType };
  return tf.engine().makeTensorFromTensorInfo(info, backend);
}

/** The tree with every weight replaced; a weight that occurs twice is one tensor. */
function symbolicTree(part: unknown, make: (weight: WeightTensor) => tf.Tensor): unknown {
  const made = new Map<WeightTensor, tf.Tensor>();
  const visit = (node: unknown): unknown => {
    if (isWeightTensor(node)) {
      const tensor = made.get(node) ?? make(node);
      made.set(node, tensor);
      return tensor;
    }
    if (Array.isArray(node)) return node.map(visit);
    if (typeof node !== 'object' || node === null || ArrayBuffer.isView(node)) return node;
    return Object.fromEntries(Object.entries(node).map(([key, child]) => [key, visit(child)]));
  };
  return visit(part);
}

/** Sampled numbers would become constants of the graph. */
function refusingRandom<T>({ engine, name }: ActiveTrace, body: () => T): T {
  const random = Math.random;
  Math.random = () => {
    throw new EngineError(
      'not-traceable',
      engine,
      name,
      `draws random numbers while it is being compiled; make noise an input.${callSite()}`,
    );
  };
  try {
    return body();
  } finally {
    Math.random = random;
  }
}

function refuseAsynchronous(results: unknown, { engine, name, refusal }: ActiveTrace): void {
  if (typeof (results as { then?: unknown } | undefined)?.then !== 'function') return;
  // Its own refusal says more; nobody else will handle the rejection.
  (results as Promise<unknown>).then(undefined, () => undefined);
  throw (
    refusal ?? new EngineError('not-traceable', engine, name, 'returns a promise; compiled functions are synchronous.')
  );
}

function explained(error: unknown, { engine, name, refusal }: ActiveTrace): unknown {
  if (refusal) return refusal;
  if (error instanceof EngineError && error.code === 'not-traceable') {
    if (error.operation.startsWith(name)) return error;
    const problem = error.message.slice(`${error.engine}: ${error.operation}: `.length);
    return new EngineError('not-traceable', engine, `${name}: ${error.operation}`, problem, { cause: error });
  }
  if (error instanceof TesseraeError || !(error instanceof Error)) return error;
  const kernel = /Kernel '([^']+)' not registered for backend/.exec(error.message)?.[1];
  if (kernel === undefined) return error;
  return new EngineError(
    'not-traceable',
    engine,
    `${name}: ${kernel}`,
    `this op cannot be compiled; run this part eagerly (engine 'wasm' or 'cpu') or add a kernel.`,
    { cause: error },
  );
}

/** Names of the open `tf.tidy` scopes and ops. */
function currentScope(): string {
  const stack = tf.engine().state.scopeStack as readonly { readonly name: string }[];
  return stack
    .map(({ name }) => name.replace(/__op$/, ''))
    .filter((name) => name !== '' && name !== 'unnamed scope')
    .join('/');
}
