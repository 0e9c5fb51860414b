import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, stat, writeFile as write } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { InputError, TesseraeError, UnsupportedError } from '@tesserae/core/data';
import { cmykToRgb } from '@tesserae/core/raster';
import type { Metadata, Sharp, SharpConstructor } from 'sharp';
import { avifOrientation } from './avif-orientation';
import type { Codec } from './codec';
import { fileOrientation } from './exif';
import { fetchBytes } from './fetch-bytes';
import { checkPixels } from './image-format';
import type { DecodedImage, ImageFormat } from './loaded-image';
import { storedPixels } from './orient';

/** No encoded picture of at most 100 megapixels is larger. */
const maxFileBytes = 2 ** 30;

export const readBytes: Codec['readBytes'] = async (input, name, signal) => {
  if (input instanceof Uint8Array) {
    return input;
  }
  if (typeof input !== 'string' && !(input instanceof URL)) {
    return new Uint8Array(await input.arrayBuffer());
  }
  const text = String(input);
  if (/^(https?|data|blob):/i.test(text)) {
    return fetchBytes(text, name, signal);
  }
  if (text === '' || text.includes('\0') || text.includes('\n')) {
    throw new InputError('input', 'a path or URL of a picture', JSON.stringify(text.slice(0, 60)));
  }
  try {
    const path = text.startsWith('file:') ? fileURLToPath(text) : text;
    const { size } = await stat(path);
    if (size > maxFileBytes) {
      throw new InputError(name, `a file of at most ${maxFileBytes} bytes`, `${size}`, { code: 'too-large' });
    }
    return await readFile(path, { signal });
  } catch (cause) {
    signal?.throwIfAborted();
    if (TesseraeError.isInstance(cause)) {
      throw cause;
    }
    throw new InputError(name, 'a readable file', reasonOf(cause), { code: 'unreadable', cause });
  }
};

export const decodeImage: Codec['decodeImage'] = async (bytes, format, name, maxPixels) => {
  const sharp = await loadSharp(`${name} (${format})`);
  const open = (): Sharp =>
    sharp(bytes, { failOn: 'error', ignoreIcc: true, autoOrient: false, limitInputPixels: false, pages: 1 });
  let metadata: Metadata;
  try {
    metadata = await open().metadata();
  } catch (cause) {
    throw undecodable(name, format, cause);
  }
  checkPixels(name, metadata.width, metadata.height, maxPixels);
  try {
    const decoded = await rawPixels(open(), metadata, name);
    return withOrientation(decoded, bytes, format);
  } catch (cause) {
    throw TesseraeError.isInstance(cause) ? cause : undecodable(name, format, cause);
  }
};

export const encodePixels: Codec['encodePixels'] = async ({ width, height, channels, data }, format, quality) => {
  const sharp = await loadSharp(`writing ${format}`);
  const image = sharp(data, { raw: { width, height, channels }, limitInputPixels: false });
  const options = quality === undefined ? {} : { quality };
  return new Uint8Array(
    await (channels === 1 ? image.toColourspace('b-w') : image).toFormat(format, options).toBuffer(),
  );
};

export const writeFile: Codec['writeFile'] = async (path, bytes) => {
  const target = path instanceof URL ? fileURLToPath(path) : path;
  const temporary = `${target}.${randomUUID()}.tmp`;
  try {
    await write(temporary, bytes, { flag: 'wx' });
    await rename(temporary, target);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw new InputError('path', 'a file that can be written', `${target}: ${reasonOf(cause)}`, {
      code: 'unreadable',
      cause,
    });
  }
};

async function loadSharp(feature: string): Promise<SharpConstructor> {
  try {
    const { default: sharp } = await import('sharp');
    return sharp;
  } catch (cause) {
    throw new UnsupportedError(
      feature,
      "needs the package sharp, which is not installed or does not load: run 'npm install sharp', or use PNG.",
      { cause },
    );
  }
}

/** Pixels as Pillow would have them: CMYK without a profile, 16-bit grey saturated, 16-bit color cut. */
async function rawPixels(
  image: Sharp,
  { space, depth, channels }: Metadata,
  name: string,
): Promise<Omit<DecodedImage, 'orientation'>> {
  if (depth !== 'uchar' && depth !== 'ushort') {
    throw new UnsupportedError(`${name} (${depth} samples)`, 'convert it to 8 bits per channel.');
  }
  if (space === 'cmyk') {
    const { data, info } = await image
      .pipelineColourspace('cmyk')
      .toColourspace('cmyk')
      .raw()
      .toBuffer({ resolveWithObject: true });
    const rgb = cmykToRgb({ width: info.width, height: info.height, data });
    return { width: rgb.width, height: rgb.height, channels: 3, data: rgb.data, warnings: [] };
  }
  if (depth === 'ushort') {
    return wideRaw(image, channels <= 2);
  }
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });
  return { ...spread(data, info.width, info.height, info.channels), warnings: [] };
}

async function wideRaw(image: Sharp, grey: boolean): Promise<Omit<DecodedImage, 'orientation'>> {
  const { data, info } = await image
    .pipelineColourspace(grey ? 'grey16' : 'rgb16')
    .toColourspace(grey ? 'grey16' : 'rgb16')
    .raw({ depth: 'ushort' })
    .toBuffer({ resolveWithObject: true });
  const wide = new Uint16Array(data.buffer, data.byteOffset, data.length / 2);
  const saturate = info.channels === 1;
  const bytes = new Uint8Array(wide.length);
  for (let i = 0; i < bytes.length; i++) {
    bytes[i] = saturate ? Math.min(255, wide[i]!) : wide[i]! >> 8;
  }
  const warnings = saturate ? ['16-bit grey: values are saturated at 255 as Pillow does; convert to 8 bits first'] : [];
  return { ...spread(bytes, info.width, info.height, info.channels), warnings };
}

/** Grey + alpha becomes RGBA: a signal has 1, 3 or 4 channels. */
function spread(
  data: Uint8Array,
  width: number,
  height: number,
  channels: number,
): Pick<DecodedImage, 'width' | 'height' | 'channels' | 'data'> {
  if (channels !== 2) {
    return {
      width,
      height,
      channels: channels as 1 | 3 | 4,
      data: new Uint8Array(data.buffer, data.byteOffset, data.length),
    };
  }
  const out = new Uint8Array(width * height * 4);
  for (let from = 0, to = 0; to < out.length; from += 2, to += 4) {
    out.fill(data[from]!, to, to + 3);
    out[to + 3] = data[from + 1]!;
  }
  return { width, height, channels: 4, data: out };
}

function withOrientation(
  decoded: Omit<DecodedImage, 'orientation'>,
  bytes: Uint8Array,
  format: Exclude<ImageFormat, 'png'>,
): DecodedImage {
  if (format === 'avif') {
    // The decoder has turned the picture already, which no option prevents.
    const orientation = avifOrientation(bytes);
    return { ...decoded, ...storedPixels(decoded, orientation), orientation };
  }
  const orientation = format === 'gif' ? 1 : fileOrientation(bytes, format);
  const turnedByPillow = format === 'tiff' && orientation !== 1;
  return { ...decoded, orientation, warnings: [...decoded.warnings, ...(turnedByPillow ? [tiffWarning] : [])] };
}

const tiffWarning = "TIFF orientation is applied only with orient: 'exif'; Pillow applies it to TIFF files always";

function undecodable(name: string, format: string, cause: unknown): InputError {
  return new InputError(name, `a complete ${format} file`, `a damaged one (${reasonOf(cause)})`, {
    code: 'undecodable',
    cause,
  });
}

function reasonOf(cause: unknown): string {
  const lines = cause instanceof Error ? cause.message.trim().split('\n') : [String(cause)];
  return (lines.find((line) => !line.startsWith('source:')) ?? lines[0]!).trim();
}
