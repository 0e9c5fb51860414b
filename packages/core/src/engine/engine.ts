import type * as tf from '@tensorflow/tfjs-core';
import type { Host } from '../checkpoint/weight-recipe';
import type { RunOptions } from './run-options';

export type EngineName = 'tfjs-node-gpu' | 'onnx' | 'tfjs-node' | 'onnx-web' | 'webgpu' | 'wasm' | 'cpu';

export interface EngineReport {
  readonly name: EngineName;
  readonly available: boolean;
  /** Whether model functions are compiled to a graph (true) or run op by op (false). */
  readonly compiled: boolean;
  /** Why it is not available: `not installed`, `load error: libcudart…`. */
  readonly reason?: string;
  /** `2 threads, AVX-512`. */
  readonly device?: string;
}

/** A tensor on the host: what goes into and comes out of an engine. Row-major. */
export interface HostTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array;
}
export type HostTensors = Readonly<Record<string, HostTensor>>;

export type Tensors = Readonly<Record<string, tf.Tensor>>;

/**
 * Pure tensor maths on the part of the weights that `select` picks. Batch first, channels last.
 *
 * `select` runs on tensors and on their lazy host forms alike, so it only accesses properties.
 */
export interface ModelFunction<Params> {
  select(params: Params): unknown;
  run(part: unknown, inputs: unknown): Tensors;
  readonly memory?: RunMemory;
}

/**
 * What becomes of the memory of a run when it is over: `kept` for the next one (default), which is faster where windows
 * of bounded size follow each other; or `returned`, for functions whose inputs are as long as a user's clip.
 */
export type RunMemory = 'kept' | 'returned';

/** Ties the types of `select` and `run` together and forgets them: callers deal in named host tensors. */
export function modelFunction<Params, Part, Inputs extends Tensors>(
  select: (params: Params) => Part,
  run: (part: Part, inputs: Inputs) => Tensors,
  { memory = 'kept' }: Pick<ModelFunction<Params>, 'memory'> = {},
): ModelFunction<Params> {
  return { select, run: run as (part: unknown, inputs: unknown) => Tensors, memory };
}

export interface EngineOptions {
  /** Threads of the compiled engine; default: physical cores, or `TESSERAE_THREADS`. */
  readonly threads?: number;
  /** Repack weights for speed at load: faster runs, slower start, twice the memory. Default true; the CLI says false. */
  readonly prepack?: boolean;
  /** `int8` is not implemented yet and refused. */
  readonly precision?: 'float32' | 'int8';
  /** Budget of compiled sessions kept per engine; default: a quarter of the memory. */
  readonly sessionBytes?: number;
}

export interface LoadOptions extends RunOptions, EngineOptions {
  /** Shown in errors and progress: `image/titok encode`. */
  readonly name?: string;
  /** Also return what the function passes to `tap`, as `tap:<name>`. Only the parity harness sets it. */
  readonly collectTaps?: boolean;
  /**
   * Arrays of inputs are handed over and may be empty after `run`: saves a copy where large outputs go round as the
   * next inputs, as in training. Default false.
   */
  readonly consumesInputs?: boolean;
}

/** Where and how a model function runs. Knows no modality. */
export interface Engine {
  readonly report: EngineReport;
  /**
   * Prepares a model function; weights are read no earlier than the first run.
   *
   * @throws {EngineError} `disposed`.
   */
  load<Params>(fn: ModelFunction<Params>, weights: Host<Params>, options?: LoadOptions): Promise<Executable>;
  /** Idempotent; waits for running calls, then frees everything that was loaded. */
  dispose(): Promise<void>;
}

export interface Executable {
  /**
   * Runs the function once. Inputs may be reused by the caller afterwards; outputs belong to the caller.
   *
   * @throws {EngineError} `not-traceable`, `compile-failed`, `run-failed`, `does-not-fit`, `weights-changed`, `disposed`.
   * @throws `options.signal.reason` when aborted.
   */
  run(inputs: HostTensors, options?: RunOptions): Promise<HostTensors>;
  dispose(): Promise<void>;
}
