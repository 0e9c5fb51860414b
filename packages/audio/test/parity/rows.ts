import type { HostTensor } from '@tesserae/core';

/** The rows of `[n]` or `[rows, n]`. */
export function rowsOf({ shape, data }: HostTensor): Float32Array[] {
  const length = shape.at(-1)!;
  return Array.from({ length: data.length / length }, (_, row) =>
    Float32Array.from(data.subarray(row * length, (row + 1) * length)),
  );
}

/** Rows of one length as `[rows, n]`. */
export function tensorOf(rows: readonly Float32Array[]): HostTensor {
  const length = rows[0]!.length;
  const data = new Float32Array(rows.length * length);
  rows.forEach((row, index) => data.set(row, index * length));
  return { shape: [rows.length, length], data };
}
