import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf } from '../../test/attacks/pickle-writer';
import { entryChunks } from './entry-chunks';
import { memoryStorage, readEntryBytes, type TensorEntry, type TensorStorage } from './tensor-storage';
import type { StoredDtype } from './weight-recipe';

/** Bytes that can only be had from the first to the last, three at a time. */
function streamed(bytes: Uint8Array): TensorStorage {
  return {
    ...memoryStorage(bytes),
    indivisible: true,
    async *stream() {
      for (let at = 0; at < bytes.length; at += 3) yield bytes.subarray(at, at + 3);
    },
  };
}

async function gathered(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const found: Uint8Array[] = [];
  for await (const chunk of chunks) found.push(chunk);
  return found;
}

const views = fc
  .record({
    shape: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 3 }),
    order: fc.infiniteStream(fc.nat()),
    offset: fc.nat(3),
    gaps: fc.boolean(),
    expanded: fc.nat(3),
    strided: fc.boolean(),
    streams: fc.boolean(),
    dtype: fc.constantFrom<StoredDtype>('F64', 'F32', 'F16', 'U8'),
    chunk: fc.integer({ min: 8, max: 40 }),
    ordered: fc.integer({ min: 1, max: 64 }),
  })
  .map(({ shape, order, offset, gaps, expanded, strided, streams, dtype, chunk, ordered }) => {
    const size = { F64: 8, F32: 4, F16: 2, U8: 1 }[dtype as 'F64'];
    // Strides of a permutation of the axes, with gaps or an axis that repeats.
    const axes = shape.map((_, axis) => ({ axis, rank: order.next().value })).toSorted((a, b) => a.rank - b.rank);
    const strides = new Array<number>(shape.length).fill(1);
    let next = gaps ? 2 : 1;
    for (const { axis } of axes) {
      strides[axis] = next;
      next *= shape[axis]!;
    }
    if (expanded < shape.length && shape.length > 1) strides[expanded] = 0;
    const bytes = Uint8Array.from({ length: (offset + next) * size }, (_, index) => (index * 7) % 251);
    const storage = streams ? streamed(bytes) : memoryStorage(bytes);
    const entry = { shape, dtype, storage, byteOffset: offset * size, ...(strided && { strides }) };
    return { entry: entry satisfies TensorEntry, sizes: { chunk, ordered }, size };
  });

describe('entryChunks', () => {
  it('gives what reading the whole tensor gives, in whole elements', async () => {
    await fc.assert(
      fc.asyncProperty(views, async ({ entry, sizes, size }) => {
        const chunks = await gathered(entryChunks(entry, undefined, sizes));
        expect(bytesOf(...chunks)).toEqual(await readEntryBytes(entry));
        for (const chunk of chunks) {
          expect(chunk.length % size).toBe(0);
          expect(chunk.byteOffset % size).toBe(0);
        }
      }),
      { seed: 1, numRuns: 400 },
    );
  });

  it('gives nothing for an empty tensor', async () => {
    const storage = memoryStorage(new Uint8Array());
    expect(await gathered(entryChunks({ shape: [0, 3], dtype: 'F32', storage, byteOffset: 0 }))).toEqual([]);
  });

  it('stops at an abort', async () => {
    const storage = memoryStorage(new Uint8Array(64));
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(gathered(entryChunks({ shape: [64], dtype: 'U8', storage, byteOffset: 0 }, signal))).rejects.toThrow(
      'enough',
    );
  });
});
