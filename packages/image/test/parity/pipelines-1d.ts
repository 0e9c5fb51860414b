import { toRgb } from '@tesserae/core/raster';
import type { ParityRunner } from '@tesserae/core/test';
import { prepareImage } from '../../src/pipelines/pipelines';
import { planesOf, rasterOf, signalOf, tensorOf } from './rasters';

/** `pil-bicubic-clip` at size 32 is our `pil-bicubic-32-clip`. */
function pipelineName(official: string, size: number): string {
  const [, recipe = '', range = ''] = /^(.*?)(-pm1|-clip)?$/.exec(official) ?? [];
  return `${recipe === 'crop-only' ? 'crop' : recipe}-${size}${range}`;
}

/** The input pipelines of the 1D tokenizers, exactly. */
export const runPipelines1d: ParityRunner = async (test, report) => {
  const { images, sizes, pipelines } = test.config as unknown as Readonly<Record<string, readonly string[]>> & {
    readonly sizes: readonly number[];
  };
  const bytesExpected = new Set(test.expectations.map(({ name }) => name));
  for (const image of images!) {
    report.tensor(`${image}.rgb`, tensorOf(toRgb(rasterOf(test.input(image)))), 'as-is', { tolerance: 0 });
    for (const size of sizes) {
      for (const pipeline of pipelines!) {
        const { inputs } = await prepareImage(signalOf(test.input(image)), pipelineName(pipeline, size));
        const planes = planesOf(inputs.image);
        const name = `${image}.${pipeline}.${size}`;
        if (bytesExpected.has(`${name}.u8`)) {
          // 255 times a float that is exactly byte / 255 in single precision; anything else is no whole number.
          const bytes = Int32Array.from(planes.data, (value) => Math.round(value * 255));
          report.equal(`${name} is bytes`, isBytes(planes.data, bytes), true);
          report.tensor(`${name}.u8`, { shape: planes.shape, data: bytes }, 'as-is', { tolerance: 0 });
        } else {
          report.tensor(name, planes, 'as-is', { tolerance: 0 });
        }
      }
    }
  }
};

function isBytes(values: Float32Array, bytes: Int32Array): boolean {
  return values.every((value, i) => value === Math.fround(bytes[i]! / 255));
}
