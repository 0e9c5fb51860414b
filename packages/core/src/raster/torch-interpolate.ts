import { InputError } from '../errors/input-error';
import { ShapeError } from '../errors/shape-error';
import { checkSize } from './raster';

/** Floats on a grid, row-major `[height, width, channels]`. */
export interface FloatGrid {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly data: Float32Array;
}

export type InterpolateMode = 'nearest' | 'nearest-exact' | 'bilinear' | 'bicubic' | 'area';

const modes: readonly InterpolateMode[] = ['nearest', 'nearest-exact', 'bilinear', 'bicubic', 'area'];

/**
 * `torch.nn.functional.interpolate(x, size, mode)` without antialias: half-pixel centers, borders clamped, bicubic
 * with a = -0.75; `area` is adaptive average pooling.
 *
 * @param options.alignCorners - Corner pixels of both grids coincide (`bilinear`, `bicubic`). Default false.
 * @returns `[height, width, channels]`, within float32 rounding of PyTorch.
 * @throws {InputError} Sizes below 1 or an unknown mode. @throws {ShapeError} Data of another length than its shape.
 */
export function torchInterpolate(
  grid: FloatGrid,
  height: number,
  width: number,
  mode: InterpolateMode,
  options: { readonly alignCorners?: boolean } = {},
): FloatGrid {
  checkSize('grid', grid.width, grid.height);
  checkSize('size', width, height);
  if (!modes.includes(mode)) {
    throw new InputError('mode', modes.join(', '), String(mode));
  }
  if (grid.data.length !== grid.width * grid.height * grid.channels) {
    throw new ShapeError('grid.data', `[${grid.height}, ${grid.width}, ${grid.channels}]`, [grid.data.length]);
  }
  const alignCorners = options.alignCorners ?? false;
  const columns = taps(grid.width, width, mode, alignCorners);
  const rows = taps(grid.height, height, mode, alignCorners);
  return interpolateRows(interpolateColumns(grid, columns), rows);
}

/** Sources and weights of each output place along one axis: `[size, count]`. */
interface Taps {
  readonly size: number;
  readonly count: number;
  readonly index: Int32Array;
  readonly weight: Float64Array;
}

function taps(source: number, size: number, mode: InterpolateMode, alignCorners: boolean): Taps {
  if (mode === 'area') {
    return areaTaps(source, size);
  }
  const count = mode === 'bicubic' ? 4 : mode === 'bilinear' ? 2 : 1;
  const index = new Int32Array(size * count);
  const weight = new Float64Array(size * count);
  const aligned = alignCorners && count > 1;
  const scale = Math.fround(aligned ? (size > 1 ? (source - 1) / (size - 1) : 0) : source / size);
  const clamp = (i: number): number => Math.min(Math.max(i, 0), source - 1);
  for (let i = 0; i < size; i++) {
    if (count === 1) {
      index[i] = clamp(Math.floor(Math.fround((mode === 'nearest' ? i : i + 0.5) * scale)));
      weight[i] = 1;
      continue;
    }
    const position = Math.fround(aligned ? i * scale : Math.fround((i + 0.5) * scale) - 0.5);
    if (count === 2) {
      const place = Math.max(position, 0);
      const low = clamp(Math.floor(place));
      const fraction = Math.min(Math.max(place - low, 0), 1);
      index.set([low, clamp(low + 1)], i * 2);
      weight.set([1 - fraction, fraction], i * 2);
      continue;
    }
    const low = Math.floor(position);
    index.set([clamp(low - 1), clamp(low), clamp(low + 1), clamp(low + 2)], i * 4);
    weight.set(cubicWeights(position - low), i * 4);
  }
  return { size, count, index, weight };
}

function cubicWeights(t: number): number[] {
  const a = -0.75;
  const near = (x: number): number => ((a + 2) * x - (a + 3)) * x * x + 1;
  const far = (x: number): number => ((a * x - 5 * a) * x + 8 * a) * x - 4 * a;
  return [far(t + 1), near(t), near(1 - t), far(2 - t)];
}

function areaTaps(source: number, size: number): Taps {
  const bounds = Array.from({ length: size }, (_, i) => [
    Math.floor((i * source) / size),
    Math.ceil(((i + 1) * source) / size),
  ]);
  const count = Math.max(...bounds.map(([low, high]) => high! - low!));
  const index = new Int32Array(size * count);
  const weight = new Float64Array(size * count);
  bounds.forEach(([low, high], i) => {
    for (let k = low!; k < high!; k++) {
      index[i * count + k - low!] = k;
      weight[i * count + k - low!] = 1 / (high! - low!);
    }
  });
  return { size, count, index, weight };
}

function interpolateColumns({ height, width, channels, data }: FloatGrid, columns: Taps): FloatGrid {
  const out = new Float32Array(height * columns.size * channels);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < columns.size; x++) {
      for (let channel = 0; channel < channels; channel++, at++) {
        let sum = 0;
        for (let k = x * columns.count; k < (x + 1) * columns.count; k++) {
          sum += data[(y * width + columns.index[k]!) * channels + channel]! * columns.weight[k]!;
        }
        out[at] = sum;
      }
    }
  }
  return { height, width: columns.size, channels, data: out };
}

function interpolateRows({ width, channels, data }: FloatGrid, rows: Taps): FloatGrid {
  const rowLength = width * channels;
  const out = new Float32Array(rows.size * rowLength);
  for (let y = 0; y < rows.size; y++) {
    for (let i = 0; i < rowLength; i++) {
      let sum = 0;
      for (let k = y * rows.count; k < (y + 1) * rows.count; k++) {
        sum += data[rows.index[k]! * rowLength + i]! * rows.weight[k]!;
      }
      out[y * rowLength + i] = sum;
    }
  }
  return { height: rows.size, width, channels, data: out };
}
