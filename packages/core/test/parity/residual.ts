import '@tensorflow/tfjs';
import type { HostTensor, Tensors } from '../../src/engine/engine';
import type { GroupedParams } from '../../src/quantize/grouped';
import {
  groupedResidualVectorQuantizer,
  residualVectorCodes,
  type ResidualVectorParams,
  residualVectorQuantizer,
} from '../../src/quantize/residual-vector';
import type { ResidualVectorConfig } from '../../src/quantize/residual-vector-config';
import type { Json } from '../../src/signal/signal';
import type { ParityCase, ParityReport, ParityRunner } from '../../src/test/parity/parity-case';
import { drawKeptLayers } from '../../src/train/quantize/residual-dropout';
import type { ResidualVectorDraws } from '../../src/train/quantize/residual-step';
import { trainGroupedResidualVector, trainResidualVector } from '../../src/train/quantize/residual-vector';
import { runCodebookSteps } from './codebook-steps';
import { drawsOf as multiHeadDraws } from './lucidrains-vq';
import { officialParams, weightKeys } from './official-params';
import { openQuantizer } from './open-quantizer';
import { buffersOf, pick, startedFlags, statesOf, statisticsKeys } from './residual-states';
import { channelsFirst, channelsLast, runTraining } from './run-training';

interface ResidualCase {
  readonly class: 'ResidualVQ' | 'GroupedResidualVQ';
  readonly args: Readonly<Record<string, Json>>;
  readonly train?: boolean;
  readonly fixed_dropout_seed?: number;
}

const zeros = (shape: readonly number[]): HostTensor => ({
  shape,
  data: new Float32Array(shape.reduce((product, axis) => product * axis, 1)),
});

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
  if (test.expects('decoded')) report.tensor('decoded', await quantizer.decode(ids!));
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

function keptLayers(test: ParityCase, config: ResidualVectorConfig): { readonly keptLayers?: number } {
  const { fixed_dropout_seed: seed } = test.config as unknown as ResidualCase;
  if (!config.dropsLayers || seed === undefined) return {};
  return { keptLayers: drawKeptLayers(seed, config, config.layers.length) };
}

/** Draws of a step for every layer; the official code was given the same ones in each. */
function layerDraws(
  draws: Tensors,
  config: ResidualVectorConfig,
  starts: boolean,
  test: ParityCase,
): ResidualVectorDraws {
  const { noise, ...others } = draws;
  const { perm } = draws;
  return {
    ...keptLayers(test, config),
    layers: config.layers.map((_, layer) => multiHeadDraws(others, starts && (layer === 0 || !config.sharedCodebook))),
    ...(perm && config.sharedCodebook && { sharedDeadCodeRows: perm }),
    ...(noise && { directionNoise: noise }),
  };
}

async function runResidualTraining(test: ParityCase, report: ParityReport, isMap: boolean): Promise<void> {
  const { args } = test.config as unknown as ResidualCase;
  const config = residualVectorQuantizer.parseConfig(args);
  const declared = (map: Parameters<typeof residualVectorQuantizer.weights>[0]) =>
    residualVectorQuantizer.weights(map, config);
  const keys = weightKeys(declared);
  const count = config.layers.length;
  const starts = config.layers[0]!.kmeansInit && (await test.weight('layers.0._codebook.initted')).data[0] === 0;
  await runCodebookSteps(test, report, {
    keys: [...keys, ...statisticsKeys(count)],
    reported: startedFlags(count, 'initted'),
    isMap,
    forward(x, buffers, draws, { step }) {
      const params = officialParams<ResidualVectorParams>(declared, pick(buffers, keys));
      const drawn = layerDraws(draws, config, starts && step === 1, test);
      const { states, ...result } = trainResidualVector(x, params, statesOf(buffers, count), config, drawn, {
        beamUpdates: 'first',
      });
      return { ...result, after: buffersOf(states) };
    },
  });
}

async function runGroupedTraining(test: ParityCase, report: ParityReport, isMap: boolean): Promise<void> {
  const { args } = test.config as unknown as ResidualCase;
  const config = groupedResidualVectorQuantizer.parseConfig(args);
  const declared = (map: Parameters<typeof groupedResidualVectorQuantizer.weights>[0]) =>
    groupedResidualVectorQuantizer.weights(map, config);
  const keys = weightKeys(declared);
  const count = config.group.layers.length;
  const prefixes = Array.from({ length: config.groups }, (_, group) => `rvqs.${group}.`);
  await runCodebookSteps(test, report, {
    keys: [...keys, ...prefixes.flatMap((prefix) => statisticsKeys(count, prefix))],
    reported: Object.fromEntries(prefixes.flatMap((prefix) => Object.entries(startedFlags(count, 'initted', prefix)))),
    isMap,
    forward(x, buffers, draws) {
      const params = officialParams<GroupedParams<ResidualVectorParams>>(declared, pick(buffers, keys));
      const states = prefixes.map((prefix) => statesOf(buffers, count, prefix));
      const drawn = prefixes.map(() => layerDraws(draws, config.group, false, test));
      const { states: after, ...result } = trainGroupedResidualVector(x, params, states, config, drawn);
      const entries = after.flatMap((own, group) => Object.entries(buffersOf(own, prefixes[group])));
      return { ...result, after: Object.fromEntries(entries) };
    },
  });
}
