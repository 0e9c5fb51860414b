import { InputError } from '../errors/input-error';

/** 8-bit pixels, row-major `[height, width, channels]`: grey, grey + alpha, RGB or RGBA (alpha not premultiplied). */
export interface Raster {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 2 | 3 | 4;
  /** 0..255. */
  readonly data: Uint8Array | Uint8ClampedArray;
}

/** A {@link Raster} whose bytes were allocated by the function that returns it. */
export interface OwnedRaster extends Raster {
  readonly data: Uint8Array;
}

/** A rectangle in pixels: left, upper, right, lower; the last two are exclusive. */
export type Box = readonly [left: number, upper: number, right: number, lower: number];

/** @throws {InputError} `invalid-argument`: sizes that are no positive integers, or data of another length. */
export function checkRaster(argument: string, { width, height, channels, data }: Raster): void {
  checkSize(argument, width, height);
  if (data.length !== width * height * channels) {
    throw new InputError(
      `${argument}.data`,
      `${width * height * channels} bytes (${height} x ${width} x ${channels})`,
      `${data.length}`,
    );
  }
}

/** @throws {InputError} `invalid-argument`: width or height is no positive integer. */
export function checkSize(argument: string, width: number, height: number): void {
  if (!Number.isInteger(width) || !Number.isInteger(height) || width < 1 || height < 1) {
    throw new InputError(argument, 'a width and a height of at least 1 pixel', `${width} x ${height}`);
  }
}

/** Rounds halves to the even neighbour, as Python's `round` does. */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) {
    return rest < 0.5 ? floor : floor + 1;
  }
  return floor % 2 === 0 ? floor : floor + 1;
}
