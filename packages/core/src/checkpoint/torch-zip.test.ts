import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { floats, torchLegacy, torchZip } from '../../test/attacks/file-writers';
import { call, dict, global, integer, list, tensor, text, tuple, type Part } from '../../test/attacks/pickle-writer';
import { temporaryFiles, values } from '../../test/temporary-files';
import type { Checkpoint } from './checkpoint';
import { nestedKeys, selectNested, stripPrefix } from './nesting';
import { openCheckpoint } from './open-checkpoint';
import { readRawBytes } from './raw-bytes';

const files = temporaryFiles();
const fixtures = new URL('../../test/fixtures/checkpoint/', import.meta.url);

describe.each(['torch-zip', 'torch-legacy'])('%s of the official library', (kind) => {
  it.each(['file', 'bytes'])('from %s', async (from) => {
    const path = new URL(`${kind}/file.pt`, fixtures);
    const checkpoint = await openCheckpoint(from === 'file' ? path : new Uint8Array(await readFile(path)));
    const expected = await openCheckpoint(new URL(`${kind}/io.safetensors`, fixtures));
    expect(checkpoint.format).toBe(kind);
    expect(checkpoint.keys().length).toBeGreaterThanOrEqual(20);
    // One int64 does not fit into int32: such tensors are compared as they are stored.
    const contents = async (from: Checkpoint, key: string) =>
      from.dtype(key) === 'I64' ? readRawBytes(from, key) : from.tensor(key).read();
    for (const key of expected.keys()) {
      const ours = key.replaceAll('/', '.');
      const read = { key, shape: checkpoint.shape(ours), contents: await contents(checkpoint, ours) };
      expect(read).toEqual({ key, shape: expected.shape(key), contents: await contents(expected, key) });
    }
    expect(checkpoint.metadata).toMatchObject({
      epoch: 3,
      global_step: 8589934597,
      neg: -7,
      lr: 1e-4,
      name: 'größe – テスト',
      flag: true,
      none: null,
      big: (2n ** 70n).toString(),
    });
    await checkpoint.close();
    await expected.close();
  });
});

describe('torch archives', () => {
  it('reads zip64, deflated and plain archives alike', async () => {
    const root = dict(['state_dict', dict(['w', tensor({ shape: [2, 2] })])], ['step', integer(3)]);
    for (const options of [{}, { zip64: true }, { deflated: true }]) {
      for (const from of ['bytes', 'file'] as const) {
        const bytes = torchZip(root, { '0': floats(1, 2, 3, 4) }, options);
        const checkpoint = await openCheckpoint(from === 'bytes' ? bytes : await files.write('archive.pt', bytes));
        expect(await values(checkpoint, 'state_dict.w')).toEqual([1, 2, 3, 4]);
        expect(checkpoint.metadata).toEqual({ step: 3 });
        const stored = from === 'file' && !('deflated' in options);
        expect(checkpoint.tensor('state_dict.w').recipe.kind).toBe(stored ? 'stored' : 'values');
        await checkpoint.close();
      }
    }
  });

  it('never reads storages of tensors that are not asked for', async () => {
    const bytes = torchZip(
      dict(
        ['state_dict', dict(['w', tensor({ shape: [1] })])],
        ['optimizer_states', list(dict(['m', tensor({ key: '1', shape: [1] })]))],
      ),
      { '0': floats(8), '1': floats(9) },
    );
    const checkpoint = await openCheckpoint(bytes, { nesting: ['state_dict'] });
    expect(checkpoint.keys()).toEqual(['w']);
    expect(await values(checkpoint, 'w')).toEqual([8]);
  });

  it('refuses big-endian archives', async () => {
    await expect(openCheckpoint(torchZip(dict(), {}, { byteOrder: 'big' }))).rejects.toMatchObject({
      code: 'unsupported-format',
    });
  });

  it('lists tensors of dtypes that it cannot read and names them when touched', async () => {
    const bytes = torchZip(
      dict(['c', tensor({ shape: [1], storageClass: 'ComplexFloatStorage' })], ['w', tensor({ key: '1', shape: [1] })]),
      { '0': floats(1, 2), '1': floats(3) },
    );
    const checkpoint = await openCheckpoint(bytes);
    expect(checkpoint.keys()).toEqual(['c', 'w']);
    expect(() => checkpoint.dtype('c')).toThrowError(
      expect.objectContaining({ code: 'unsupported-dtype', message: expect.stringMatching(/c: .*complex64/) }),
    );
    expect(await values(checkpoint, 'w')).toEqual([3]);
  });

  it('takes an nn.Module for its state dict', async () => {
    const module = (state: readonly (readonly [string, Part])[]) => [
      global('some.where', 'Net'),
      ')',
      '\x81',
      dict(...state),
      'b',
    ];
    const inner = module([
      ['_parameters', dict(['weight', tensor({ shape: [1] })], ['bias', 'N'])],
      ['_buffers', dict()],
      ['_modules', dict()],
    ]);
    const outer = module([
      ['training', '\x89'],
      ['width', integer(4)],
      ['_parameters', dict()],
      ['_buffers', dict(['kept', tensor({ key: '1', shape: [1] })], ['dropped', tensor({ key: '1', shape: [1] })])],
      ['_non_persistent_buffers_set', call(global('__builtin__', 'set'), list(text('dropped')))],
      ['_modules', dict(['layer', inner])],
    ]);
    const checkpoint = await openCheckpoint(torchZip(outer, { '0': floats(1), '1': floats(2) }));
    expect(checkpoint.keys()).toEqual(['kept', 'layer.weight']);
    expect(checkpoint.metadata).toEqual({ $class: 'some.where.Net', training: false, width: 4 });
  });

  it('shows namespaces and omegaconf nodes as their fields', async () => {
    const node = (value: Part) => [
      global('omegaconf.nodes', 'AnyNode'),
      ')',
      '\x81',
      dict(['_val', value], ['_parent', 'N']),
      'b',
    ];
    const root = dict(
      ['args', [global('argparse', 'Namespace'), ')', '\x81', dict(['lr', integer(2)]), 'b']],
      [
        'config',
        [
          global('omegaconf.dictconfig', 'DictConfig'),
          ')',
          '\x81',
          dict(['_content', dict(['dim', node(integer(8))])], ['_parent', 'N']),
          'b',
        ],
      ],
    );
    const checkpoint = await openCheckpoint(torchZip(root));
    expect(checkpoint.metadata).toEqual({ args: { lr: 2 }, config: { dim: 8 } });
  });

  it('takes a single tensor', async () => {
    const checkpoint = await openCheckpoint(torchZip(tensor({ shape: [2] }), { '0': floats(1, 2) }));
    expect(await values(checkpoint, 'tensor')).toEqual([1, 2]);
  });

  it('reads old views of a storage', async () => {
    const id = tuple(
      text('storage'),
      global('torch', 'FloatStorage'),
      text('s'),
      text('cpu'),
      integer(4),
      tuple(text('v'), integer(1), integer(2)),
    );
    const view = call(
      global('torch._utils', '_rebuild_tensor'),
      [id, 'Q'],
      integer(0),
      tuple(integer(2)),
      tuple(integer(1)),
    );
    const checkpoint = await openCheckpoint(torchLegacy(dict(['v', view]), [['s', 4, floats(1, 2, 3, 4)]]));
    expect(await values(checkpoint, 'v')).toEqual([2, 3]);
  });
});

describe('nesting', () => {
  it('lists, selects and strips', async () => {
    const root = dict(
      ['model', dict(['module.w', tensor({ shape: [1] })])],
      ['ema', dict(['module.w', tensor({ key: '1', shape: [1] })])],
    );
    const checkpoint = await openCheckpoint(torchZip(root, { '0': floats(1), '1': floats(2) }));
    expect(nestedKeys(checkpoint)).toEqual(['model', 'ema']);
    const ema = stripPrefix(selectNested(checkpoint, ['ema']), 'module.');
    expect(ema.keys()).toEqual(['w']);
    expect(await values(ema, 'w')).toEqual([2]);
    expect(await readRawBytes(ema, 'w')).toEqual(floats(2));
    expect(() => ema.tensor('module.w')).toThrowError(expect.objectContaining({ code: 'not-found' }));
    expect(() => selectNested(checkpoint, ['state_dict'])).toThrowError(
      expect.objectContaining({ code: 'not-found', message: expect.stringContaining('model, ema') }),
    );
  });
});
