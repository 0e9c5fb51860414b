import type { Value } from '../graph';
import type { GraphBuilder } from '../graph-builder';
import { elementwiseKernels } from './elementwise';
import { refusal } from './lowering';

/** What the fused kernels of tfjs apply last. */
export interface FusedActivation {
  readonly activation?: string;
  readonly leakyreluAlpha?: number;
}

/** Kernel of each activation that tfjs knows; linear is none. */
const kernelNames: Readonly<Record<string, string>> = {
  relu: 'Relu',
  relu6: 'Relu6',
  elu: 'Elu',
  sigmoid: 'Sigmoid',
  leakyrelu: 'LeakyRelu',
  prelu: 'Prelu',
};

/**
 * Applies the activation of a fused kernel.
 *
 * @param slope - Factor of negative elements for `prelu`, broadcastable to `x`.
 * @throws {EngineError} `not-traceable` for an activation that tfjs does not document.
 */
export function activate(
  graph: GraphBuilder,
  x: Value,
  { activation = 'linear', leakyreluAlpha }: FusedActivation,
  slope?: Value,
): Value {
  if (activation === 'linear') return x;
  const kernel = elementwiseKernels[kernelNames[activation] ?? ''];
  if (!kernel) throw refusal('fused', `activation ${activation} is not known`);
  const inputs: Record<string, Value> = activation === 'prelu' && slope ? { x, alpha: slope } : { x };
  return kernel({ inputs, attributes: { alpha: leakyreluAlpha }, graph }) as Value;
}
