import * as tf from '@tensorflow/tfjs-core';
import type { HostTensor } from '../../src/engine/engine';
import { type AveragedVectorParams, averagedVectorQuantizer } from '../../src/quantize/averaged-vector';
import type { AveragedVectorConfig } from '../../src/quantize/averaged-vector-config';
import type { Json } from '../../src/signal/signal';
import type { ParityCase, ParityReport, ParityRunner } from '../../src/test/parity/parity-case';
import { runAveragedSteps } from './averaged-steps';
import { officialParams, weightKeys } from './official-params';
import { openQuantizer } from './open-quantizer';
import { channelsFirst, channelsLast } from './run-training';

interface AveragedCase {
  readonly impl: string;
  readonly class?: string;
  readonly args: Readonly<Record<string, Json>>;
  readonly train?: boolean;
  readonly modes?: readonly string[];
}

/** 4M, norm-EMA (BEATs, BEiT-2) and Sonnet-style (AURORA) codebooks. */
export const runAveragedVectors: ParityRunner = async (test, report) => {
  const { impl, args, train, modes } = test.config as unknown as AveragedCase;
  const config = averagedVectorQuantizer.parseConfig({ ...args, impl } as Json);
  const isMap =
    impl === '4m' ? args['accept_image_fmap'] !== false || args['channel_last'] !== true : impl !== 'norm-ema';
  // 4M puts heads in front of the axes of a map.
  const headsFirst = impl === '4m' && args['accept_image_fmap'] !== false && config.heads > 1;
  if (train !== true && !modes) return runInference(test, report, config, { isMap, headsFirst });
  const declared = (map: Parameters<typeof averagedVectorQuantizer.weights>[0]) =>
    averagedVectorQuantizer.weights(map, config);
  const prefix = impl === '4m' ? '_codebook.' : '';
  return runAveragedSteps(test, report, {
    config,
    projectionKeys: weightKeys(declared).filter((key) => key.startsWith('project_')),
    projections: (official) => officialParams<AveragedVectorParams>(declared, official),
    prefix,
    ...(impl !== 'sonnet-ema' && { flag: impl === '4m' ? '_codebook.initted' : 'embedding.initted' }),
    startsByKMeans: config.kmeansInit,
    isMap,
    // BEATs gives a flat list.
    officialIds: (ids) =>
      impl === 'norm-ema' ? tf.reshape(ids, [-1]) : headsFirst ? tf.transpose(ids, [0, 3, 1, 2]) : ids,
  });
};

async function runInference(
  test: ParityCase,
  report: ParityReport,
  config: AveragedVectorConfig,
  { isMap, headsFirst }: { readonly isMap: boolean; readonly headsFirst: boolean },
): Promise<void> {
  const quantizer = await openQuantizer(test, averagedVectorQuantizer, config);
  const layout = (tensor: HostTensor) => (isMap ? channelsFirst(tensor) : 'as-is');
  const { ids, codes } = await quantizer.encode(isMap ? channelsLast(test, 'x') : test.input('x'));
  report.tensor('quantized', codes, layout(codes!));
  report.tensor('ids', ids, headsFirst ? 'nhwc-nchw' : 'as-is');
  if (test.expects('loss')) report.tensor('loss', { shape: [], data: Float32Array.of(0) });
  if (test.expects('decoded')) {
    const decoded = await quantizer.decode(ids!);
    report.tensor('decoded', decoded, layout(decoded));
  }
}
