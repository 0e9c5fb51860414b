import * as tf from '@tensorflow/tfjs-core';
import type { Value } from './graph';
import type { KernelTable, TraceKernel } from './kernel';
import { isTensorType, TraceBackend, traceBackendName } from './trace-backend';

let registered: KernelTable | undefined;
let backend = new TraceBackend();
const factory = () => backend;

/** The tracing backend, with exactly these kernels. Nothing is registered before the first call. */
export function traceBackend(kernels: KernelTable): TraceBackend {
  // A second copy of this module in the process may have taken the name meanwhile.
  if (registered === kernels && tf.findBackendFactory(traceBackendName) === factory) return backend;
  if (tf.findBackendFactory(traceBackendName)) tf.removeBackend(traceBackendName);
  backend = new TraceBackend();
  tf.registerBackend(traceBackendName, factory, 0);
  for (const { kernelName } of tf.getKernelsForBackend(traceBackendName)) {
    tf.unregisterKernel(kernelName, traceBackendName);
  }
  for (const [kernelName, kernel] of Object.entries(kernels)) {
    tf.registerKernel({ kernelName, backendName: traceBackendName, kernelFunc: kernelFunction(kernelName, kernel) });
  }
  registered = kernels;
  return backend;
}

function kernelFunction(name: string, kernel: TraceKernel): tf.KernelFunc {
  return ({ inputs, attrs, backend: running }) => {
    const traced = running as TraceBackend;
    const { recorder } = traced.active(name);
    const values: Record<string, Value> = {};
    for (const [key, tensor] of Object.entries(inputs)) {
      if (tensor != null) values[key] = traced.valueOfTensor(tensor, name);
    }
    const result = kernel({ inputs: values, attributes: { ...attrs }, graph: recorder });
    const tensorOf = (value: Value): tf.TensorInfo => {
      if (!isTensorType(value.dtype)) throw new Error(`kernel ${name} gave ${value.dtype}, which no tensor can have`);
      return { dataId: traced.put(value), shape: [...value.shape], dtype: value.dtype };
    };
    return isList(result) ? result.map(tensorOf) : tensorOf(result);
  };
}

function isList(result: Value | readonly Value[]): result is readonly Value[] {
  return Array.isArray(result);
}
