import { describe, expect, it } from 'vitest';
import { floats, npy, safetensors, torchLegacy, torchZip, zip } from '../../test/attacks/file-writers';
import { bytesOf, dict, pickle, tensor } from '../../test/attacks/pickle-writer';
import { values } from '../../test/temporary-files';
import { openCheckpoint } from './open-checkpoint';
import type { Tolerated } from './tolerance';

const four = floats(1, 2, 3, 4);
const entry = (begin: number, end: number) => ({
  dtype: 'F32',
  shape: [(end - begin) / 4],
  data_offsets: [begin, end],
});
const root = dict(['w', tensor({ shape: [4] })]);
const archive = (options: Parameters<typeof zip>[1], behind = new Uint8Array()) =>
  zip(
    [
      { name: 'a/data.pkl', data: pickle(root), behind },
      { name: 'a/data/0', data: four },
    ],
    options,
  );
const zeros = npy(
  `{'descr': '<f4', 'fortran_order': False, 'shape': (${40 * 2 ** 18},), }`,
  new Uint8Array(40 * 2 ** 20),
);

const faults: readonly (readonly [
  name: string,
  fault: Tolerated,
  bytes: () => Uint8Array,
  expected: readonly number[],
])[] = [
  ['a hole in safetensors', 'holes', () => safetensors({ w: entry(0, 4), x: entry(8, 16) }, four), [1]],
  ['an overlap in safetensors', 'overlaps', () => safetensors({ w: entry(0, 12), x: entry(8, 16) }, four), [1, 2, 3]],
  ['bytes behind safetensors', 'trailing-bytes', () => safetensors({ w: entry(0, 12) }, four), [1, 2, 3]],
  ['bytes between members', 'holes', () => archive({}, new Uint8Array(100)), [1, 2, 3, 4]],
  ['bytes between directory and end', 'holes', () => archive({ behindDirectory: new Uint8Array(9) }), [1, 2, 3, 4]],
  [
    'members that overlap',
    'overlaps',
    () =>
      zip([
        { name: 'a/data.pkl', data: pickle(root) },
        { name: 'a/data/1', data: four, bytes: 64, compressedBytes: 64 },
        { name: 'a/data/0', data: four },
      ]),
    [1, 2, 3, 4],
  ],
  ['a second pickle in an archive', 'trailing-bytes', () => torchZip([root, '.N'], { '0': four }), [1, 2, 3, 4]],
  [
    'bytes behind old torch files',
    'trailing-bytes',
    () => bytesOf(torchLegacy(root, [['0', 4, four]]), 'more'),
    [1, 2, 3, 4],
  ],
  ['zeros that inflate', 'inflation', () => zip([{ name: 'w.npy', data: zeros, deflated: true }]), [0, 0, 0, 0]],
];

describe('a fault of a file', () => {
  it.each(faults)('is refused unless it is named: %s', async (_name, fault, make, expected) => {
    const bytes = make();
    const all: readonly Tolerated[] = ['holes', 'overlaps', 'trailing-bytes', 'inflation'];
    const outcome = await openCheckpoint(bytes, { tolerate: all.filter((other) => other !== fault) }).then(
      (checkpoint) => checkpoint.tensor('w').read(),
      (error: unknown) => error,
    );
    expect((outcome as Error).message).toContain(`tolerate: ['${fault}']`);
    const checkpoint = await openCheckpoint(bytes, { tolerate: [fault] });
    expect((await values(checkpoint, 'w')).slice(0, 4)).toEqual(expected);
  });
});
