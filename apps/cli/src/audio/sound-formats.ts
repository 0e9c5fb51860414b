import type { AudioFileFormat } from '@tesserae/audio';

/** What `decode` writes sound as; `raw` is samples without a header. */
export type SoundFormat = AudioFileFormat | 'raw';

/** What `--format` takes for sounds. */
export const soundFormats: readonly SoundFormat[] = ['wav', 'flac', 'opus', 'mp3', 'raw'];

/** Samples that are read without a header, by name. */
export const rawLayouts = [
  'int16',
  'int24',
  'int32',
  'float32',
  'float64',
  'uint8',
  'int8',
  'a-law',
  'mu-law',
] as const;

/** Samples that are written, by name. */
export const sampleFormats = ['int16', 'int24', 'int32', 'float32', 'float64', 'uint8'] as const;

/** Of one sample. */
export const sampleBytes: Readonly<Record<(typeof sampleFormats)[number], number>> = {
  int16: 2,
  int24: 3,
  int32: 4,
  float32: 4,
  float64: 8,
  uint8: 1,
};

const endings: Readonly<Record<string, SoundFormat>> = {
  wav: 'wav',
  flac: 'flac',
  opus: 'opus',
  ogg: 'opus',
  mp3: 'mp3',
  raw: 'raw',
  pcm: 'raw',
};

/** By the ending of a file name. */
export function soundFormatOf(path: string | undefined): SoundFormat | undefined {
  return endings[/\.([a-z0-9]+)$/i.exec(path ?? '')?.[1]?.toLowerCase() ?? ''];
}
