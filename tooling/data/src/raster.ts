import sharp from 'sharp';

/** Decoded picture, 8-bit RGB, interleaved, row by row. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

// The recipe runs beside other work: one thread, nothing cached between pictures.
sharp.concurrency(1);
sharp.cache(false);

/** Alpha below this counts as transparent. */
const opaqueAlpha = 250;

/**
 * Decodes a picture to upright sRGB; grey becomes RGB, 16 bits become 8.
 *
 * @param bytes - PNG, JPEG or WebP.
 * @returns `undefined` if it is transparent at more than 1 % of its pixels: what lies below is not meant to be seen.
 */
export async function decodeOpaque(bytes: Uint8Array): Promise<Raster | undefined> {
  const { data, info } = await sharp(bytes)
    .autoOrient()
    .toColourspace('srgb')
    .ensureAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const pixels = info.width * info.height;
  const rgb = new Uint8Array(pixels * 3);
  let transparent = 0;
  for (let pixel = 0; pixel < pixels; pixel++) {
    if (data[pixel * 4 + 3]! < opaqueAlpha) transparent++;
    rgb[pixel * 3] = data[pixel * 4]!;
    rgb[pixel * 3 + 1] = data[pixel * 4 + 1]!;
    rgb[pixel * 3 + 2] = data[pixel * 4 + 2]!;
  }
  return transparent > pixels / 100 ? undefined : { width: info.width, height: info.height, data: rgb };
}

/**
 * Decodes a drawing and lays it on a flat colour.
 *
 * @param background - Red, green, blue of 0..255.
 */
export async function decodeOn(bytes: Uint8Array, [r, g, b]: readonly [number, number, number]): Promise<Raster> {
  const { data, info } = await sharp(bytes)
    .autoOrient()
    .toColourspace('srgb')
    .flatten({ background: { r, g, b } })
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  if (info.channels === 3) return { width: info.width, height: info.height, data };
  const grey = Uint8Array.from({ length: info.width * info.height * 3 }, (_, at) => data[Math.floor(at / 3)]!);
  return { width: info.width, height: info.height, data: grey };
}

/** Resizes with an antialiased Lanczos filter so that the short side has `shortSide` pixels. */
export async function resizeShortSide(picture: Raster, shortSide: number): Promise<Raster> {
  const scale = shortSide / Math.min(picture.width, picture.height);
  const width = Math.max(1, Math.round(picture.width * scale));
  const height = Math.max(1, Math.round(picture.height * scale));
  if (width === picture.width && height === picture.height) return picture;
  const { data, info } = await sharp(picture.data, {
    raw: { width: picture.width, height: picture.height, channels: 3 },
  })
    .resize(width, height, { fit: 'fill', kernel: 'lanczos3' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}

/** The pixels of a rectangle. */
export function cut(picture: Raster, left: number, top: number, width: number, height: number): Uint8Array {
  const out = new Uint8Array(width * height * 3);
  for (let row = 0; row < height; row++) {
    const start = ((top + row) * picture.width + left) * 3;
    out.set(picture.data.subarray(start, start + width * 3), row * width * 3);
  }
  return out;
}

/** The largest centred square, resized to `side` pixels. */
export async function centreSquare(picture: Raster, side: number): Promise<Uint8Array> {
  const square = Math.min(picture.width, picture.height);
  const left = Math.floor((picture.width - square) / 2);
  const top = Math.floor((picture.height - square) / 2);
  const data = cut(picture, left, top, square, square);
  return (await resizeShortSide({ width: square, height: square, data }, side)).data;
}

/** Standard deviation of the BT.601 luma of interleaved RGB, in 8-bit steps. */
export function lumaDeviation(rgb: Uint8Array): number {
  const count = rgb.length / 3;
  let [sum, squares] = [0, 0];
  for (let at = 0; at < rgb.length; at += 3) {
    const luma = 0.299 * rgb[at]! + 0.587 * rgb[at + 1]! + 0.114 * rgb[at + 2]!;
    sum += luma;
    squares += luma * luma;
  }
  return Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2));
}
