import { InputError } from '../errors/input-error';
import { ShapeError } from '../errors/shape-error';
import { interpolationTaps } from '../raster/interpolation-taps';

/**
 * What a model predicts at once on a grid (xAR):
 *
 * - `token`: one after the other.
 * - `cell`: squares of `side x side` neighbors; 8 x 8 of a 16 x 16 grid in the released model.
 * - `subsample`: tokens that are `side` apart on both axes, so that each entity is a small copy of the grid.
 * - `image`: all at once.
 */
export type TokenEntity =
  | { readonly unit: 'token' | 'image' }
  | { readonly unit: 'cell' | 'subsample'; readonly side: number };

/**
 * Row-major positions of each entity of a grid: entities in raster order, and inside each of them too.
 *
 * @throws {InputError} `side` is no whole number of at least 1.
 * @throws {ShapeError} The grid is no whole number of cells, or of steps of the subsampling.
 * @see xAR, arXiv 2502.20388, section 3.2.
 */
export function entityPositions(height: number, width: number, entity: TokenEntity): readonly Int32Array[] {
  const list = (rows: number, columns: number, at: (row: number, column: number) => number): Int32Array =>
    Int32Array.from({ length: rows * columns }, (_, index) => at(Math.floor(index / columns), index % columns));
  switch (entity.unit) {
    case 'token':
      return Array.from({ length: height * width }, (_, position) => Int32Array.of(position));
    case 'image':
      return [list(height, width, (row, column) => row * width + column)];
    case 'cell':
    case 'subsample': {
      const { unit, side } = entity;
      checkSide(height, width, side);
      const isCell = unit === 'cell';
      const [down, across] = [height / side, width / side];
      const [entityRows, entityColumns] = isCell ? [down, across] : [side, side];
      const [rows, columns] = isCell ? [side, side] : [down, across];
      return Array.from({ length: entityRows * entityColumns }, (_, index) => {
        const [top, left] = [Math.floor(index / entityColumns), index % entityColumns];
        return list(rows, columns, (row, column) =>
          isCell
            ? (top * side + row) * width + left * side + column
            : (row * side + top) * width + column * side + left,
        );
      });
    }
  }
}

/** Ids, or values of a latent. */
export type GridValues = Float32Array | Int32Array;

/**
 * The values of each entity of a grid.
 *
 * @param values - `[height, width, channels]`, row-major.
 * @returns One list for each entity, `[its positions, channels]`.
 * @throws {ShapeError} Another number of values; as {@link entityPositions}.
 */
export function regroup<Values extends GridValues>(
  values: Values,
  [height, width, channels]: readonly [height: number, width: number, channels: number],
  entity: TokenEntity,
): readonly Values[] {
  if (values.length !== height * width * channels) {
    throw new ShapeError('values', `${height} x ${width} x ${channels} values`, [values.length]);
  }
  return entityPositions(height, width, entity).map((positions) => {
    const own = emptyLike(values, positions.length * channels);
    positions.forEach((position, index) => {
      own.set(values.subarray(position * channels, (position + 1) * channels), index * channels);
    });
    return own;
  });
}

/**
 * The inverse of {@link regroup}.
 *
 * @throws {ShapeError} Entities of other sizes; as {@link entityPositions}.
 */
export function ungroup<Values extends GridValues>(
  entities: readonly Values[],
  [height, width, channels]: readonly [height: number, width: number, channels: number],
  entity: TokenEntity,
): Values {
  const positions = entityPositions(height, width, entity);
  const sizes = positions.map(({ length }) => length * channels);
  const [first] = entities;
  if (!first || entities.length !== sizes.length || entities.some(({ length }, index) => length !== sizes[index])) {
    const actual = entities.map(({ length }) => length);
    throw new ShapeError('entities', `${sizes.length} lists of ${sizes[0] ?? 0} values`, actual);
  }
  const values = emptyLike(first, height * width * channels);
  for (const [index, own] of entities.entries()) {
    positions[index]!.forEach((position, at) => {
      values.set(own.subarray(at * channels, (at + 1) * channels), position * channels);
    });
  }
  return values;
}

/**
 * The entities of the unit `scale`: a latent at several sizes, coarse to fine, by the mean of each area. The last size
 * that is the latent's own is the latent itself.
 *
 * @param latent - `[height, width, channels]`, row-major.
 * @param scales - Height and width of each, at least 1: `[[1, 1], [2, 2], …, [16, 16]]`.
 * @throws {ShapeError} Another number of values. @throws {InputError} A size is no whole number of at least 1.
 * @see FlowAR, arXiv 2412.15205, section 3.2; xAR, arXiv 2502.20388.
 */
export function latentScales(
  latent: Float32Array,
  [height, width, channels]: readonly [height: number, width: number, channels: number],
  scales: readonly (readonly [height: number, width: number])[],
): readonly Float32Array[] {
  if (latent.length !== height * width * channels) {
    throw new ShapeError('latent', `${height} x ${width} x ${channels} values`, [latent.length]);
  }
  return scales.map(([rows, columns]) => {
    if (![rows, columns].every((size) => Number.isSafeInteger(size) && size >= 1)) {
      throw new InputError('scales', 'sizes of at least 1', `${rows} x ${columns}`);
    }
    const [down, across] = [interpolationTaps(height, rows, 'area'), interpolationTaps(width, columns, 'area')];
    const out = new Float32Array(rows * columns * channels);
    for (let at = 0; at < out.length; at += 1) {
      const channel = at % channels;
      const column = Math.floor(at / channels) % columns;
      const row = Math.floor(at / channels / columns);
      let sum = 0;
      for (let i = row * down.count; i < (row + 1) * down.count; i += 1) {
        for (let j = column * across.count; j < (column + 1) * across.count; j += 1) {
          const value = latent[(down.index[i]! * width + across.index[j]!) * channels + channel]!;
          sum += down.weight[i]! * across.weight[j]! * value;
        }
      }
      out[at] = sum;
    }
    return out;
  });
}

/** Sizes that double from 1 to the size of a square latent: 16 gives 1, 2, 4, 8, 16. @throws {InputError} No power of two. */
export function doublingScales(size: number): readonly (readonly [height: number, width: number])[] {
  const steps = Math.log2(size);
  if (!Number.isSafeInteger(steps) || steps < 0) {
    throw new InputError('size', 'a power of two', String(size));
  }
  return Array.from({ length: steps + 1 }, (_, step) => [2 ** step, 2 ** step]);
}

function emptyLike<Values extends GridValues>(values: Values, length: number): Values {
  return new (values.constructor as new (length: number) => Values)(length);
}

function checkSide(height: number, width: number, side: number): void {
  if (!Number.isSafeInteger(side) || side < 1) {
    throw new InputError('side', 'a whole number of at least 1', String(side));
  }
  if (height % side !== 0 || width % side !== 0) {
    throw new ShapeError('grid', `sides divisible by ${side}`, [height, width]);
  }
}
