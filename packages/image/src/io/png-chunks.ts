import { InputError } from '@tesserae/core/data';

/** What the header and the chunks before the pixels say. */
export interface PngFile {
  readonly width: number;
  readonly height: number;
  readonly depth: 1 | 2 | 4 | 8 | 16;
  /** 0 grey, 2 RGB, 3 palette, 4 grey + alpha, 6 RGBA. */
  readonly colorType: 0 | 2 | 3 | 4 | 6;
  readonly interlaced: boolean;
  /** RGB triples. */
  readonly palette?: Uint8Array;
  /** Alpha of palette entries, or the transparent color as 16-bit samples. */
  readonly transparency?: Uint8Array;
  readonly exif?: Uint8Array;
  /** Compressed pixels, in order. */
  readonly parts: readonly Uint8Array[];
}

const signatureLength = 8;
const critical = new Set(['IHDR', 'PLTE', 'IDAT', 'IEND', 'tRNS']);
const depths: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) {
    crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return crc;
});

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) {
    crc = crcTable[(crc ^ bytes[i]!) & 0xff]! ^ (crc >>> 8);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

export function pngError(name: string, actual: string, options?: ErrorOptions): InputError {
  return new InputError(name, 'a valid PNG file', actual, { ...options, code: 'undecodable' });
}

/**
 * Splits a PNG into its parts. Checksums of everything that shapes the pixels are verified; chunks that do not are
 * passed over, damaged or not.
 *
 * @param checkHeader - Called with the size before anything else is read.
 * @throws {InputError} `undecodable`.
 */
export function readPngChunks(
  bytes: Uint8Array,
  name: string,
  checkHeader: (width: number, height: number) => void,
): PngFile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const parts: Uint8Array[] = [];
  let header: Omit<PngFile, 'parts'> | undefined;
  let at = signatureLength;
  while (at + 12 <= bytes.length) {
    const length = view.getUint32(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const end = at + 8 + length;
    if (end + 4 > bytes.length) {
      break;
    }
    const content = bytes.subarray(at + 8, end);
    if (critical.has(type) && crc32(bytes.subarray(at + 4, end)) !== view.getUint32(end)) {
      throw pngError(name, `a wrong checksum in its ${type} chunk at byte ${at}`);
    }
    if (!header) {
      if (type !== 'IHDR' || length !== 13) {
        throw pngError(name, `a ${JSON.stringify(type)} chunk of ${length} bytes instead of the header`);
      }
      checkHeader(view.getUint32(at + 8), view.getUint32(at + 12));
      header = readHeader(content, name);
    } else if (type === 'IDAT') {
      parts.push(content);
    } else if (type === 'IEND') {
      return { ...header, parts };
    } else if (type === 'PLTE') {
      header = { ...header, palette: content };
    } else if (type === 'tRNS') {
      header = { ...header, transparency: content };
    } else if (type === 'eXIf') {
      header = { ...header, exif: content };
    } else if (/^[A-Z]/.test(type)) {
      throw pngError(name, `the unknown critical chunk ${JSON.stringify(type)}`);
    }
    at = end + 4;
  }
  const rest = header ? bytes.subarray(at + 8) : undefined;
  const cutInPixels = rest && String.fromCharCode(...bytes.subarray(at + 4, at + 8)) === 'IDAT';
  if (!header || parts.length === 0 || cutInPixels) {
    throw pngError(name, `a file cut off after ${bytes.length} bytes`);
  }
  return { ...header, parts };
}

function readHeader(content: Uint8Array, name: string): Omit<PngFile, 'parts'> {
  const view = new DataView(content.buffer, content.byteOffset, content.length);
  const [depth, colorType, compression, filter, interlace] = content.subarray(8) as unknown as readonly number[];
  const allowed = depths[colorType!]?.includes(depth!) ?? false;
  if (!allowed || compression !== 0 || filter !== 0 || interlace! > 1) {
    throw pngError(name, `color type ${colorType}, ${depth} bits, methods ${compression}/${filter}/${interlace}`);
  }
  return {
    width: view.getUint32(0),
    height: view.getUint32(4),
    depth: depth as PngFile['depth'],
    colorType: colorType as PngFile['colorType'],
    interlaced: interlace === 1,
  };
}
