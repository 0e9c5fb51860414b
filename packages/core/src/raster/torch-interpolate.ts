import { InputError } from '../errors/input-error';
import { ShapeError } from '../errors/shape-error';
import { interpolationTaps, type InterpolateMode, type InterpolationTaps } from './interpolation-taps';
import { checkSize } from './raster';

/** Floats on a grid, row-major `[height, width, channels]`. */
export interface FloatGrid {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly data: Float32Array;
}

export type { InterpolateMode } from './interpolation-taps';

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
  const columns = interpolationTaps(grid.width, width, mode, alignCorners);
  const rows = interpolationTaps(grid.height, height, mode, alignCorners);
  return interpolateRows(interpolateColumns(grid, columns), rows);
}

function interpolateColumns({ height, width, channels, data }: FloatGrid, columns: InterpolationTaps): FloatGrid {
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

function interpolateRows({ width, channels, data }: FloatGrid, rows: InterpolationTaps): FloatGrid {
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
