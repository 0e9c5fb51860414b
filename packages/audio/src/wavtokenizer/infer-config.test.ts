import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCheckpoint } from '@tesserae/core';
import { safetensorsBytes, type TensorToWrite } from '@tesserae/core/test';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sound } from '../../test/tiny-models';
import { audioTokenizers } from '../registry';
import { parseConfig } from './config';
import { inferConfig } from './infer-config';
import { wavtokenizer } from './wavtokenizer';
import { unwrap } from './weights';

const fixture = decodeURIComponent(
  new URL('../../test/fixtures/wavtokenizer/pipeline-bandwidth-id/weights.safetensors', import.meta.url).pathname,
);

/** The sizes of the case, as its notes say. */
const expected = parseConfig({
  feature_extractor: { dowmsamples: [8, 5, 4, 2], vq_bins: 64, n_filters: 2, dimension: 16 },
  backbone: { input_channels: 16, dim: 32, intermediate_dim: 48, num_layers: 2, adanorm_num_embeddings: 4 },
  head: { dim: 32, n_fft: 1280, hop_length: 320, padding: 'same' },
});

describe('a file without configuration', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wavtokenizer-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('says its sizes by the shapes of its tensors', async () => {
    const checkpoint = await openCheckpoint(fixture);
    expect(inferConfig(unwrap(checkpoint))).toEqual(expected);
    const centered = { ...expected, head: { ...expected.head, padding: 'center' } } as const;
    expect(inferConfig(unwrap(checkpoint), centered)).toEqual(centered);
    await checkpoint.close();
    const other = await openCheckpoint(safetensorsBytes({ 'head.out.weight': zeros([3, 2]) }));
    expect(inferConfig(other)).toBeUndefined();
    await other.close();
  });

  it('opens by itself, in a Lightning layout, and in the names of the transformers port with the same ids', async () => {
    const tensors = await readAll(fixture);
    const lightning = mapped(tensors, (key) => `state_dict.${key}`);
    const extra = { 'state_dict.discriminator.x': zeros([2]), 'optimizer_states.0.state.1.exp_avg': zeros([2]) };
    const port = mapped(tensors, (key) => (key.includes('encodec.decoder.') ? undefined : portKey(key)));
    const official = await wavtokenizer.fromPretrained(fixture, { engine: 'cpu' });
    const ids = (await official.encode(sound(2000))).levels[0]!.data;
    for (const weights of [{ ...lightning, ...extra }, port]) {
      const tokenizer = await wavtokenizer.fromPretrained(safetensorsBytes(weights), { engine: 'cpu' });
      expect([...(await tokenizer.encode(sound(2000))).levels[0]!.data]).toEqual([...ids]);
      expect(tokenizer.info.identity.fingerprint).toBe(official.info.identity.fingerprint);
      await tokenizer.dispose();
    }
    await official.dispose();
  });

  it('takes from the YAML beside it what shapes do not show', async () => {
    const path = join(folder, 'model.safetensors');
    await copyFile(fixture, path);
    const yaml = `seed_everything: 3407
model:
  class_path: decoder.experiment.WavTokenizer
  init_args:
    sample_rate: 24000
    feature_extractor:
      class_path: decoder.feature_extractors.EncodecFeatures
      init_args:
        encodec_model: encodec_24khz
        num_quantizers: 1
        dowmsamples:
        - 8
        - 5
        - 4
        - 2
        vq_bins: 64
    backbone:
      class_path: decoder.models.VocosBackbone
      init_args:
        input_channels: 16
        dim: 32
        intermediate_dim: 48
        num_layers: 2
        adanorm_num_embeddings: 4
    head:
      class_path: decoder.heads.ISTFTHead
      init_args:
        dim: 32
        n_fft: 1280
        hop_length: 320
        padding: same
`;
    await writeFile(join(folder, 'model.yaml'), yaml);
    const tokenizer = await audioTokenizers.fromPretrained(path, { engine: 'cpu' });
    expect(tokenizer.info.identity).toMatchObject({ id: 'audio/wavtokenizer', variant: 'custom' });
    expect(tokenizer.info.signal).toMatchObject({ hopLength: 320, tokensPerSecond: 75 });
    await tokenizer.dispose();
  });
});

function zeros(shape: readonly number[]): TensorToWrite {
  return { shape, data: new Float32Array(shape.reduce((product, length) => product * length, 1)) };
}

async function readAll(path: string): Promise<Readonly<Record<string, TensorToWrite>>> {
  const checkpoint = await openCheckpoint(path);
  const tensors: Record<string, TensorToWrite> = {};
  for (const key of checkpoint.keys()) {
    tensors[key] = { shape: checkpoint.shape(key), data: Float32Array.from(await checkpoint.tensor(key).read()) };
  }
  await checkpoint.close();
  return tensors;
}

function mapped(tensors: Readonly<Record<string, TensorToWrite>>, rename: (key: string) => string | undefined) {
  return Object.fromEntries(
    Object.entries(tensors).flatMap(([key, tensor]) => {
      const renamed = rename(key);
      return renamed === undefined ? [] : [[renamed, tensor]];
    }),
  );
}

/** Official names as the port writes them. */
function portKey(key: string): string {
  return key
    .replace('feature_extractor.encodec.encoder.model.', 'encoder.layers.')
    .replace('feature_extractor.encodec.quantizer.vq.layers.0._codebook.', 'quantizer.codebook.')
    .replace('head.out.', 'head.linear.')
    .replace('.conv.conv.weight_g', '.conv.parametrizations.weight.original0')
    .replace('.conv.conv.weight_v', '.conv.parametrizations.weight.original1')
    .replace('.conv.conv.', '.conv.');
}
