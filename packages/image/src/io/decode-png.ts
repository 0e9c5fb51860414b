import { exifOrientation } from './exif';
import { checkPixels } from './image-format';
import type { DecodedImage } from './loaded-image';
import { type PngFile, pngError, readPngChunks } from './png-chunks';
import { type PngSamples, readPngSamples } from './png-samples';

const saturationWarning =
  '16-bit grey: values are saturated at 255 as Pillow does, so the picture is almost white; convert it to 8 bits first';

/**
 * Decodes a PNG to the bytes that Pillow's `convert('RGB')` or `convert('RGBA')` would give: low depths are widened,
 * palettes resolved, 16-bit color cut to its high byte, 16-bit grey saturated. Color profiles and gamma are ignored.
 *
 * @returns Grey or RGB, RGBA where the file has any transparency.
 * @throws {InputError} `undecodable`, `too-large`.
 * @see image-1d 0.1
 */
export async function decodePng(bytes: Uint8Array, name: string, maxPixels: number): Promise<DecodedImage> {
  const file = readPngChunks(bytes, name, (width, height) => checkPixels(name, width, height, maxPixels));
  if (file.colorType === 3 && !file.palette) {
    throw pngError(name, 'palette pixels without a palette');
  }
  const samples = await readPngSamples(file, name);
  const { channels, data } = expand(file, samples);
  return {
    width: file.width,
    height: file.height,
    channels,
    data,
    orientation: file.exif ? exifOrientation(file.exif) : 1,
    warnings: file.colorType === 0 && file.depth === 16 ? [saturationWarning] : [],
  };
}

function expand(file: PngFile, samples: PngSamples): Pick<DecodedImage, 'channels' | 'data'> {
  switch (file.colorType) {
    case 3:
      return expandPalette(file, samples.data);
    case 4:
      return expandGreyAlpha(file, samples.data);
    case 6:
      return { channels: 4, data: toBytes(file, samples.data) };
    default:
      return expandOpaque(file, samples);
  }
}

/** 16-bit color keeps its high byte; low depths of grey are spread over 0..255; 16-bit grey saturates. */
function toBytes({ depth, colorType }: PngFile, data: Uint8Array | Uint16Array): Uint8Array {
  if (data instanceof Uint16Array) {
    const bytes = new Uint8Array(data.length);
    for (let i = 0; i < bytes.length; i++) {
      bytes[i] = colorType === 0 ? Math.min(data[i]!, 255) : data[i]! >> 8;
    }
    return bytes;
  }
  const factor = 255 / ((1 << depth) - 1);
  return depth === 8 ? data : data.map((value) => value * factor);
}

function expandOpaque(file: PngFile, { samplesPerPixel, data }: PngSamples): Pick<DecodedImage, 'channels' | 'data'> {
  const bytes = toBytes(file, data);
  const { transparency } = file;
  if (!transparency || transparency.length < samplesPerPixel * 2) {
    return { channels: samplesPerPixel === 1 ? 1 : 3, data: bytes };
  }
  const key = Array.from({ length: samplesPerPixel }, (_, i) => (transparency[i * 2]! << 8) | transparency[i * 2 + 1]!);
  const green = samplesPerPixel === 3 ? 1 : 0;
  const out = new Uint8Array(file.width * file.height * 4);
  for (let from = 0, to = 0; to < out.length; from += samplesPerPixel, to += 4) {
    out[to] = bytes[from]!;
    out[to + 1] = bytes[from + green]!;
    out[to + 2] = bytes[from + green * 2]!;
    out[to + 3] = key.every((sample, i) => sample === data[from + i]) ? 0 : 255;
  }
  return { channels: 4, data: out };
}

function expandGreyAlpha(file: PngFile, data: Uint8Array | Uint16Array): Pick<DecodedImage, 'channels' | 'data'> {
  const bytes = toBytes(file, data);
  const out = new Uint8Array(bytes.length * 2);
  for (let from = 0, to = 0; to < out.length; from += 2, to += 4) {
    out.fill(bytes[from]!, to, to + 3);
    out[to + 3] = bytes[from + 1]!;
  }
  return { channels: 4, data: out };
}

function expandPalette(file: PngFile, data: Uint8Array | Uint16Array): Pick<DecodedImage, 'channels' | 'data'> {
  const { palette = new Uint8Array(), transparency } = file;
  // Entries that the file does not define keep Pillow's initial palette, a grey ramp.
  const colors = Uint8Array.from({ length: 256 * 4 }, (_, i) => (i % 4 === 3 ? 255 : i >> 2));
  for (let entry = 0; entry < Math.min(256, Math.floor(palette.length / 3)); entry++) {
    colors.set(palette.subarray(entry * 3, entry * 3 + 3), entry * 4);
  }
  transparency?.subarray(0, 256).forEach((alpha, entry) => {
    colors[entry * 4 + 3] = alpha;
  });
  const channels = transparency ? 4 : 3;
  const out = new Uint8Array(data.length * channels);
  for (let i = 0, to = 0; i < data.length; i++, to += channels) {
    const from = data[i]! * 4;
    for (let channel = 0; channel < channels; channel++) {
      out[to + channel] = colors[from + channel]!;
    }
  }
  return { channels, data: out };
}
