import { type EncodecVectorParams, encodecVectorQuantizer } from '../../src/quantize/residual-encodec';
import type { Json } from '../../src/signal/signal';
import type { ParityRunner } from '../../src/test/parity/parity-case';
import { runAveragedSteps } from './averaged-steps';
import { officialParams, weightKeys } from './official-params';

interface EncodecCase {
  readonly class?: string;
  readonly args: Readonly<Record<string, Json>>;
}

/** EnCodec's `EuclideanCodebook` and `VectorQuantization` in training. */
export const runEncodecVectors: ParityRunner = async (test, report) => {
  const { args, class: name } = test.config as unknown as EncodecCase;
  const isBare = name === 'EuclideanCodebook';
  const defaults = isBare ? { kmeans_init: false, kmeans_iters: 10 } : {};
  const config = encodecVectorQuantizer.parseConfig({ ...defaults, ...args } as Json);
  const declared = (map: Parameters<typeof encodecVectorQuantizer.weights>[0]) =>
    encodecVectorQuantizer.weights(map, config);
  return runAveragedSteps(test, report, {
    config: { ...config, flavor: 'encodec' },
    projectionKeys: weightKeys(declared).filter((key) => key.startsWith('project_')),
    projections: (official) => (isBare ? {} : officialParams<EncodecVectorParams>(declared, official)),
    prefix: isBare ? '' : '_codebook.',
    flag: isBare ? 'inited' : '_codebook.inited',
    startsByKMeans: config.kmeansInit,
    isMap: !isBare,
    officialIds: (ids) => ids,
  });
};
