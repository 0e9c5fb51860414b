import type { WeightMap } from '@tesserae/core';
import type { ParityRunner } from '@tesserae/core/test';
import { presets as beatsPresets } from '../../src/beats/presets';
import { readWeights as readBeats } from '../../src/beats/weights';
import { presets as dacPresets } from '../../src/dac/presets';
import { readWeights as readDac } from '../../src/dac/weights';
import { presets as encodecPresets } from '../../src/encodec/presets';
import { readWeights as readEncodec } from '../../src/encodec/weights';
import { presets as mimiPresets } from '../../src/mimi/presets';
import { readWeights as readMimi } from '../../src/mimi/weights';
import { presets as s3Presets } from '../../src/s3/presets';
import { readWeights as readS3 } from '../../src/s3/weights';
import { presets as snacPresets } from '../../src/snac/presets';
import { readWeights as readSnac } from '../../src/snac/weights';
import { fitsManifest } from './manifest-fit';

/** Which declaration of weights has the keys and shapes of each official class. */
const declarations: Readonly<Record<string, (map: WeightMap) => unknown>> = {
  'beats-tokenizer.json': (map) => readBeats(map, beatsPresets['beats-iter3']!.config),
  ...Object.fromEntries(
    Object.entries(dacPresets).map(([name, { config }]) => [`${name}.json`, (map: WeightMap) => readDac(map, config)]),
  ),
  'encodec-24khz.json': (map) => readEncodec(map, encodecPresets['encodec-24khz']!.config),
  'encodec-48khz.json': (map) => readEncodec(map, encodecPresets['encodec-48khz']!.config),
  'mimi.json': (map) => readMimi(map, mimiPresets['mimi']!.config),
  's3-speech_tokenizer_v1.json': (map) => readS3(map, s3Presets['s3-v1-50']!.config),
  's3-speech_tokenizer_v1_25hz.json': (map) => readS3(map, s3Presets['s3-v1-25']!.config),
  's3-speech_tokenizer_v2_25hz.json': (map) => readS3(map, s3Presets['s3-v2-25']!.config),
  'snac-24khz.json': (map) => readSnac(map, snacPresets['snac-24khz']!.config),
  'snac-44khz.json': (map) => readSnac(map, snacPresets['snac-44khz']!.config),
};

/** Every key of the official classes is used or ignored by name, in the official shape; none is missing. */
export const runManifests: ParityRunner = async (test, report) => {
  for (const [file, weights] of Object.entries(declarations)) {
    const { keys } = (await test.json(file)) as unknown as {
      readonly keys: Readonly<Record<string, readonly number[]>>;
    };
    report.equal(file, fitsManifest(keys, weights), { missing: [], unexpected: [], misshaped: [] });
  }
};
