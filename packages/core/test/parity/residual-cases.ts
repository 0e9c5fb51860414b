import type { HostTensor } from '../../src/engine/engine';
import type { Layout } from '../../src/test/parity/layout';
import type { ParityCase, ParityReport } from '../../src/test/parity/parity-case';
import type { OpenQuantizer } from './open-quantizer';

/** The layer drawn as last one, which cases record as ids of -1 only. @param axis - That of the layers. */
export function lastLayerOf({ shape, data }: HostTensor, axis: number = shape.length - 1): number {
  const step = shape.slice(axis + 1).reduce((product, length) => product * length, 1);
  const layers = Array.from({ length: shape[axis]! }, (_, layer) => data[layer * step]!);
  return layers.filter((id) => id !== -1).length - 1;
}

/** `decoded` of the ids of the case, and `decoded_from_ids` of ids that it gives. */
export async function reportDecoded(
  test: ParityCase,
  report: ParityReport,
  quantizer: OpenQuantizer,
  ids: HostTensor,
  layout: (name: string, tensor: HostTensor) => Layout,
): Promise<void> {
  for (const name of ['decoded', 'decoded_from_ids']) {
    if (!test.expects(name)) continue;
    const decoded = await quantizer.decode(name === 'decoded' ? ids : test.input('decode_ids'));
    report.tensor(name, decoded, layout(name, decoded));
  }
}
