import type { AudioSignal } from '@tesserae/core';
import { randomWeights } from '../../core/src/checkpoint/random-weights';
import { writeSafetensors } from '../../core/src/checkpoint/write-safetensors';
import { parseConfig } from '../src/beats/config';
import { readWeights } from '../src/beats/weights';

/** Patches of 16, the published flags, small widths. */
export const tinyCfg = {
  input_patch_size: 16,
  embed_dim: 12,
  encoder_layers: 2,
  encoder_embed_dim: 16,
  encoder_ffn_embed_dim: 24,
  encoder_attention_heads: 4,
  deep_norm: true,
  conv_pos: 8,
  conv_pos_groups: 2,
  relative_position_embedding: true,
  num_buckets: 32,
  max_distance: 64,
  gru_rel_pos: true,
  quant_n: 64,
  quant_dim: 8,
};

export interface StoredTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Random tensors of a file under official keys, tables of positions large enough to matter. */
export async function beatsTensors(cfg: Readonly<Record<string, unknown>> = tinyCfg, seed = 1) {
  const config = parseConfig(cfg as never);
  const { mapped } = randomWeights((map) => readWeights(map, config), seed);
  const tensors = new Map<string, StoredTensor>();
  for (const { key, shape, recipe } of mapped) {
    if (recipe.kind !== 'values') throw new Error(key);
    const values = (await recipe.read()) as Float32Array;
    tensors.set(key, { shape, data: key.includes('relative') ? values.map((value) => 50 * value) : values });
  }
  return tensors;
}

/** A file with its `cfg`, as official ones have it. */
export function beatsFile(tensors: ReadonlyMap<string, StoredTensor>, cfg?: object): Uint8Array {
  return writeSafetensors(tensors, cfg && { metadata: { cfg: JSON.stringify(cfg) } });
}

/** A tone that climbs from 100 Hz to 7 kHz within a second, over and over, with noise that comes and goes; 16 kHz. */
export function sweep(samples: number, seed = 1): AudioSignal {
  let state = seed;
  let phase = 0;
  const channel = Float32Array.from({ length: samples }, (_, at) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    phase += (2 * Math.PI * 100 * 70 ** ((at % 16_000) / 16_000)) / 16_000;
    const noise = (state / 2 ** 31 - 1) * Math.max(0, Math.sin(at * 0.0007 * seed)) ** 8;
    return 0.3 * Math.sin(phase) + 0.5 * noise;
  });
  return { modality: 'audio', sampleRate: 16_000, channels: [channel] };
}
