import { safetensorsBytes, useLeakGuard } from '@tesserae/core/test';
import { describe, expect, it } from 'vitest';
import { systemInternals } from '../../../core/src/pretrained/define-system';
import { s3Weights, type StateDict } from '../../test/s3-files';
import { type Epsilons, latentsInDoubles } from '../../test/s3-in-doubles';
import { parseConfig, tokenCount } from './config';
import { s3 } from './s3';

const sizes = { n_mels: 8, n_audio_state: 64, n_audio_head: 1, n_audio_layer: 2 };
const versions = {
  2: { name: 'speech_tokenizer_v2_25hz', epsilons: { attention: 1e-6, mlp: 1e-5 } },
  3: { name: 'speech_tokenizer_v3_25hz', epsilons: { attention: 1e-5, mlp: 1e-5 } },
} as const;
const configOf = (version: 2 | 3) => parseConfig({ name: versions[version].name, config: sizes });

/** Activations of some thousandths, so that epsilons count. */
function quiet(weights: StateDict): StateDict {
  const small = (key: string) => (/conv2|\.(?:out|mlp\.2|fsmn_block)\./.test(key) ? 0.003 : 1);
  return Object.fromEntries(
    Object.entries(weights).map(([key, { shape, data }]) => [
      key,
      { shape, data: data.map((value) => value * small(key)) },
    ]),
  );
}

const spectrum = (frames: number) =>
  Array.from({ length: frames }, (_, frame) =>
    Array.from({ length: 8 }, (__, mel) => Math.sin(12.9898 * (frame * 8 + mel) + 0.5)),
  );

/** Latents of spectra of different lengths, as one batch. */
async function latentsOf(version: 2 | 3, weights: StateDict, lengths: readonly number[]): Promise<number[][][]> {
  const config = configOf(version);
  const options = { engine: 'cpu', parsedConfig: config } as const;
  const model = await systemInternals(s3).openModel(safetensorsBytes(weights), options);
  const steps = Math.max(...lengths);
  const mel = new Float32Array(lengths.length * steps * 8).fill(7);
  lengths.forEach((frames, item) => mel.set(spectrum(frames).flat(), item * steps * 8));
  const { latents } = await model.run('latents', {
    mel: { shape: [lengths.length, steps, 8], data: mel },
    frames: { shape: [lengths.length], data: Float32Array.from(lengths) },
  });
  await model.dispose();
  const width = 64 * tokenCount(steps, config);
  return lengths.map((frames, item) =>
    Array.from({ length: tokenCount(frames, config) }, (_, token) => [
      ...latents!.data.subarray(item * width + token * 64, item * width + (token + 1) * 64),
    ]),
  );
}

/** Largest difference, in parts of the largest value. */
function difference(actual: readonly number[][], expected: readonly (readonly number[])[]): number {
  const largest = Math.max(...expected.flat().map(Math.abs));
  return Math.max(...actual.flat().map((value, at) => Math.abs(value - expected.flat()[at]!))) / largest;
}

describe.each([2, 3] as const)('the encoder of version %i', (version) => {
  useLeakGuard();
  const weights = s3Weights(configOf(version));

  it.each([
    ['as they are', weights],
    ['quiet', quiet(weights)],
  ])('follows the formulas, weights %s, whatever lies behind the end', async (_, given) => {
    const lengths = [150, 41, 1];
    const actual = await latentsOf(version, given, lengths);
    lengths.forEach((frames, item) => {
      const expected = latentsInDoubles(spectrum(frames), given, 2, versions[version].epsilons);
      expect(actual[item]).toHaveLength(expected.length);
      expect(difference(actual[item]!, expected)).toBeLessThan(2e-5);
    });
  });

  it('has the epsilons of its version', async () => {
    const [actual] = await latentsOf(version, quiet(weights), [41]);
    const others: Epsilons = versions[version === 2 ? 3 : 2].epsilons;
    expect(difference(actual!, latentsInDoubles(spectrum(41), quiet(weights), 2, others))).toBeGreaterThan(1e-3);
  });
});

describe('version 3', () => {
  useLeakGuard();

  it('has a bias on its keys', async () => {
    const weights = s3Weights(configOf(3));
    const plain = Object.fromEntries(Object.entries(weights).filter(([key]) => !key.endsWith('key.bias')));
    const [actual] = await latentsOf(3, weights, [41]);
    const without = latentsInDoubles(spectrum(41), plain, 2, versions[3].epsilons);
    expect(difference(actual!, without)).toBeGreaterThan(1e-3);
    expect(Object.keys(weights).filter((key) => key.endsWith('key.bias'))).toHaveLength(2);
  });
});
