import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { openCheckpoint } from '../../src/checkpoint/open-checkpoint';
import { CheckpointError, TesseraeError } from '../../src/errors';
import { field, floats, npy, onnx, safetensors, torchLegacy, torchZip, zip } from './file-writers';
import { dict, integer, tensor, text } from './pickle-writer';

const four = floats(1, 2, 3, 4);
const root = dict(
  ['state_dict', dict(['w', tensor({ shape: [2, 2] })], ['t', tensor({ shape: [2, 2], strides: [1, 2] })])],
  ['step', integer(70_000)],
  ['name', text('größe')],
);
const array = npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }", four);

/** The smallest honest file of each format. */
const files: Readonly<Record<string, Uint8Array>> = {
  safetensors: safetensors(
    {
      __metadata__: { a: 'b' },
      w: { dtype: 'F32', shape: [2], data_offsets: [0, 8] },
      h: { dtype: 'BF16', shape: [4], data_offsets: [8, 16] },
    },
    four,
  ),
  'torch zip': torchZip(root, { '0': four }),
  'torch zip64': torchZip(root, { '0': four }, { zip64: true }),
  'torch zip, deflated': torchZip(root, { '0': four }, { deflated: true }),
  'torch legacy': torchLegacy(root, [['0', 4, four]]),
  npy: array,
  npz: zip([
    { name: 'w.npy', data: array },
    { name: 'v.npy', data: array, deflated: true },
  ]),
  onnx: onnx(
    field(1, [field(1, 'x'), field(2, 'y'), field(3, 'n'), field(4, 'MatMul')]),
    field(5, [field(1, 2), field(2, 1), field(4, floats(1, 2)), field(8, 'w')]),
    field(5, [field(1, 1), field(2, 7), field(7, 300), field(8, 'i')]),
  ),
};

/** Opens and reads all; true where it worked. Anything but a typed error is passed on. */
async function survives(bytes: Uint8Array): Promise<boolean> {
  try {
    const checkpoint = await openCheckpoint(bytes);
    for (const key of checkpoint.keys()) {
      try {
        const { shape, recipe } = checkpoint.tensor(key);
        const values = await checkpoint.tensor(key).read();
        if (values.length !== shape.reduce((product, length) => product * length, 1))
          throw new Error(`${values.length} values`);
        if (recipe.kind !== 'values') throw new Error(`${recipe.kind} of bytes in memory`);
      } catch (error) {
        if (!(error instanceof CheckpointError)) throw error;
      }
    }
    JSON.stringify(checkpoint.metadata);
    await checkpoint.close();
    return true;
  } catch (error) {
    if (TesseraeError.isInstance(error)) return false;
    throw error;
  }
}

/** xorshift32: the same changes in every run. */
function* numbers(seed: number): Generator<number, never> {
  for (let state = seed; ;) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    yield state >>> 0;
  }
}

describe.each(Object.entries(files))('%s', (_, honest) => {
  it('is honest', async () => {
    expect(await survives(honest)).toBe(true);
  });

  it('is refused at every truncation', async () => {
    for (let length = 0; length < honest.length; length += 1)
      expect(await survives(honest.slice(0, length)), `${length}`).toBe(false);
  });

  it('survives every single bit flip', async () => {
    const bytes = honest.slice();
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      await survives(bytes);
      bytes[bit >> 3]! ^= 1 << (bit & 7);
    }
  });

  it('survives seeded changes of several bytes, insertions and deletions', async () => {
    const random = numbers(honest.length * 2654435761);
    const below = (limit: number) => random.next().value % limit;
    for (let round = 0; round < 1500; round += 1) {
      let bytes = honest.slice();
      for (let change = below(4); change >= 0; change -= 1) {
        const at = below(bytes.length);
        const kind = below(4);
        if (kind === 0) bytes[at] = [0, 1, 0x7f, 0x80, 0xff][below(5)]!;
        else if (kind === 1) bytes[at] = below(256);
        else if (kind === 2) bytes = Uint8Array.from([...bytes.subarray(0, at), below(256), ...bytes.subarray(at)]);
        else
          bytes = Uint8Array.from([
            ...bytes.subarray(0, at),
            ...bytes.subarray(Math.min(bytes.length - 1, at + 1 + below(8))),
          ]);
      }
      await survives(bytes);
    }
  });
});

describe('a file of the official library', () => {
  it.each(['torch-zip', 'torch-legacy'])('%s survives truncations and bit flips', async (kind) => {
    const honest = new Uint8Array(await readFile(new URL(`../fixtures/checkpoint/${kind}/file.pt`, import.meta.url)));
    for (let length = 1; length < honest.length; length += 97)
      expect(await survives(honest.slice(0, length))).toBe(false);
    const bytes = honest.slice();
    for (let bit = 3; bit < bytes.length * 8; bit += 67) {
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      await survives(bytes);
      bytes[bit >> 3]! ^= 1 << (bit & 7);
    }
  });
});
