import { type PngFile, pngError } from './png-chunks';

/** Samples of a PNG as stored, one per element, `[height, width, samplesPerPixel]`. */
export interface PngSamples {
  readonly samplesPerPixel: number;
  readonly data: Uint8Array | Uint16Array;
}

/** Adam7: first column and row of each pass, and the steps. */
const passes = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

const samplesByColorType = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 } as const;

interface Pass {
  readonly left: number;
  readonly top: number;
  readonly stepX: number;
  readonly stepY: number;
  readonly columns: number;
  readonly rows: number;
}

/**
 * Inflates, undoes the line filters and the interlacing.
 *
 * @throws {InputError} `undecodable`: damaged or too few pixels. Surplus data is ignored.
 */
export async function readPngSamples(file: PngFile, name: string): Promise<PngSamples> {
  const samplesPerPixel = samplesByColorType[file.colorType];
  const bitsPerPixel = samplesPerPixel * file.depth;
  const layout = passesOf(file);
  const lineBytes = (columns: number): number => Math.ceil((columns * bitsPerPixel) / 8);
  const total = layout.reduce((sum, { columns, rows }) => sum + rows * (1 + lineBytes(columns)), 0);
  const filtered = await inflate(file.parts, total, name);
  const count = file.width * file.height * samplesPerPixel;
  const data = file.depth === 16 ? new Uint16Array(count) : new Uint8Array(count);
  const distance = Math.max(1, bitsPerPixel >> 3);
  let at = 0;
  for (const pass of layout) {
    const length = lineBytes(pass.columns);
    let previous = new Uint8Array(length);
    for (let row = 0; row < pass.rows; row++) {
      const line = filtered.subarray(at + 1, at + 1 + length);
      unfilter(filtered[at]!, line, previous, distance, name);
      placeLine(line, file, pass, row, samplesPerPixel, data);
      previous = line;
      at += 1 + length;
    }
  }
  return { samplesPerPixel, data };
}

function passesOf({ width, height, interlaced }: PngFile): readonly Pass[] {
  if (!interlaced) {
    return [{ left: 0, top: 0, stepX: 1, stepY: 1, columns: width, rows: height }];
  }
  return passes
    .map(([left, top, stepX, stepY]) => ({
      left,
      top,
      stepX,
      stepY,
      columns: Math.ceil((width - left) / stepX),
      rows: Math.ceil((height - top) / stepY),
    }))
    .filter(({ columns, rows }) => columns > 0 && rows > 0);
}

/** Deflate makes no more than 258 bytes of two bits. */
const largestRatio = 1032;

/** Stops at the size that the header promises, so that a small file cannot fill the memory. */
async function inflate(parts: readonly Uint8Array[], total: number, name: string): Promise<Uint8Array<ArrayBuffer>> {
  const compressed = parts.reduce((sum, part) => sum + part.length, 0);
  if (compressed * largestRatio < total) {
    throw pngError(name, `${compressed} bytes of pixel data, which cannot hold ${total}`);
  }
  const out = new Uint8Array(total);
  let filled = 0;
  const source = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      for (const part of parts) {
        controller.enqueue(part as Uint8Array<ArrayBuffer>);
      }
      controller.close();
    },
  });
  const reader = source.pipeThrough(new DecompressionStream('deflate')).getReader();
  try {
    while (filled < total) {
      const { done, value } = await reader.read();
      if (done) {
        break;
      }
      const taken = value.subarray(0, total - filled);
      out.set(taken, filled);
      filled += taken.length;
    }
    await reader.cancel();
  } catch (cause) {
    throw pngError(name, `damaged pixel data after ${filled} of ${total} bytes`, { cause });
  }
  if (filled < total) {
    throw pngError(name, `pixel data cut off after ${filled} of ${total} bytes`);
  }
  return out;
}

function unfilter(filter: number, line: Uint8Array, above: Uint8Array, distance: number, name: string): void {
  switch (filter) {
    case 0:
      return;
    case 1:
      for (let i = distance; i < line.length; i++) {
        line[i] = line[i]! + line[i - distance]!;
      }
      return;
    case 2:
      for (let i = 0; i < line.length; i++) {
        line[i] = line[i]! + above[i]!;
      }
      return;
    case 3:
      for (let i = 0; i < line.length; i++) {
        const left = i < distance ? 0 : line[i - distance]!;
        line[i] = line[i]! + ((left + above[i]!) >> 1);
      }
      return;
    case 4:
      for (let i = 0; i < line.length; i++) {
        const left = i < distance ? 0 : line[i - distance]!;
        const corner = i < distance ? 0 : above[i - distance]!;
        line[i] = line[i]! + paeth(left, above[i]!, corner);
      }
      return;
    default:
      throw pngError(name, `the unknown line filter ${filter}`);
  }
}

function paeth(left: number, up: number, corner: number): number {
  const estimate = left + up - corner;
  const toLeft = Math.abs(estimate - left);
  const toUp = Math.abs(estimate - up);
  const toCorner = Math.abs(estimate - corner);
  if (toLeft <= toUp && toLeft <= toCorner) {
    return left;
  }
  return toUp <= toCorner ? up : corner;
}

function placeLine(
  line: Uint8Array,
  { width, depth }: PngFile,
  { left, top, stepX, stepY, columns }: Pass,
  row: number,
  samplesPerPixel: number,
  data: Uint8Array | Uint16Array,
): void {
  const start = (top + row * stepY) * width;
  if (depth === 8 && stepX === 1 && left === 0) {
    data.set(line, start * samplesPerPixel);
    return;
  }
  const mask = (1 << depth) - 1;
  for (let column = 0, from = 0; column < columns; column++) {
    const to = (start + left + column * stepX) * samplesPerPixel;
    for (let sample = 0; sample < samplesPerPixel; sample++, from++) {
      if (depth === 16) {
        data[to + sample] = (line[from * 2]! << 8) | line[from * 2 + 1]!;
      } else if (depth === 8) {
        data[to + sample] = line[from]!;
      } else {
        const bit = from * depth;
        data[to + sample] = (line[bit >> 3]! >> (8 - depth - (bit & 7))) & mask;
      }
    }
  }
}
