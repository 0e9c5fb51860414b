import { createHash } from 'node:crypto';
import { baseName } from './source-file';

/** Why a file is never trained on. */
export type HeldOutReason = 'sample' | 'hash' | 'evaluation-only';

/** The original of a sample. */
export interface SampleSource {
  /** File in `samples`. */
  readonly sample: string;
  /** Base name of the original. */
  readonly name: string;
  /** Of the original's bytes, hexadecimal. */
  readonly sha256: string;
}

/** Originals of the pictures in `samples/image`, as in its `ATTRIBUTION.md`. */
export const sampleSources: readonly SampleSource[] = [
  {
    sample: 'dandelions.png',
    name: 'seeding_by_Clements_Engelhardt.jpg',
    sha256: 'a5634d1ab5e41a3568e92d4a894a500c92b891f9ff734e50bd224d6e185a605f',
  },
  {
    sample: 'dogs.png',
    name: 'friends_by_Aitzol_Berasategi.jpg',
    sha256: 'cc40e313c74e421edffe3403def413c16878ce14661cce7ec5915baeab35538d',
  },
  {
    sample: 'mountains.png',
    name: 'picosdeeuropa_by_Aitzol_Berasategi.jpg',
    sha256: '414d0072b2f6f2c555deafeaef6e45c4fed6fa9ad26eba6560ca8803959cf97a',
  },
  {
    sample: 'stream.png',
    name: 'life_by_Aitzol_Berasategi.jpg',
    sha256: '4c119350ead80201fe256850c3d316309ddfb4bdf10b235ce982dcde0c667c05',
  },
  {
    sample: 'fig-bowl.png',
    name: 'Picture_0B_by_freespace.jpg',
    sha256: 'c8c0ab18e48d9e0419fe42881112137f3afafc27dfddc29ec3a6d54c56d225ad',
  },
  {
    sample: 'brushes.png',
    name: 'Picture_1A_by_freespace.jpg',
    sha256: '89e86af38d04daaef975665dc2127e9fa76f0fd68f4eea105a2d0ae3390b010b',
  },
  {
    sample: 'cat.png',
    name: 'chelsea.png',
    sha256: '596aa1e7cb875eb79f437e310381d26b338a81c2da23439704a73c4651e8c4bb',
  },
  {
    sample: 'coffee.png',
    name: 'coffee.png',
    sha256: 'cc02f8ca188b167c775a7101b5d767d1e71792cf762c33d6fa15a4599b5a8de7',
  },
  {
    sample: 'camera-grey.png',
    name: 'camera.png',
    sha256: 'b0793d2adda0fa6ae899c03989482bff9a42d3d5690fc7e3648f2795d730c23a',
  },
  {
    sample: 'rocket.png',
    name: 'rocket.jpg',
    sha256: 'c2dd0de7c538df8d111e479619b129464d0269d0ae5fd18ca91d33a7fdfea95c',
  },
  {
    sample: 'deep-field.png',
    name: 'hubble_deep_field.jpg',
    sha256: '3a19c5dd8a927a9334bb1229a6d63711b1c0c767fb27e2286e7c84a3e2c2f5f4',
  },
  {
    sample: 'moose.png',
    name: 'moose.webp',
    sha256: '2252a671c2e0ade9ce6ff6d41957348a81ebccfd952ba59bfddceff0b059ea48',
  },
  {
    sample: 'crocodile.png',
    name: 'crocodile.webp',
    sha256: '840cf54b69bf4fb9a14a99fe502e237ad36e7230c146ca884b7b0e444ec12534',
  },
  {
    sample: 'great-wall.png',
    name: 'greatWall.webp',
    sha256: '20f068c58b07adde453a7576d1b771668805234ec261353ba2d09ee9a52a54cc',
  },
  {
    sample: 'watermelon-rgba.png',
    name: 'watermelon_james_kilfige_01.png',
    sha256: '889e7d9d3af14da63d87bf70bb46c898f42887e31a719cdec271021a125a93c2',
  },
  {
    sample: 'ladybird-rgba.png',
    name: 'coccinelle_tanguy_jacq_01.png',
    sha256: 'b8ddcd523afd70b7fa6410be11dcf3bb5921ab08ec84248bfa548e87802e32d4',
  },
];

/** Of 256 values of the first byte of a name's hash, so many are held out: a tenth. */
const heldOutBytes = 26;

/**
 * Whether a file is kept from training: the originals of samples (by name and by content, in whatever package) and every
 * file whose base name has a SHA-256 that starts with a byte below 26.
 *
 * @param path - Path of the file; only its last part counts.
 * @param sha256 - Of the file's bytes, hexadecimal.
 * @param samples - Default: those of the pictures.
 */
export function heldOutReason(
  path: string,
  sha256: string,
  samples: readonly SampleSource[] = sampleSources,
): HeldOutReason | undefined {
  const name = baseName(path);
  if (samples.some((sample) => sample.name === name || sample.sha256 === sha256)) return 'sample';
  return createHash('sha256').update(name).digest()[0]! < heldOutBytes ? 'hash' : undefined;
}
