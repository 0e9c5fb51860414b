const orientationTag = 0x0112;
const shortType = 3;

interface OrientationEntry {
  readonly value: number;
  /** The two bytes of the value, a view into the file. */
  readonly bytes: Uint8Array;
  readonly littleEndian: boolean;
}

/**
 * EXIF orientation from a TIFF block (the content of an `Exif` segment, of PNG's `eXIf`, or a TIFF file itself).
 *
 * @returns 1..8; 1 also when there is none or the block is damaged, as damaged metadata must not cost the picture.
 */
export function exifOrientation(block: Uint8Array): number {
  return findOrientation(block)?.value ?? 1;
}

function findOrientation(block: Uint8Array): OrientationEntry | undefined {
  const exifHeader = block[0] === 0x45 && block[1] === 0x78 && block[2] === 0x69 && block[3] === 0x66;
  const tiff = exifHeader ? block.subarray(6) : block;
  if (tiff.length < 8) {
    return undefined;
  }
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.length);
  const little = tiff[0] === 0x49;
  const directory = view.getUint32(4, little);
  if (directory + 2 > tiff.length) {
    return undefined;
  }
  const entries = view.getUint16(directory, little);
  for (let i = 0; i < entries; i++) {
    const entry = directory + 2 + i * 12;
    if (entry + 12 > tiff.length) {
      return undefined;
    }
    if (view.getUint16(entry, little) === orientationTag) {
      const value = view.getUint16(entry + 8, little);
      const valid = view.getUint16(entry + 2, little) === shortType && value >= 1 && value <= 8;
      return valid ? { value, bytes: tiff.subarray(entry + 8, entry + 10), littleEndian: little } : undefined;
    }
  }
  return undefined;
}

/** Orientation of a JPEG (first `Exif` segment) or WebP (`EXIF` chunk); XMP is not looked at, so nothing counts twice. */
export function fileOrientation(bytes: Uint8Array, format: 'jpeg' | 'webp' | 'tiff'): number {
  const block = exifBlock(bytes, format);
  return block ? exifOrientation(block) : 1;
}

/** A copy that says "upright", for decoders that cannot be told to leave the orientation alone. */
export function neutralOrientation(bytes: Uint8Array, format: 'jpeg' | 'webp'): Uint8Array {
  // Not `slice`, which shares the memory of a Node buffer.
  const copy = new Uint8Array(bytes);
  const block = exifBlock(copy, format);
  const entry = block && findOrientation(block);
  entry?.bytes.set(entry.littleEndian ? [1, 0] : [0, 1]);
  return copy;
}

function exifBlock(bytes: Uint8Array, format: 'jpeg' | 'webp' | 'tiff'): Uint8Array | undefined {
  if (format === 'tiff') {
    return bytes;
  }
  return format === 'jpeg' ? jpegExif(bytes) : webpExif(bytes);
}

function jpegExif(bytes: Uint8Array): Uint8Array | undefined {
  let at = 2;
  while (at + 4 <= bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1]!;
    if (marker === 0xff) {
      at++;
      continue;
    }
    if (marker === 0xda || marker === 0xd9) {
      return undefined;
    }
    const length = (bytes[at + 2]! << 8) | bytes[at + 3]!;
    const segment = bytes.subarray(at + 4, at + 2 + length);
    if (marker === 0xe1 && segment[0] === 0x45 && segment[1] === 0x78 && segment[4] === 0) {
      return segment;
    }
    at += 2 + length;
  }
  return undefined;
}

function webpExif(bytes: Uint8Array): Uint8Array | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = 12;
  while (at + 8 <= bytes.length) {
    const length = view.getUint32(at + 4, true);
    if (String.fromCharCode(...bytes.subarray(at, at + 4)) === 'EXIF') {
      return bytes.subarray(at + 8, at + 8 + length);
    }
    at += 8 + length + (length & 1);
  }
  return undefined;
}
