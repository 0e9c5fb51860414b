import { toRgb } from '@tesserae/core/raster';
import type { ParityRunner } from '@tesserae/core/test';
import { readImage } from '../../src/io/read-image';
import { toRaster } from '../../src/pipelines/pipelines';
import { tensorOf } from './rasters';

/** Every kind of PNG to RGB, byte for byte: from the bytes in the tensors and from the files. */
export const runPngToRgb: ParityRunner = async (test, report) => {
  const { files } = test.config as unknown as { readonly files: readonly string[] };
  for (const file of files) {
    const bytes = Uint8Array.from(test.input(`png.${file}`).data);
    const image = await readImage(bytes);
    report.tensor(`${file}.rgb`, tensorOf(toRgb(toRaster(image))), 'as-is', { tolerance: 0 });
    report.equal(`${file}.png`, Array.from(await test.bytes(`${file}.png`)), Array.from(bytes));
  }
};
