import type { HostTensor, ImageSignal, Json, SourceFacts } from '@tesserae/core';
import { InputError } from '@tesserae/core/data';
import { blendOnWhite, type Raster, toRgb } from '@tesserae/core/raster';
import type { LoadedImage } from '../io/loaded-image';
import { type ImageSource, readImage, type ReadImageOptions } from '../io/read-image';
import { applyGeometry, type Geometry, reportGeometry } from './geometry';
import { nativeGeometry, padGeometry, parsePipeline, type Pipeline, squashGeometry } from './recipes';
import { normalizePixels } from './value-range';

export { type FloatRange, imageFromFloats } from './image-floats';
export { type Pipeline, parsePipeline, pipelineNames } from './recipes';

/**
 * What happens to a picture of another shape than the model's square. `crop`: what the pipeline says, the middle is
 * kept. `pad`: everything is kept, border pixels fill the rest. `squash`: everything is kept, the aspect is not.
 * Many squares without any scaling: `prepareTiles`.
 */
export type FitMode = 'crop' | 'pad' | 'squash';

export interface PrepareImageOptions extends ReadImageOptions {
  /** Default `crop`. */
  readonly fit?: FitMode;
  /** What `none` and `native` must give: a square of this side. */
  readonly size?: number;
  /** What `none` must give, and what `native` pads to if its name has no number: sides that are multiples of this. */
  readonly multiple?: number;
}

/** One picture, ready for a model function. */
export interface PreparedImage {
  /** `image`: `[1, height, width, 3]`, float32, in the range of the pipeline. */
  readonly inputs: { readonly image: HostTensor };
  /** Size and treatment of the original: `extra` has `fit`, `crop`, `scale`, `pad` (see `GeometryReport`). */
  readonly source: SourceFacts & { readonly modality: 'image' };
}

/**
 * Runs a named preprocessing pipeline. The arithmetic is that of the official Python code, on 8-bit pixels; floats are
 * rounded to bytes first, except by `none`, which passes them on.
 *
 * @param pipeline - `pil-bicubic-256`, `adm-256-pm1`, `native-16`, `none`; see {@link pipelineNames}.
 * @throws {InputError} The input is no picture, or (`none`) not of a size that the model takes; an unknown pipeline.
 */
export async function prepareImage(
  input: ImageSource,
  pipeline: string,
  options: PrepareImageOptions = {},
): Promise<PreparedImage> {
  const parsed = parsePipeline(pipeline);
  const fit = options.fit ?? 'crop';
  if (fit !== 'crop' && fit !== 'pad' && fit !== 'squash') {
    throw new InputError('fit', 'crop, pad or squash (tiles: call prepareTiles)', JSON.stringify(fit));
  }
  return prepareLoaded(await readImage(input, options), parsed, options);
}

/** {@link prepareImage} for a picture that was read already. */
export function prepareLoaded(image: LoadedImage, parsed: Pipeline, options: PrepareImageOptions): PreparedImage {
  const geometry = chooseGeometry(image, parsed, options);
  const fit = parsed.kind === 'recipe' ? (options.fit ?? 'crop') : parsed.kind;
  const facts: Record<string, Json> = { fit, ...reportGeometry(image, geometry) };
  if (image.warnings.length > 0) {
    facts['warnings'] = image.warnings;
  }
  if (image.rotated !== undefined) {
    facts['rotated'] = image.rotated;
  }
  if (hasTransparency(image)) {
    facts['alpha'] = parsed.alpha === 'white' ? 'blended on white' : 'dropped';
  }
  return {
    inputs: { image: modelPixels(image, parsed, geometry) },
    source: {
      modality: 'image',
      width: image.width,
      height: image.height,
      pipeline: parsed.name,
      extra: facts,
    },
  };
}

function modelPixels(image: LoadedImage, parsed: Pipeline, geometry: Geometry): HostTensor {
  const [left, top, right, bottom] = geometry.window;
  const shape = [1, bottom - top, right - left, 3];
  if (parsed.kind === 'none' && image.data instanceof Float32Array) {
    return { shape, data: normalizePixels(floatRgb(image, image.data), parsed.range) };
  }
  const raster = toRaster(image);
  const rgb = parsed.alpha === 'white' ? blendOnWhite(raster) : toRgb(raster);
  return { shape, data: normalizePixels(applyGeometry(rgb, geometry).data, parsed.range) };
}

/** 8-bit pixels of a signal; floats 0..1 are clamped and rounded. */
export function toRaster({ width, height, channels, data }: ImageSignal): Raster {
  if (!(data instanceof Float32Array)) {
    return { width, height, channels, data };
  }
  // A clamped array clamps and rounds on its own.
  const bytes = Uint8ClampedArray.from(data, (value) => value * 255);
  return { width, height, channels, data: bytes };
}

function floatRgb({ width, height, channels }: ImageSignal, data: Float32Array): Float32Array {
  if (channels === 3) {
    return data;
  }
  const out = new Float32Array(width * height * 3);
  const green = channels === 4 ? 1 : 0;
  for (let from = 0, to = 0; to < out.length; from += channels, to += 3) {
    out[to] = data[from]!;
    out[to + 1] = data[from + green]!;
    out[to + 2] = data[from + green * 2]!;
  }
  return out;
}

function chooseGeometry(image: ImageSignal, parsed: Pipeline, options: PrepareImageOptions): Geometry {
  const { width, height } = image;
  const fit = options.fit ?? 'crop';
  if (parsed.kind === 'recipe') {
    const { filter, size = 0, geometry } = parsed;
    if (fit === 'squash') {
      return squashGeometry(filter, size);
    }
    return fit === 'pad' || !geometry ? padGeometry(width, height, filter, size) : geometry(width, height);
  }
  const multiple = parsed.multiple ?? options.multiple ?? 1;
  if (parsed.kind === 'native') {
    return nativeGeometry(width, height, multiple);
  }
  checkNoneSize(image, parsed.size ?? options.size, multiple);
  return nativeGeometry(width, height, 1);
}

function checkNoneSize({ width, height }: ImageSignal, size: number | undefined, multiple: number): void {
  const nearest = (side: number): number => size ?? Math.max(multiple, Math.round(side / multiple) * multiple);
  if (width !== nearest(width) || height !== nearest(height)) {
    const wanted = size === undefined ? `sides that are multiples of ${multiple}` : `${size} x ${size} pixels`;
    throw new InputError(
      'input',
      `${wanted} for the pipeline 'none' (nearest valid size ${nearest(width)} x ${nearest(height)})`,
      `${width} x ${height}; name a pipeline that resizes, or resize first`,
      { code: 'unsupported-size' },
    );
  }
}

function hasTransparency({ channels, data }: ImageSignal): boolean {
  if (channels !== 4) {
    return false;
  }
  const opaque = data instanceof Float32Array ? 1 : 255;
  for (let i = 3; i < data.length; i += 4) {
    if (data[i]! < opaque) {
      return true;
    }
  }
  return false;
}
