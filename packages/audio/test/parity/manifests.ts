import type { WeightMap } from '@tesserae/core';
import type { ParityRunner } from '@tesserae/core/test';
import { presets as encodecPresets } from '../../src/encodec/presets';
import { readWeights as readEncodec } from '../../src/encodec/weights';
import { fitsManifest } from './manifest-fit';

/** Which declaration of weights has the keys and shapes of each official class. */
const declarations: Readonly<Record<string, (map: WeightMap) => unknown>> = {
  'encodec-24khz.json': (map) => readEncodec(map, encodecPresets['encodec-24khz']!.config),
  'encodec-48khz.json': (map) => readEncodec(map, encodecPresets['encodec-48khz']!.config),
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
