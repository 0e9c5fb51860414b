import '@tensorflow/tfjs';
import type { HostTensor, Tensors } from '../../src/engine/engine';
import type { GroupedParams } from '../../src/quantize/grouped';
import { residualEncodecQuantizer } from '../../src/quantize/residual-encodec';
import {
  groupedResidualVectorQuantizer,
  residualVectorCodes,
  type ResidualVectorParams,
  residualVectorQuantizer,
} from '../../src/quantize/residual-vector';
import type { ResidualVectorConfig } from '../../src/quantize/residual-vector-config';
import type { Json } from '../../src/signal/signal';
import type { ParityCase, ParityReport, ParityRunner } from '../../src/test/parity/parity-case';
import type { CodebookPassState } from '../../src/train/quantize/codebook-pass';
import { drawKeptLayers } from '../../src/train/quantize/residual-dropout';
import { trainGroupedResidualVector, trainResidualVector } from '../../src/train/quantize/residual-vector';
import { runCodebookSteps } from './codebook-steps';
import { officialParams, weightKeys } from './official-params';
import { openQuantizer } from './open-quantizer';
import { channelsFirst, channelsLast, runTraining } from './run-training';

interface ResidualCase {
  readonly class: 'ResidualVQ' | 'GroupedResidualVQ';
  readonly args: Readonly<Record<string, Json>>;
  readonly train?: boolean;
  readonly n_q?: Json;
  readonly fixed_dropout_seed?: number;
}

const zeros = (shape: readonly number[]): HostTensor => ({
  shape,
  data: new Float32Array(shape.reduce((product, axis) => product * axis, 1)),
});

/** EnCodec: layers first. */
export const runEncodec: ParityRunner = async (test, report) => {
  const { args, n_q = null } = test.config as unknown as ResidualCase;
  const config = residualEncodecQuantizer.parseConfig({ ...args, ...(n_q === null ? {} : { n_q }) });
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
  if (test.expects('loss')) report.tensor('loss', zeros([layers, 1]));
};

/** vector-quantize-pytorch's `ResidualVQ` and `GroupedResidualVQ`. */
export const runLucidrainsResidual: ParityRunner = async (test, report) => {
  const { train = false, args, class: name } = test.config as unknown as ResidualCase;
  const isMap = args['accept_image_fmap'] === true;
  if (!train) await runInference(test, report, isMap);
  else if (name === 'GroupedResidualVQ') await runGroupedTraining(test, report, isMap);
  else await runResidualTraining(test, report, isMap);
  await reportGivenIds(test, report);
};

async function openResidual(test: ParityCase) {
  const { args, class: name } = test.config as unknown as ResidualCase;
  return name === 'GroupedResidualVQ'
    ? openQuantizer(test, groupedResidualVectorQuantizer, groupedResidualVectorQuantizer.parseConfig(args))
    : openQuantizer(test, residualVectorQuantizer, residualVectorQuantizer.parseConfig(args));
}

/** Decoding of ids that the case gives. */
async function reportGivenIds(test: ParityCase, report: ParityReport): Promise<void> {
  if (!test.expects('decoded_from_ids')) return;
  // After a training step the official module decodes with the codebooks that the step left.
  const { args, class: name, train = false } = test.config as unknown as ResidualCase;
  const ids = test.input('decode_ids');
  if (!train) {
    report.tensor('decoded_from_ids', await (await openResidual(test)).decode(ids));
    return;
  }
  if (name === 'GroupedResidualVQ') throw new Error('no such case');
  const config = residualVectorQuantizer.parseConfig(args);
  const declared = (map: Parameters<typeof residualVectorQuantizer.weights>[0]) =>
    residualVectorQuantizer.weights(map, config);
  const entries = weightKeys(declared).map(async (key) => {
    const after = `after.${key}`;
    return [
      key,
      test.expectations.some((one) => one.name === after) ? test.expected(after) : await test.weight(key),
    ] as const;
  });
  const { decoded } = await test.evaluate(
    ({ ids: given, ...weights }) => ({
      decoded: residualVectorQuantizer.decode(given!, officialParams<ResidualVectorParams>(declared, weights), config),
    }),
    { ids, ...Object.fromEntries(await Promise.all(entries)) },
  );
  report.tensor('decoded_from_ids', decoded);
}

async function runInference(test: ParityCase, report: ParityReport, isMap: boolean): Promise<void> {
  const { args, class: name } = test.config as unknown as ResidualCase;
  const quantizer = await openResidual(test);
  const { ids, codes } = await quantizer.encode(isMap ? channelsLast(test, 'x') : test.input('x'));
  const layout = (tensor: HostTensor) => (isMap ? channelsFirst(tensor) : 'as-is');
  report.tensor('ids', ids);
  report.tensor('quantized', codes, layout(codes!));
  if (test.expects('decoded')) report.tensor('decoded', await quantizer.decode(ids!), layout(codes!));
  // Outside of training the official losses are 0.
  if (test.expects('loss')) report.tensor('loss', zeros(test.expected('loss').shape));
  if (test.expects('all_codes') && name === 'ResidualVQ') {
    const config = residualVectorQuantizer.parseConfig(args);
    const { all } = await runTraining(test, residualVectorQuantizer, config, { x: ids! }, (x, params) => {
      const codesOfLayers = residualVectorCodes(x, params, config);
      return { all: codesOfLayers, quantized: codesOfLayers };
    });
    report.tensor('all_codes', all);
  }
}

const bufferNames = ['embed', 'cluster_size', 'embed_avg'] as const;

/** States of all layers under `prefix`. */
function statesOf(buffers: Tensors, { layers }: ResidualVectorConfig, prefix = ''): readonly CodebookPassState[] {
  return layers.map((_, layer) => {
    const [codes, counts, sums] = bufferNames.map((name) => buffers[`${prefix}layers.${layer}._codebook.${name}`]!);
    return { codes: codes!, counts: counts!, sums: sums! };
  });
}

function buffersOf(states: readonly CodebookPassState[], prefix = ''): Tensors {
  return Object.fromEntries(
    states.flatMap(({ codes, counts, sums }, layer) =>
      [codes, counts, sums!].map((tensor, i) => [`${prefix}layers.${layer}._codebook.${bufferNames[i]}`, tensor]),
    ),
  );
}

function initted(layers: number, prefix = ''): Record<string, HostTensor> {
  const keys = Array.from({ length: layers }, (_, layer) => `${prefix}layers.${layer}._codebook.initted`);
  return Object.fromEntries(keys.map((key) => [key, { shape: [], data: Int32Array.of(1) }]));
}

function keptLayers(test: ParityCase, config: ResidualVectorConfig): { readonly keptLayers?: number } {
  const { fixed_dropout_seed: seed } = test.config as unknown as ResidualCase;
  if (!config.dropsLayers || seed === undefined) return {};
  return { keptLayers: drawKeptLayers(seed, config, config.layers.length) };
}

async function runResidualTraining(test: ParityCase, report: ParityReport, isMap: boolean): Promise<void> {
  const { args } = test.config as unknown as ResidualCase;
  const config = residualVectorQuantizer.parseConfig(args);
  const declared = (map: Parameters<typeof residualVectorQuantizer.weights>[0]) =>
    residualVectorQuantizer.weights(map, config);
  const keys = weightKeys(declared);
  const statistics = config.layers.flatMap((_, layer) => [
    `layers.${layer}._codebook.cluster_size`,
    `layers.${layer}._codebook.embed_avg`,
  ]);
  await runCodebookSteps(test, report, {
    keys: [...keys, ...statistics],
    reported: initted(config.layers.length),
    isMap,
    forward(x, buffers, draws) {
      const params = officialParams<ResidualVectorParams>(
        declared,
        Object.fromEntries(keys.map((key) => [key, buffers[key]!])),
      );
      const { quantized, ids, loss, states } = trainResidualVector(x, params, statesOf(buffers, config), config, {
        ...keptLayers(test, config),
        ...(draws['perm'] && { sharedDeadCodeRows: draws['perm'] }),
      });
      return { quantized, ids, loss, after: buffersOf(states) };
    },
  });
}

async function runGroupedTraining(test: ParityCase, report: ParityReport, isMap: boolean): Promise<void> {
  const { args } = test.config as unknown as ResidualCase;
  const config = groupedResidualVectorQuantizer.parseConfig(args);
  const declared = (map: Parameters<typeof groupedResidualVectorQuantizer.weights>[0]) =>
    groupedResidualVectorQuantizer.weights(map, config);
  const keys = weightKeys(declared);
  const prefixes = Array.from({ length: config.groups }, (_, group) => `rvqs.${group}.`);
  const statistics = prefixes.flatMap((prefix) =>
    config.group.layers.flatMap((_, layer) => [
      `${prefix}layers.${layer}._codebook.cluster_size`,
      `${prefix}layers.${layer}._codebook.embed_avg`,
    ]),
  );
  await runCodebookSteps(test, report, {
    keys: [...keys, ...statistics],
    reported: Object.assign({}, ...prefixes.map((prefix) => initted(config.group.layers.length, prefix))) as Record<
      string,
      HostTensor
    >,
    isMap,
    forward(x, buffers) {
      const params = officialParams<GroupedParams<ResidualVectorParams>>(
        declared,
        Object.fromEntries(keys.map((key) => [key, buffers[key]!])),
      );
      const states = prefixes.map((prefix) => statesOf(buffers, config.group, prefix));
      const kept = keptLayers(test, config.group);
      const result = trainGroupedResidualVector(
        x,
        params,
        states,
        config,
        prefixes.map(() => kept),
      );
      const after = result.states.map((own, group) => buffersOf(own, prefixes[group]));
      return {
        quantized: result.quantized,
        ids: result.ids,
        loss: result.loss,
        after: Object.assign({}, ...after) as Tensors,
      };
    },
  });
}
