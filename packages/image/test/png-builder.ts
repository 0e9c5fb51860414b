import { deflateSync } from 'node:zlib';
import { concatBytes } from '@tesserae/core';

/** A PNG to be written sample by sample: what fast-png's encoder cannot do (filters, low depths interlaced, damage). */
export interface PngPlan {
  readonly width: number;
  readonly height: number;
  readonly depth: 1 | 2 | 4 | 8 | 16;
  /** 0 grey, 2 RGB, 3 palette, 4 grey + alpha, 6 RGBA. */
  readonly colorType: 0 | 2 | 3 | 4 | 6;
  /** `[height, width, samplesPerPixel]`, 0 … 2^depth - 1. */
  readonly samples: ArrayLike<number>;
  readonly interlaced?: boolean;
  /** Line filter 0..4, or `mixed`: line y has filter y % 5. */
  readonly filter?: number | 'mixed';
  readonly palette?: readonly number[];
  readonly transparency?: readonly number[];
  readonly exif?: Uint8Array;
  /** Bytes of one IDAT chunk. */
  readonly chunkBytes?: number;
}

export const samplesPerPixel = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 } as const;

const adam7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

export function buildPng(plan: PngPlan): Uint8Array {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, plan.width);
  view.setUint32(4, plan.height);
  header.set([plan.depth, plan.colorType, 0, 0, plan.interlaced ? 1 : 0], 8);
  const compressed = deflateSync(Uint8Array.from(filteredLines(plan)));
  const size = plan.chunkBytes ?? Math.max(1, compressed.length);
  const parts = Array.from({ length: Math.ceil(compressed.length / size) }, (_, i) =>
    pngChunk('IDAT', compressed.subarray(i * size, (i + 1) * size)),
  );
  return concatBytes([
    Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10),
    pngChunk('IHDR', header),
    ...(plan.palette ? [pngChunk('PLTE', Uint8Array.from(plan.palette))] : []),
    ...(plan.transparency ? [pngChunk('tRNS', Uint8Array.from(plan.transparency))] : []),
    ...(plan.exif ? [pngChunk('eXIf', plan.exif)] : []),
    ...parts,
    pngChunk('IEND', new Uint8Array()),
  ]);
}

export function pngChunk(type: string, content: Uint8Array): Uint8Array {
  const out = new Uint8Array(content.length + 12);
  const view = new DataView(out.buffer);
  view.setUint32(0, content.length);
  out.set(
    [...type].map((letter) => letter.charCodeAt(0)),
    4,
  );
  out.set(content, 8);
  view.setUint32(content.length + 8, crc32(out.subarray(4, content.length + 8)));
  return out;
}

/** Big-endian TIFF block with one entry. */
export function exifBlock(orientation: number): Uint8Array {
  const entry = [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0];
  return Uint8Array.from([0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, ...entry, 0, 0, 0, 0]);
}

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) {
      crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
    }
  }
  return (crc ^ 0xffffffff) >>> 0;
}

function filteredLines(plan: PngPlan): number[] {
  const { width, height, depth, interlaced, samples } = plan;
  const count = samplesPerPixel[plan.colorType];
  const distance = Math.max(1, (depth * count) >> 3);
  const out: number[] = [];
  for (const [left, top, stepX, stepY] of interlaced ? adam7 : ([[0, 0, 1, 1]] as const)) {
    let above: number[] = [];
    for (let y = top, row = 0; y < height && left < width; y += stepY, row++) {
      const bits: number[] = [];
      for (let x = left; x < width; x += stepX) {
        for (let sample = 0; sample < count; sample++) {
          const value = samples[(y * width + x) * count + sample]!;
          for (let bit = depth - 1; bit >= 0; bit--) {
            bits.push((value >> bit) & 1);
          }
        }
      }
      const line = Array.from({ length: Math.ceil(bits.length / 8) }, (_, i) =>
        Array.from({ length: 8 }, (_bit, bit) => bits[i * 8 + bit] ?? 0).reduce((byte, bit) => byte * 2 + bit, 0),
      );
      const filter = plan.filter === 'mixed' ? row % 5 : (plan.filter ?? 0);
      out.push(filter, ...line.map((byte, i) => (byte - predict(filter, line, above, i, distance)) & 255));
      above = line;
    }
  }
  return out;
}

function predict(
  filter: number,
  line: readonly number[],
  above: readonly number[],
  i: number,
  distance: number,
): number {
  const left = line[i - distance] ?? 0;
  const up = above[i] ?? 0;
  const corner = above[i - distance] ?? 0;
  const estimate = left + up - corner;
  const [toLeft, toUp, toCorner] = [left, up, corner].map((value) => Math.abs(estimate - value)) as [
    number,
    number,
    number,
  ];
  const paeth = toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner;
  return [0, left, up, (left + up) >> 1, paeth][filter] ?? 0;
}
