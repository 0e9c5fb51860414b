import { Tokens, type DecodeOptions, type ImageSignal, type Json } from '@tesserae/core';
import { InputError, TokensError } from '@tesserae/core/data';
import { crop } from '@tesserae/core/raster';
import { readImage, type ImageSource } from '../io/read-image';
import { parsePipeline, toRaster } from '../pipelines/pipelines';
import { assembleTiles, cutTiles, placeTile, tileOf, type TileLayout } from '../pipelines/tiles';
import type { ImageEncodeOptions, ImageTokenizer } from './image-tokenizer';

export interface EncodeTiledOptions extends Omit<ImageEncodeOptions, 'fit'> {
  /** Pixels that neighbors share, 0 … half a tile; blended linearly when decoded. Default 0. */
  readonly overlap?: number;
  /** Side of a tile in pixels. Default: what the model or the pipeline takes. */
  readonly size?: number;
}

/**
 * Encodes a picture of any size, unscaled, as squares that the model takes, row by row. Border pixels fill the last
 * column and row. Each item is a complete `Tokens`, and knows its place (`source.extra.tiles`).
 *
 * @throws {InputError} As `encode`; a model without a fixed size and no `size`; an overlap of more than half the size.
 */
export async function encodeTiled(
  tokenizer: ImageTokenizer,
  input: ImageSource,
  options: EncodeTiledOptions = {},
): Promise<Tokens[]> {
  const { overlap = 0, size, onProgress, ...rest } = options;
  const side = size ?? tileSize(tokenizer, options.pipeline);
  if (side === undefined || !Number.isInteger(side) || side < 1) {
    throw new InputError('size', 'the side of a tile in pixels: this model takes any', String(size));
  }
  const image = await readImage(input, options);
  const { layout, tiles } = cutTiles(image, side, overlap);
  const total = layout.columns * layout.rows;
  const all: Tokens[] = [];
  for (const { image: tile, facts } of tiles) {
    const tokens = await tokenizer.encode(tile, rest);
    if (tokens.source.modality !== 'image') throw new TokensError('invalid-tokens', 'expected tokens of a picture.');
    all.push(new Tokens({ ...fieldsOf(tokens), source: placeTile(tokens.source, facts) }));
    onProgress?.({ stage: 'encode', completed: all.length, total, unit: 'items', label: 'tiles' });
  }
  return all;
}

/**
 * The picture that {@link encodeTiled} was given: tiles are decoded one by one, blended and put together.
 *
 * @param tokens - All tiles of one picture, in any order.
 * @returns Bytes, in the size of the original.
 * @throws {TokensError} `invalid-tokens`: no tiles, tiles of several pictures, one missing or given twice.
 */
export async function decodeTiled(
  tokenizer: ImageTokenizer,
  tokens: readonly Tokens[],
  options: DecodeOptions = {},
): Promise<ImageSignal> {
  const { onProgress, ...rest } = options;
  const { layout, ordered } = inOrder(tokens);
  const images: ImageSignal[] = [];
  for (const item of ordered) {
    images.push(cutToTile(await tokenizer.decode(asWhole(item, layout), rest), layout));
    onProgress?.({ stage: 'decode', completed: images.length, total: ordered.length, unit: 'items', label: 'tiles' });
  }
  return assembleTiles(images, layout);
}

/** A tile as a picture of its own: what it pads lies outside the original, and is cut off when all are together. */
function asWhole(item: Tokens, { size }: TileLayout): Tokens {
  const { source } = item;
  if (source.modality !== 'image') throw new TokensError('invalid-tokens', 'expected tokens of a picture.');
  const facts = source.extra as { readonly [key: string]: Json };
  const extra: Json = { ...facts, crop: [0, 0, size, size], pad: [0, 0, 0, 0] };
  return new Tokens({ ...fieldsOf(item), source: { ...source, width: size, height: size, extra } });
}

/** A model of any size fills a tile up to a multiple of its own: at the right and below. */
function cutToTile(image: ImageSignal, { size }: TileLayout): ImageSignal {
  if (image.width <= size && image.height <= size) return image;
  const { width, height, data } = crop(toRaster(image), [0, 0, size, size]);
  return { modality: 'image', width, height, channels: image.channels, data };
}

function tileSize({ info }: ImageTokenizer, pipeline: string | undefined): number | undefined {
  const fixed = info.signal['size'];
  if (typeof fixed === 'number') return fixed;
  return pipeline === undefined ? undefined : parsePipeline(pipeline).size;
}

/** Margins and all: what `new Tokens` takes. */
function fieldsOf({ tokenizer, levels, prefixUnit, source }: Tokens) {
  return { tokenizer, levels, prefixUnit, source };
}

function inOrder(tokens: readonly Tokens[]): { readonly layout: TileLayout; readonly ordered: readonly Tokens[] } {
  const first = tokens[0] && tileOf(tokens[0].source);
  if (!first) throw new TokensError('invalid-tokens', 'expected tokens made by encodeTiled, got others or none.');
  const { layout } = first;
  const total = layout.columns * layout.rows;
  const ordered = new Array<Tokens | undefined>(total).fill(undefined);
  for (const item of tokens) {
    const tile = tileOf(item.source);
    if (!tile || JSON.stringify(tile.layout) !== JSON.stringify(layout))
      throw new TokensError('invalid-tokens', 'expected tiles of one picture, got tiles of several.');
    if (!Number.isInteger(tile.index) || tile.index < 0 || tile.index >= total || ordered[tile.index])
      throw new TokensError('invalid-tokens', `tile ${tile.index}: expected each of 0 to ${total - 1} once.`);
    ordered[tile.index] = item;
  }
  const absent = ordered.findIndex((item) => item === undefined);
  if (absent >= 0) throw new TokensError('invalid-tokens', `expected ${total} tiles, tile ${absent} is missing.`);
  return { layout, ordered: ordered as Tokens[] };
}
