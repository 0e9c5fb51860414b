import type { HostTensor } from '@tesserae/core';

/** Ids `[K, B, F]` as the official `[B, K, F]`, the first `kept` codebooks of them. */
export function batchFirst({ shape, data }: HostTensor, kept = shape[0]!): HostTensor {
  const [, batch = 0, frames = 0] = shape;
  const out = new Int32Array(kept * batch * frames);
  for (let item = 0; item < batch; item += 1) {
    for (let level = 0; level < kept; level += 1) {
      const row = data.subarray((level * batch + item) * frames, (level * batch + item + 1) * frames);
      out.set(row, (item * kept + level) * frames);
    }
  }
  return { shape: [batch, kept, frames], data: out };
}
