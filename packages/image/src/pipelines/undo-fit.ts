import type { ImageSignal, SourceFacts } from '@tesserae/core';
import { InputError } from '@tesserae/core/data';
import { crop, pillowResize } from '@tesserae/core/raster';
import { toRaster } from './pipelines';

export interface UndoFitOptions {
  /** Also scale back to the original's resolution. Default false. */
  readonly resize?: boolean;
}

/**
 * Brings a decoded picture back to the shape of the original: cuts padding off (`pad`, `native`) and, with `resize`,
 * scales the rest to the size that it had in the original, which also restores the aspect of `squash`.
 * What a `crop` lost stays lost.
 *
 * @param source - Facts that `prepareImage` recorded.
 * @throws {InputError} The facts are not from a pipeline of this package, or belong to a picture of another size.
 */
export function undoFit(image: ImageSignal, source: SourceFacts, options: UndoFitOptions = {}): ImageSignal {
  const { crop: kept, pad } = factsOf(source);
  const [left, top, right, bottom] = pad;
  if (left + right >= image.width || top + bottom >= image.height) {
    throw new InputError(
      'image',
      `one larger than its padding [${pad.join(', ')}]`,
      `${image.width} x ${image.height}`,
    );
  }
  let raster = toRaster(image);
  if (pad.some((pixels) => pixels > 0)) {
    raster = crop(raster, [left, top, image.width - right, image.height - bottom]);
  }
  if (options.resize) {
    const width = Math.max(1, Math.round(kept[2] - kept[0]));
    const height = Math.max(1, Math.round(kept[3] - kept[1]));
    raster = pillowResize(raster, width, height, 'bicubic');
  }
  const { width, height, data } = raster;
  return { modality: 'image', width, height, channels: image.channels, data };
}

type Four = readonly [number, number, number, number];

function factsOf({ extra }: SourceFacts): { readonly crop: Four; readonly pad: Four } {
  const facts = extra as { readonly crop?: Four; readonly pad?: Four } | null | undefined;
  const four = (value: unknown): value is Four =>
    Array.isArray(value) && value.length === 4 && value.every((item) => typeof item === 'number');
  if (!four(facts?.crop) || !four(facts.pad)) {
    throw new InputError('source', 'facts recorded by prepareImage', JSON.stringify(extra));
  }
  return { crop: facts.crop, pad: facts.pad };
}
