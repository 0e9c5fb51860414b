import type * as tf from '@tensorflow/tfjs-core';
import type { HostTensor, HostTensors } from '../../src/engine/engine';
import type { Layout } from '../../src/test/parity/layout';
import type { ParityCase, ParityReport } from '../../src/test/parity/parity-case';
import { updateUsageRing, usageOf } from '../../src/train/quantize/usage-ring';

/** Vectors channels last: maps are NCHW in the case, sequences are not. */
export function vectorsOf(test: ParityCase, name: string): HostTensor {
  return test.input(name, test.input(name).shape.length === 4 ? 'nchw-nhwc' : 'as-is');
}

/** Maps back to NCHW; gradients of parameters are official already. */
export function mapLayout(name: string, { shape }: HostTensor): Layout {
  const isParameter = name.startsWith('grad_loss.') || name.startsWith('grad_ct.');
  return shape.length === 4 && !isParameter ? 'nhwc-nchw' : 'as-is';
}

/** Ids in the shape of the case: official code bases flatten them or not. */
export function reportIds(test: ParityCase, report: ParityReport, name: string, ids: HostTensor | undefined): void {
  report.tensor(name, ids && { shape: test.expected(name).shape, data: ids.data });
}

/**
 * The share of codes in the ring of recent ids after this batch, where the official module counts it (`show_usage`): 0
 * where it does not.
 *
 * @param key - Of the ring among the weights of the case.
 */
export async function usageAfter(
  test: ParityCase,
  ids: HostTensor,
  codes: number,
  key = 'codebook_used',
): Promise<HostTensors> {
  const { args, train = false } = test.config as {
    readonly args: { readonly show_usage?: boolean };
    readonly train?: boolean;
  };
  if (args.show_usage !== true || !train) return { usage: { shape: [], data: new Float32Array(1) } };
  const { shape, data } = await test.weight(key);
  return test.evaluate(
    ({ ring, found }) => {
      const updated = updateUsageRing(ring as tf.Tensor1D, found!);
      return { ring: updated, usage: usageOf(updated, codes) };
    },
    { ring: { shape, data: Int32Array.from(data) }, found: ids },
  );
}
