import type { HostTensor } from '../../src/engine/engine';
import type { Layout } from '../../src/test/parity/layout';
import type { ParityCase, ParityReport } from '../../src/test/parity/parity-case';

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
