import type { FusedBatchNormAttrs } from '@tensorflow/tfjs-core';
import type { TraceKernel } from '../kernel';
import { attributesOf, elementwise, input } from './lowering';

/** What tfjs adds to the variance where nothing is given. */
const defaultEpsilon = 0.001;

/** One factor and one shift an element: with stored statistics both are constants that ONNX Runtime folds. */
export const fusedBatchNorm: TraceKernel = (call) => {
  const { graph } = call;
  const { scale, offset } = call.inputs;
  const epsilon = attributesOf<Partial<FusedBatchNormAttrs>>(call).varianceEpsilon ?? defaultEpsilon;
  const variance = elementwise(graph, 'Add', [input(call, 'variance'), graph.scalar(epsilon, 'float32')]);
  const deviation = elementwise(graph, 'Sqrt', [variance]);
  const factor = scale ? elementwise(graph, 'Div', [scale, deviation]) : elementwise(graph, 'Reciprocal', [deviation]);
  const mean = elementwise(graph, 'Mul', [input(call, 'mean'), factor]);
  const shift = offset ? elementwise(graph, 'Sub', [offset, mean]) : elementwise(graph, 'Neg', [mean]);
  return elementwise(graph, 'Add', [elementwise(graph, 'Mul', [input(call, 'x'), factor]), shift]);
};
