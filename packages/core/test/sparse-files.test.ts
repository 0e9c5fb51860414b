import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { openCheckpoint } from '../src/checkpoint/open-checkpoint';
import { unwrapCheckpoint } from '../src/checkpoint/unwrap-checkpoint';
import {
  field,
  floats,
  npy,
  safetensors,
  torchLegacy,
  varint,
  zipAround,
  type MemberOptions,
} from './attacks/file-writers';
import { bytesOf, dict, pickle, repeat, tensor } from './attacks/pickle-writer';
import { temporaryFiles, values } from './temporary-files';

const files = temporaryFiles();
const hole = 10 * 2 ** 30;
const elements = hole / 4;
const nothing = new Uint8Array();
/** What torch writes of a member: sizes stand behind the data. */
const streamed = { local: { flags: 8, bytes: 0, compressedBytes: 0, crc32: 0 }, crc32: 0, behind: repeat('d', 24) };

const large = tensor({ shape: [elements] });
const small = tensor({ key: '1', shape: [2] });
const archive = (...members: readonly MemberOptions[]) => zipAround(members, { zip64: true });
const arrayHeader = npy(`{'descr': '<f4', 'fortran_order': False, 'shape': (${elements},), }`, nothing);

function onnxAround(): readonly [Uint8Array, Uint8Array] {
  const initializer = bytesOf(field(1, elements), field(2, 1), field(8, 'w'), varint(9 * 8 + 2), varint(hole));
  const length = initializer.length + hole;
  const graph = bytesOf(varint(5 * 8 + 2), varint(length), initializer);
  const header = bytesOf(field(1, 8), field(2, 'test'), varint(7 * 8 + 2), varint(graph.length + hole));
  return [bytesOf(header, graph), nothing];
}

/** Files of ten gigabytes, of which all but the ends is a hole. */
const forms: readonly (readonly [name: string, around: readonly [Uint8Array, Uint8Array], key: string])[] = [
  ['safetensors', [safetensors({ w: { dtype: 'F32', shape: [elements], data_offsets: [0, hole] } }), nothing], 'w'],
  [
    'torch zip64',
    archive(
      { name: 'a/data.pkl', data: pickle(dict(['w', large])) },
      { name: 'a/data/0', data: nothing, hole, ...streamed },
    ),
    'w',
  ],
  ['torch legacy', [torchLegacy(dict(['w', large]), [['0', elements, nothing]]), nothing], 'w'],
  ['npy', [arrayHeader, nothing], 'tensor'],
  ['npz', archive({ name: 'w.npy', data: arrayHeader, hole, ...streamed }), 'w'],
  ['onnx', onnxAround(), 'w'],
];

async function sparse(name: string, [before, behind]: readonly [Uint8Array, Uint8Array]): Promise<string> {
  const path = join(files.folder(), name.replaceAll(' ', '-'));
  await writeFile(path, before);
  const handle = await open(path, 'r+');
  await handle.truncate(before.length + hole + behind.length);
  await handle.write(behind, 0, behind.length, before.length + hole);
  await handle.close();
  return path;
}

/** Bytes that are asked of files meanwhile. */
async function bytesRead(work: () => Promise<void>): Promise<number> {
  const handle = await open(join(files.folder()));
  const reading = vi.spyOn(Object.getPrototypeOf(handle) as typeof handle, 'read');
  await handle.close();
  try {
    await work();
    return reading.mock.calls.reduce((sum, call) => sum + ((call as unknown as readonly number[])[2] ?? 0), 0);
  } finally {
    reading.mockRestore();
  }
}

describe('ten gigabytes', () => {
  it.each(forms)('of %s open by reading the ends alone', async (name, around, key) => {
    const path = await sparse(name, around);
    const read = await bytesRead(async () => {
      const checkpoint = await openCheckpoint(path);
      expect(checkpoint.shape(key)).toEqual([elements]);
      expect(checkpoint.tensor(key).recipe).toMatchObject({ kind: 'stored', offset: around[0].length });
      await checkpoint.close();
    });
    expect(read).toBeGreaterThan(0);
    // A window over pickles of unknown length, the end of an archive with its comment.
    expect(read).toBeLessThan(1.2 * 2 ** 20);
  });

  it('of optimizer states in a Lightning checkpoint are left unread', async () => {
    const root = dict(['state_dict', dict(['w', small])], ['optimizer_states', dict(['m', large])]);
    const path = await sparse(
      'lightning.ckpt',
      archive(
        { name: 'a/data.pkl', data: pickle(root) },
        { name: 'a/data/0', data: nothing, hole, ...streamed },
        { name: 'a/data/1', data: floats(5, 6) },
      ),
    );
    const read = await bytesRead(async () => {
      const weights = unwrapCheckpoint(await openCheckpoint(path));
      expect(weights.keys()).toEqual(['w']);
      expect(await values(weights, 'w')).toEqual([5, 6]);
      await weights.close();
    });
    expect(read).toBeLessThan(2 ** 17);
    const whole = await openCheckpoint(path);
    expect([whole.tensor('state_dict.w'), whole.tensor('optimizer_states.m')]).toMatchObject([
      { recipe: { kind: 'stored' } },
      { recipe: { kind: 'values' } },
    ]);
    await whole.close();
  });

  it('of shards open by reading their headers', async () => {
    const path = await sparse('model-1.safetensors', forms[0]![1]);
    const index = await files.write(
      'model.safetensors.index.json',
      new TextEncoder().encode(JSON.stringify({ weight_map: { w: 'model-1.safetensors' } })),
    );
    const read = await bytesRead(async () => {
      const checkpoint = await openCheckpoint(index);
      expect(checkpoint.files).toEqual([{ path, bytes: hole + forms[0]![1][0].length }]);
      await checkpoint.close();
    });
    expect(read).toBeLessThan(2 ** 12);
  });
});
