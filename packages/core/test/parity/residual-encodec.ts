import * as tf from '@tensorflow/tfjs-core';
import type { ResidualParams } from '../../src/quantize/residual';
import {
  type EncodecVectorParams,
  type ResidualEncodecConfig,
  residualEncodecQuantizer,
} from '../../src/quantize/residual-encodec';
import type { Json } from '../../src/signal/signal';
import type { ParityCase, ParityReport, ParityRunner } from '../../src/test/parity/parity-case';
import { trainResidualEncodec } from '../../src/train/quantize/residual-encodec';
import { runCodebookSteps } from './codebook-steps';
import { officialParams, weightKeys } from './official-params';
import { openQuantizer } from './open-quantizer';
import { buffersOf, pick, startedFlags, statesOf, statisticsKeys } from './residual-states';
import { channelsLast } from './run-training';

interface EncodecCase {
  readonly args: Readonly<Record<string, Json>>;
  readonly train?: boolean;
  readonly n_q?: Json;
}

/** EnCodec: layers first. */
export const runEncodec: ParityRunner = async (test, report) => {
  const { args, n_q = null, train = false } = test.config as unknown as EncodecCase;
  const config = residualEncodecQuantizer.parseConfig({ ...args, ...(n_q === null ? {} : { n_q }) });
  if (train) return trainEncodec(test, report, config);
  const quantizer = await openQuantizer(test, residualEncodecQuantizer, config);
  const { ids, codes } = await quantizer.encode(channelsLast(test, 'x'));
  report.tensor('ids', ids);
  if (test.expects('encode_ids')) report.tensor('encode_ids', ids);
  report.tensor('quantized', codes, 'nlc-ncl');
  if (test.expects('decoded')) report.tensor('decoded', await quantizer.decode(ids!), 'nlc-ncl');
  const [layers, ...rest] = ids!.shape as [number, number, number];
  for (let count = 1; count <= layers; count += 1) {
    const name = `decoded_first_${count}`;
    if (!test.expects(name)) continue;
    const data = ids!.data.subarray(0, (count * ids!.data.length) / layers);
    report.tensor(name, await quantizer.decode({ shape: [count, ...rest], data }), 'nlc-ncl');
  }
  // Outside of training the official loss is 0.
  if (test.expects('loss')) report.tensor('loss', { shape: [layers, 1], data: new Float32Array(layers) });
};

async function trainEncodec(test: ParityCase, report: ParityReport, config: ResidualEncodecConfig): Promise<void> {
  const declared = (map: Parameters<typeof residualEncodecQuantizer.weights>[0]) =>
    residualEncodecQuantizer.weights(map, config);
  const keys = weightKeys(declared);
  const starts = config.layers[0]!.kmeansInit && (await test.weight('layers.0._codebook.inited')).data[0] === 0;
  await runCodebookSteps(test, report, {
    keys: [...keys, ...statisticsKeys(config.layers.length)],
    reported: startedFlags(config.layers.length, 'inited'),
    isMap: true,
    forward(x, buffers, { perm, kmeans_rows: rows = perm }, { step }) {
      const params = officialParams<ResidualParams<EncodecVectorParams>>(declared, pick(buffers, keys));
      const drawn = {
        ...(starts && step === 1 && rows && { startRows: rows }),
        ...(perm && { deadCodeRows: perm }),
      };
      const draws = config.layers.map(() => drawn);
      const states = statesOf(buffers, config.layers.length);
      const result = trainResidualEncodec(x, params, states, config, draws, { gradients: 'published' });
      return { ...result, loss: tf.expandDims(result.loss, 1), after: buffersOf(result.states) };
    },
  });
}
