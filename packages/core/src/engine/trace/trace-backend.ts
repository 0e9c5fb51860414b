import * as tf from '@tensorflow/tfjs-core';
import { EngineError } from '../../errors/engine-error';
import type { ElementType, Value } from './graph';
import type { GraphRecorder } from './graph-recorder';
import { callSite, describeValue, refusedRead } from './refusals';

export const traceBackendName = 'graph';

/** Captured tensors above this size should be parameters. */
const captureWarningBytes = 1024 * 1024;

interface Entry {
  readonly value: Value;
  readonly trace: ActiveTrace;
}

/** The trace that is running. */
export interface ActiveTrace {
  readonly engine: string;
  /** Name of the model function, for messages. */
  readonly name: string;
  readonly recorder: GraphRecorder;
  /** The first refused read: an asynchronous one may never be awaited. */
  refusal?: EngineError;
}

/** Backend whose tensors are values of a graph. Kernels record nodes; nothing is computed. */
export class TraceBackend extends tf.KernelBackend {
  private entries = new WeakMap<object, Entry>();
  private captured = new WeakMap<object, Entry>();
  private count = 0;
  private running: ActiveTrace | undefined;

  /** Runs `body` with `trace` receiving everything that is recorded. */
  during<T>(trace: ActiveTrace, body: () => T): T {
    this.running = trace;
    try {
      return body();
    } finally {
      this.running = undefined;
    }
  }

  /** @throws {EngineError} `not-traceable` where the backend was chosen by hand. */
  active(operation: string): ActiveTrace {
    if (this.running) return this.running;
    throw new EngineError(
      'not-traceable',
      'onnx',
      operation,
      `backend '${traceBackendName}' works only inside of a trace.`,
    );
  }

  /** A new data id for a value; one for every output of a kernel, even where values repeat. */
  put(value: Value): object {
    const dataId = {};
    this.entries.set(dataId, { value, trace: this.active('put') });
    this.count += 1;
    return dataId;
  }

  /**
   * The value behind a tensor; tensors of other backends are copied into the graph.
   *
   * @throws {EngineError} `not-traceable` for disposed tensors, variables, and tensors of another trace.
   */
  valueOfTensor(tensor: tf.TensorInfo, operation: string): Value {
    const trace = this.active(operation);
    const fail = (problem: string): never => {
      throw new EngineError('not-traceable', trace.engine, `${trace.name}: ${operation}`, `${problem}${callSite()}`);
    };
    if (tensor instanceof tf.Variable) {
      fail(`variable ${tensor.name} is read. Compiled functions are pure: pass it as a parameter or an input.`);
    }
    const { value, trace: owner } = this.entries.get(tensor.dataId) ?? this.capture(tensor, trace, fail);
    if (owner !== trace) fail(`a tensor of another compiled function (shape [${tensor.shape.join(', ')}]) is used.`);
    return sameShape(value.shape, tensor.shape) ? value : trace.recorder.reshape(value, tensor.shape);
  }

  private capture(tensor: tf.TensorInfo, trace: ActiveTrace, fail: (problem: string) => never): Entry {
    const before = this.captured.get(tensor.dataId);
    if (before?.trace === trace) return before;
    const info = tf.engine().state.tensorInfo.get(tensor.dataId);
    const what = `tensor ${tensor.dtype}[${tensor.shape.join(', ')}]`;
    if (!info || info.backend === this) return fail(`${what} is used after it was disposed.`);
    let values: tf.BackendValues;
    try {
      values = info.backend.readSync(tensor.dataId);
    } catch (cause) {
      throw new EngineError(
        'not-traceable',
        trace.engine,
        trace.name,
        `${what} of another backend cannot be read while compiling; pass it as a parameter.${callSite()}`,
        { cause },
      );
    }
    const entry: Entry = { value: this.constantOf(values, tensor.shape, tensor.dtype, trace), trace };
    if (info.bytes > captureWarningBytes) {
      // oxlint-disable-next-line no-console -- megabytes hidden in a graph are a mistake that nothing else shows
      console.warn(`${trace.name}: ${what} is copied into the compiled graph; pass it as a parameter.${callSite()}`);
    }
    this.captured.set(tensor.dataId, entry);
    return entry;
  }

  private constantOf(values: tf.BackendValues, shape: readonly number[], dtype: string, trace: ActiveTrace): Value {
    const numbers = values as Float32Array | Int32Array | Uint8Array;
    switch (dtype) {
      case 'float32':
        return trace.recorder.constant(numbers instanceof Float32Array ? numbers : Float32Array.from(numbers), shape);
      case 'int32':
        return trace.recorder.constant(numbers instanceof Int32Array ? numbers : Int32Array.from(numbers), shape);
      case 'bool':
        return trace.recorder.constant(Uint8Array.from(numbers), shape);
      default:
        throw new EngineError(
          'not-traceable',
          trace.engine,
          trace.name,
          `dtype ${dtype} cannot be compiled.${callSite()}`,
        );
    }
  }

  override write(values: tf.BackendValues, shape: number[], dtype: tf.DataType): object {
    return this.put(this.constantOf(values, shape, dtype, this.active('write')));
  }

  /** Constants can be read; everything else has no value yet. */
  override readSync(dataId: object): tf.BackendValues {
    const entry = this.entries.get(dataId);
    const trace = entry?.trace ?? this.active('read');
    const values = entry && trace.recorder.constantValues(entry.value);
    if (values) return values.slice();
    const refusal = refusedRead(trace.engine, trace.name, entry ? describeValue(entry.value) : 'a disposed tensor');
    trace.refusal ??= refusal;
    throw refusal;
  }

  override read(dataId: object): Promise<tf.BackendValues> {
    return new Promise((resolve) => {
      resolve(this.readSync(dataId));
    });
  }

  override disposeData(dataId: object): boolean {
    if (this.entries.delete(dataId)) this.count -= 1;
    return true;
  }

  override numDataIds(): number {
    return this.count;
  }

  override refCount(dataId: object): number {
    return this.entries.has(dataId) ? 1 : 0;
  }

  override incRef(): void {
    const { engine, name } = this.active('variable');
    throw new EngineError(
      'not-traceable',
      engine,
      name,
      `a variable is made. Compiled functions are pure.${callSite()}`,
    );
  }

  override memory(): { unreliable: boolean } {
    return { unreliable: false };
  }

  override floatPrecision(): 16 | 32 {
    return 32;
  }

  override timerAvailable(): boolean {
    return false;
  }

  override dispose(): void {
    this.entries = new WeakMap();
    this.captured = new WeakMap();
    this.count = 0;
  }
}

function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((length, axis) => length === b[axis]);
}

/** Types that a tfjs tensor can have. */
export function isTensorType(dtype: ElementType): dtype is 'float32' | 'int32' | 'bool' {
  return dtype === 'float32' || dtype === 'int32' || dtype === 'bool';
}
