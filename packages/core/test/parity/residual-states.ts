import type { HostTensor, Tensors } from '../../src/engine/engine';
import type { CodebookState } from '../../src/train/quantize/ema-codebook';

const bufferNames = ['embed', 'cluster_size', 'embed_avg'] as const;

/** Official keys of the statistics of the codebooks of layers. */
export function statisticsKeys(layers: number, prefix = ''): readonly string[] {
  return Array.from({ length: layers }, (_, layer) =>
    bufferNames.slice(1).map((name) => `${prefix}layers.${layer}._codebook.${name}`),
  ).flat();
}

export function pick(buffers: Tensors, keys: readonly string[]): Tensors {
  return Object.fromEntries(keys.map((key) => [key, buffers[key]!]));
}

/** States of the codebooks of layers. */
export function statesOf(buffers: Tensors, layers: number, prefix = ''): readonly CodebookState[] {
  return Array.from({ length: layers }, (_, layer) => {
    const [codes, counts, sums] = bufferNames.map((name) => buffers[`${prefix}layers.${layer}._codebook.${name}`]!);
    return { codes: codes!, counts: counts!, sums: sums! };
  });
}

/** The inverse of {@link statesOf}. */
export function buffersOf(states: readonly CodebookState[], prefix = ''): Tensors {
  return Object.fromEntries(
    states.flatMap(({ codes, counts, sums }, layer) =>
      [codes, counts, sums!].map((tensor, i) => [`${prefix}layers.${layer}._codebook.${bufferNames[i]}`, tensor]),
    ),
  );
}

/** Flags that say that layers have codes, under the name that a code base gives them. */
export function startedFlags(layers: number, name: 'initted' | 'inited', prefix = ''): Record<string, HostTensor> {
  const keys = Array.from({ length: layers }, (_, layer) => `${prefix}layers.${layer}._codebook.${name}`);
  const shape = name === 'inited' ? [1] : [];
  return Object.fromEntries(keys.map((key) => [key, { shape, data: Float32Array.of(1) }]));
}
