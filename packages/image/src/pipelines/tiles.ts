import type { ImageSignal, Json, SourceFacts } from '@tesserae/core';
import { InputError } from '@tesserae/core/data';
import { crop } from '@tesserae/core/raster';
import { type ImageSource, readImage, type ReadImageOptions } from '../io/read-image';
import { type PreparedImage, prepareLoaded, toRaster } from './pipelines';
import { parsePipeline } from './recipes';

/** How a picture was cut into squares, row by row. Plain data: it travels in `source.extra.tiles`. */
export interface TileLayout {
  /** Pixels of the whole picture. */
  readonly width: number;
  readonly height: number;
  /** Side of a tile in pixels. */
  readonly size: number;
  /** Pixels that neighbors share. */
  readonly overlap: number;
  readonly columns: number;
  readonly rows: number;
}

export interface PreparedTiles {
  readonly layout: TileLayout;
  /** Row by row, `layout.rows * layout.columns` of them, each ready for a model function. */
  readonly tiles: readonly PreparedImage[];
}

export interface PrepareTilesOptions extends ReadImageOptions {
  /** Pixels that neighbors share, 0 … half the tile; blended linearly when put together. Default 0. */
  readonly overlap?: number;
}

/**
 * Cuts a picture, unscaled, into squares of the pipeline's size; border pixels fill the last column and row.
 *
 * @param pipeline - A recipe with a size; only its size, range and treatment of alpha are used.
 * @throws {InputError} As `prepareImage`; a pipeline without a size; an overlap of more than half the size.
 */
export async function prepareTiles(
  input: ImageSource,
  pipeline: string,
  options: PrepareTilesOptions = {},
): Promise<PreparedTiles> {
  const parsed = parsePipeline(pipeline);
  const { overlap = 0, signal } = options;
  if (parsed.size === undefined) {
    throw new InputError('pipeline', 'one with a size, such as pil-bicubic-256, to cut tiles of', pipeline);
  }
  const image = await readImage(input, options);
  const { layout, tiles } = cutTiles(image, parsed.size, overlap);
  const prepared = Array.from(tiles, ({ image: pixels, facts }): PreparedImage => {
    signal?.throwIfAborted();
    const { inputs, source } = prepareLoaded({ ...image, ...pixels }, { ...parsed, kind: 'none' }, {});
    return { inputs, source: placeTile(source, facts) };
  });
  return { layout, tiles: prepared };
}

/** Where a tile lies: what its source facts say beside those of the picture. */
export interface TileFacts {
  readonly layout: TileLayout;
  readonly index: number;
  /** Left, top, right and bottom of what it shows of the picture. */
  readonly crop: readonly [number, number, number, number];
  readonly pad: readonly [number, number, number, number];
}

export interface CutTiles {
  readonly layout: TileLayout;
  /** Row by row; each is cut when it is asked for, once. */
  readonly tiles: Iterable<{ readonly image: ImageSignal; readonly facts: TileFacts }>;
}

/**
 * Cuts a picture into squares of bytes; border pixels fill the last column and row.
 *
 * @param overlap - Whole pixels, 0 … half the size.
 * @throws {InputError} Another overlap.
 */
export function cutTiles(image: ImageSignal, size: number, overlap: number): CutTiles {
  if (!Number.isInteger(overlap) || overlap < 0 || overlap > size / 2) {
    throw new InputError('overlap', `0 to ${Math.floor(size / 2)} whole pixels`, String(overlap));
  }
  const layout = tileLayout(image, size, overlap);
  return { layout, tiles: tilesOf(image, layout) };
}

function* tilesOf(image: ImageSignal, layout: TileLayout): Generator<{ image: ImageSignal; facts: TileFacts }> {
  const { size } = layout;
  const raster = toRaster(image);
  for (const [index, [left, top]] of tileCorners(layout).entries()) {
    const { data } = crop(raster, [left, top, left + size, top + size], 'edge');
    const right = Math.min(left + size, image.width);
    const bottom = Math.min(top + size, image.height);
    yield {
      image: { modality: 'image', width: size, height: size, channels: image.channels, data },
      facts: { layout, index, crop: [left, top, right, bottom], pad: [0, 0, left + size - right, top + size - bottom] },
    };
  }
}

/** Source facts of a tile that was prepared on its own, as those of a part of the whole picture. */
export function placeTile<Source extends SourceFacts & { readonly modality: 'image' }>(
  source: Source,
  { layout, index, crop: shown, pad }: TileFacts,
): Source {
  const facts = source.extra as { readonly [key: string]: Json };
  const extra: Json = { ...facts, fit: 'tiles', tile: index, tiles: { ...layout }, crop: shown, pad };
  return { ...source, width: layout.width, height: layout.height, extra };
}

/** The layout that a tile's source facts carry, if it is one of a set, and the tile's place in it. */
export function tileOf(source: SourceFacts): { readonly layout: TileLayout; readonly index: number } | undefined {
  const { extra } = source;
  if (extra === null || typeof extra !== 'object' || Array.isArray(extra) || !('tiles' in extra)) {
    return undefined;
  }
  return { layout: extra.tiles as unknown as TileLayout, index: extra.tile as number };
}

/**
 * Puts decoded tiles together and cuts the padding off. Shared pixels are blended linearly.
 *
 * @param tiles - Row by row, all of them, `layout.size` square, of one channel count.
 * @returns Bytes, `[layout.height, layout.width, channels]`.
 * @throws {InputError} Another number or size of tiles.
 */
export function assembleTiles(tiles: readonly ImageSignal[], layout: TileLayout): ImageSignal {
  const { width, height, size, overlap, columns, rows } = layout;
  const channels = tiles[0]?.channels ?? 3;
  if (tiles.length !== columns * rows) {
    throw new InputError('tiles', `${rows} x ${columns} = ${columns * rows} tiles`, `${tiles.length}`);
  }
  const total = new Float32Array(width * height * channels);
  const weights = new Float32Array(width * height);
  const ramp = Float32Array.from({ length: size }, (_, i) =>
    overlap === 0 ? 1 : Math.min(1, (Math.min(i, size - 1 - i) + 1) / (overlap + 1)),
  );
  const corners = tileCorners(layout);
  tiles.forEach((tile, index) => {
    if (tile.width !== size || tile.height !== size || tile.channels !== channels) {
      const actual = `${tile.width} x ${tile.height} x ${tile.channels}`;
      throw new InputError(`tiles[${index}]`, `${size} x ${size} x ${channels}`, actual);
    }
    const { data } = toRaster(tile);
    const [left, top] = corners[index]!;
    for (let y = 0; y < Math.min(size, height - top); y++) {
      for (let x = 0; x < Math.min(size, width - left); x++) {
        const weight = ramp[x]! * ramp[y]!;
        const to = (top + y) * width + left + x;
        weights[to] = weights[to]! + weight;
        for (let channel = 0; channel < channels; channel++) {
          const at = to * channels + channel;
          total[at] = total[at]! + weight * data[(y * size + x) * channels + channel]!;
        }
      }
    }
  });
  const out = new Uint8ClampedArray(total.length);
  for (let i = 0; i < out.length; i++) {
    out[i] = total[i]! / weights[Math.floor(i / channels)]!;
  }
  return { modality: 'image', width, height, channels, data: new Uint8Array(out.buffer) };
}

function tileLayout({ width, height }: ImageSignal, size: number, overlap: number): TileLayout {
  const count = (side: number): number => Math.max(1, Math.ceil((side - overlap) / (size - overlap)));
  return { width, height, size, overlap, columns: count(width), rows: count(height) };
}

/** Left upper corners, row by row. */
function tileCorners({ size, overlap, columns, rows }: TileLayout): readonly (readonly [number, number])[] {
  const step = size - overlap;
  return Array.from({ length: rows * columns }, (_, i) => [(i % columns) * step, Math.floor(i / columns) * step]);
}
