import type { SampleFormat } from './sample-format';

/** Samples without a header, by name. */
export type SampleLayout = 'uint8' | 'int8' | 'int16' | 'int24' | 'int32' | 'float32' | 'float64' | 'a-law' | 'mu-law';

const layouts: Readonly<Record<SampleLayout, Pick<SampleFormat, 'encoding' | 'bytes'>>> = {
  uint8: { encoding: 'unsigned', bytes: 1 },
  int8: { encoding: 'signed', bytes: 1 },
  int16: { encoding: 'signed', bytes: 2 },
  int24: { encoding: 'signed', bytes: 3 },
  int32: { encoding: 'signed', bytes: 4 },
  float32: { encoding: 'float', bytes: 4 },
  float64: { encoding: 'float', bytes: 8 },
  'a-law': { encoding: 'a-law', bytes: 1 },
  'mu-law': { encoding: 'mu-law', bytes: 1 },
};

/** Names of {@link SampleLayout}. */
export const sampleLayouts = Object.keys(layouts) as readonly SampleLayout[];

/** How samples of that name are stored. */
export function sampleFormatOf(layout: SampleLayout, littleEndian: boolean): SampleFormat {
  return { ...layouts[layout], littleEndian };
}
