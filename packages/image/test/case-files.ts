import { readFile } from 'node:fs/promises';
import type { HostTensor, ImageSignal, Json } from '@tesserae/core';
import { openCheckpoint } from '@tesserae/core';

export interface CaseFiles {
  readonly folder: string;
  readonly config: Json;
  /** Path of a file of the case. */
  path(file: string): string;
  bytes(file: string): Promise<Uint8Array>;
  /** A stored tensor. */
  tensor(name: string): Promise<HostTensor>;
  /** A stored picture `[1, 3, H, W]` as floats. */
  image(name: string): Promise<ImageSignal>;
  /** Stored ids as a list. */
  ids(name: string): Promise<number[]>;
}

/** Files of a committed case, made with the official code: `titok/vae-c16`. */
export async function caseFiles(name: string): Promise<CaseFiles> {
  const folder = new URL(`./fixtures/${name}`, import.meta.url).pathname;
  const { config } = JSON.parse(await readFile(`${folder}/case.json`, 'utf8')) as { readonly config: Json };
  const tensor = async (key: string): Promise<HostTensor> => {
    const stored = await openCheckpoint(`${folder}/io.safetensors`);
    try {
      const { shape, read } = stored.tensor(key);
      return { shape, data: await read() };
    } finally {
      await stored.close();
    }
  };
  return {
    folder,
    config,
    path: (file) => `${folder}/${file}`,
    bytes: async (file) => new Uint8Array(await readFile(`${folder}/${file}`)),
    tensor,
    async image(key) {
      const { shape, data } = await tensor(key);
      const [, , height, width] = shape as [number, number, number, number];
      const pixels = new Float32Array(data.length);
      for (let i = 0; i < pixels.length; i += 1) pixels[i] = data[(i % 3) * width * height + Math.floor(i / 3)]!;
      return { modality: 'image', width, height, channels: 3, data: pixels };
    },
    ids: async (key) => Array.from((await tensor(key)).data),
  };
}

/** All float32 tensors of a weight file. */
export async function weightTensors(
  file: string,
): Promise<Record<string, { readonly shape: readonly number[]; readonly data: Float32Array }>> {
  const checkpoint = await openCheckpoint(file);
  try {
    const tensors: Record<string, { readonly shape: readonly number[]; readonly data: Float32Array }> = {};
    for (const key of checkpoint.keys()) {
      const { shape, read } = checkpoint.tensor(key);
      tensors[key] = { shape, data: Float32Array.from(await read()) };
    }
    return tensors;
  } finally {
    await checkpoint.close();
  }
}

/** The largest difference of two pictures. */
export function difference(a: ImageSignal, b: ImageSignal): number {
  const differences = Float32Array.from(a.data, (value, index) => Math.abs(value - b.data[index]!));
  return differences.reduce((largest, value) => Math.max(largest, value), 0);
}

/** Bytes 0..255 as `decode` makes them of floats `[1, 3, H, W]`. */
export function truncatedPixels({ shape, data }: HostTensor): Uint8Array {
  const plane = shape[2]! * shape[3]!;
  return Uint8Array.from({ length: data.length }, (_, i) => {
    const value = Math.min(1, Math.max(0, data[(i % 3) * plane + Math.floor(i / 3)]!));
    return Math.floor(Math.fround(value * 255));
  });
}
