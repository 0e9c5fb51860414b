import type { HostTensor, HostTensors } from '../engine/engine';
import { ShapeError } from '../errors/shape-error';

/** Rows that a search looks at together, unless told otherwise: with 2^18 codes it then takes 64 blocks of codes. */
const usualRows = 4096;

/**
 * Runs a quantizer over any number of vectors a block at a time, so that memory does not grow with their number. The
 * last block is filled up with zeros: one shape, compiled once.
 *
 * Only for quantizers that look at each vector by itself: not for scales or for statistics of a batch.
 *
 * @param encode - `model.run('encode', { z })`, `LoadedQuantizer.encode`, or another function of `[rows, D]` whose results
 *   all begin with an axis of rows.
 * @param vectors - `[..., D]`.
 * @param rowsPerBlock - Default 4096.
 * @returns The results of `encode` with the leading axes of the vectors. No more than one block is encoded as it is.
 * @throws {ShapeError} A result without an axis of rows.
 */
export async function encodeInRowBlocks(
  encode: (vectors: HostTensor) => Promise<HostTensors>,
  vectors: HostTensor,
  rowsPerBlock = usualRows,
): Promise<HostTensors> {
  const dim = vectors.shape.at(-1)!;
  const leading = vectors.shape.slice(0, -1);
  const count = leading.reduce((product, axis) => product * axis, 1);
  // As they are: shapes that were compiled before serve again.
  if (count <= rowsPerBlock) return encode(vectors);
  const size = Math.max(1, rowsPerBlock);
  const joined: Record<string, HostTensor> = {};
  for (let start = 0; start < count; start += size) {
    const rows = Math.min(size, count - start);
    const block = await encode(blockOf(vectors, start, rows, size));
    for (const [name, result] of Object.entries(block)) {
      if (result.shape[0] !== size) throw new ShapeError(`rows of ${name}`, `[${size}, ...]`, result.shape);
      const [, ...rest] = result.shape;
      const width = rest.reduce((product, axis) => product * axis, 1);
      joined[name] ??= { shape: [...leading, ...rest], data: emptyLike(result, count * width) };
      joined[name].data.set(result.data.subarray(0, rows * width), start * width);
    }
  }
  return joined;

  function blockOf({ data }: HostTensor, start: number, rows: number, padded: number): HostTensor {
    const part = data.subarray(start * dim, (start + rows) * dim);
    if (rows === padded) return { shape: [padded, dim], data: part };
    const filled = new Float32Array(padded * dim);
    filled.set(part);
    return { shape: [padded, dim], data: filled };
  }
}

function emptyLike({ data }: HostTensor, length: number): Float32Array | Int32Array {
  return data instanceof Int32Array ? new Int32Array(length) : new Float32Array(length);
}
