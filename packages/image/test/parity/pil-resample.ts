import { type Box, pillowResize, type ResizeFilter } from '@tesserae/core/raster';
import type { ParityRunner } from '@tesserae/core/test';
import { rasterOf, tensorOf } from './rasters';

interface Job {
  readonly name: string;
  readonly image: string;
  readonly width: number;
  readonly height: number;
  readonly filter: ResizeFilter;
  readonly box?: Box;
}

/** Every resize of Pillow, byte for byte. */
export const runPilResample: ParityRunner = async (test, report) => {
  const { jobs } = test.config as unknown as { readonly jobs: readonly Job[] };
  for (const { name, image, width, height, filter, box } of jobs) {
    const resized = pillowResize(rasterOf(test.input(image)), width, height, filter, box ? { box } : {});
    report.tensor(name, tensorOf(resized), 'as-is', { tolerance: 0 });
  }
};
