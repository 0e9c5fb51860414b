import { describe, expect, it } from 'vitest';
import { randomWeights } from '../../core/src/checkpoint/random-weights';
import { presets as beatsPresets } from '../src/beats/presets';
import { readWeights as readBeats } from '../src/beats/weights';
import { presets as dacPresets } from '../src/dac/presets';
import { readWeights as readDac } from '../src/dac/weights';
import type { EncodecConfig } from '../src/encodec/config';
import { presets as encodecPresets } from '../src/encodec/presets';
import { readWeights as readEncodec } from '../src/encodec/weights';
import { presets as melRvqPresets } from '../src/mel-rvq/config';
import { readWeights as readMelRvq } from '../src/mel-rvq/weights';
import { audioTokenizers } from '../src/registry';
import { presets as s3Presets } from '../src/s3/presets';
import { readWeights as readS3 } from '../src/s3/weights';
import { presets as snacPresets } from '../src/snac/presets';
import { readWeights as readSnac } from '../src/snac/weights';
import { audioPipeline } from '../src/tokenizer/prepare-audio';
import { presets as wavtokenizerPresets } from '../src/wavtokenizer/presets';
import { readWeights as readWavtokenizer } from '../src/wavtokenizer/weights';

describe('the registry', async () => {
  const systems = await audioTokenizers.systems();
  const listed = await audioTokenizers.list();

  it('lists every preset of every system once', () => {
    const names = systems.flatMap(({ presets }) => Object.keys(presets));
    expect(listed.map(({ name }) => name)).toEqual(names);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each(listed)('$name is complete', ({ license, paper, source, memoryBytes }) => {
    expect(license.name).not.toBe('');
    expect(paper).not.toBe('');
    expect(source.file).toMatch(/\.(safetensors|ckpt|th|pth|pt|onnx|bin)$/);
    expect(source.repository ?? source.url ?? source.bundled).toBeDefined();
    expect(memoryBytes?.['encode']).toBeGreaterThan(0);
  });

  it('names the preprocessing that the tokenizers do', () => {
    expect(wavtokenizerPresets['wavtokenizer-small-40']!.pipeline).toBe('torchaudio-24000-mono');
    const { sampleRate, seanet }: EncodecConfig = encodecPresets['encodec-48khz']!.config;
    expect(encodecPresets['encodec-48khz']!.pipeline).toBe(audioPipeline({ sampleRate, channels: seanet.channels }));
  });

  it('declares as many parameters as the official models use', () => {
    const count = (mapped: readonly { readonly shape: readonly number[] }[]) =>
      mapped.reduce((sum, { shape }) => sum + shape.reduce((product, length) => product * length, 1), 0);
    for (const { config, parameters } of Object.values(wavtokenizerPresets)) {
      expect(count(randomWeights((map) => readWavtokenizer(map, config), 0).mapped)).toBe(parameters);
    }
    for (const { config, parameters } of Object.values(beatsPresets)) {
      expect(count(randomWeights((map) => readBeats(map, config), 0).mapped)).toBe(parameters);
    }
    for (const { config, parameters } of Object.values(dacPresets)) {
      expect(count(randomWeights((map) => readDac(map, config), 0).mapped)).toBe(parameters);
    }
    for (const { config, parameters } of Object.values(melRvqPresets)) {
      expect(count(randomWeights((map) => readMelRvq(map, config), 0).mapped)).toBe(parameters);
    }
    for (const { config, parameters } of Object.values(snacPresets)) {
      expect(count(randomWeights((map) => readSnac(map, config), 0).mapped)).toBe(parameters);
    }
    for (const { config, parameters } of Object.values(s3Presets)) {
      expect(count(randomWeights((map) => readS3(map, config), 0).mapped)).toBe(parameters);
    }
    for (const { config, parameters } of Object.values(encodecPresets)) {
      expect(count(randomWeights((map) => readEncodec(map, config), 0).mapped)).toBe(parameters);
    }
  });

  it('answers a mistyped preset with the nearest names', async () => {
    await expect(audioTokenizers.fromPretrained('encodec-24kh')).rejects.toMatchObject({
      code: 'unknown-preset',
      message: expect.stringContaining('encodec-24khz'),
    });
  });
});
