import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mulberry32 } from '@tesserae/core';

interface CropSet {
  readonly file: string;
  readonly crops: number;
  /** Pictures: where their crops begin, and how many there are. */
  readonly sources: readonly { readonly id: string; readonly first: number; readonly count: number }[];
}

interface CropIndex {
  readonly size: number;
  readonly channels: number;
  readonly sets: Readonly<Record<'photos' | 'textures' | 'drawings', CropSet>>;
}

export interface TrainingCrops {
  /** Side in pixels. */
  readonly size: number;
  readonly files: number;
  readonly crops: number;
  /** RGB in 0..1, `[count, size, size, 3]`, of one update: a function of the seed and the number of the update. */
  batch(step: number, count: number): Float32Array;
}

/** Photographs, textures and paintings, drawings (data 8.1). */
const shares = { photos: 0.65, textures: 0.22, drawings: 0.13 } as const;

/** Reads all crops that `npm run data` has cut (0.6 GB) into memory. */
export function openCrops(folder: string, seed: number): TrainingCrops {
  const { size, channels, sets } = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8')) as CropIndex;
  if (channels !== 3) throw new Error(`${folder}/index.json: expected 3 channels, got ${channels}.`);
  const pixels = new Map(Object.entries(sets).map(([name, { file }]) => [name, readFileSync(join(folder, file))]));
  const unit = Float32Array.from({ length: 256 }, (_, byte) => byte / 255);
  const stride = size * size * 3;
  return {
    size,
    files: Object.values(sets).reduce((sum, { sources }) => sum + sources.length, 0),
    crops: Object.values(sets).reduce((sum, set) => sum + set.crops, 0),
    batch(step, count) {
      const random = mulberry32(Math.imul(seed + 1, 0x9e3779b1) + step);
      const draws = random.uniform(count * 4);
      const out = new Float32Array(count * stride);
      for (let i = 0; i < count; i += 1) {
        const [kind, place, member, flip] = draws.subarray(i * 4, i * 4 + 4) as unknown as readonly [
          number,
          number,
          number,
          number,
        ];
        const name = kind < shares.photos ? 'photos' : kind < shares.photos + shares.textures ? 'textures' : 'drawings';
        const crop = name === 'photos' ? ofAnyFile(sets.photos, place, member) : Math.floor(place * sets[name].crops);
        copyCrop(
          pixels.get(name)!.subarray(crop * stride, (crop + 1) * stride),
          out.subarray(i * stride, (i + 1) * stride),
          unit,
          size,
          flip < 0.5,
        );
      }
      return out;
    },
  };
}

/** Every photograph as often as any other, however many crops it gave. */
function ofAnyFile({ sources }: CropSet, place: number, member: number): number {
  const { first, count } = sources[Math.floor(place * sources.length)]!;
  return first + Math.floor(member * count);
}

function copyCrop(from: Uint8Array, to: Float32Array, unit: Float32Array, size: number, flip: boolean): void {
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      const source = (y * size + (flip ? size - 1 - x : x)) * 3;
      const target = (y * size + x) * 3;
      to[target] = unit[from[source]!]!;
      to[target + 1] = unit[from[source + 1]!]!;
      to[target + 2] = unit[from[source + 2]!]!;
    }
  }
}
