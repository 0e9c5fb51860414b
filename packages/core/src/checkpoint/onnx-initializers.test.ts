import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { field, floats, onnx } from '../../test/attacks/file-writers';
import { type Part } from '../../test/attacks/pickle-writer';
import { temporaryFiles, values } from '../../test/temporary-files';
import { openCheckpoint } from './open-checkpoint';

const files = temporaryFiles();
describe('ONNX', () => {
  const tensorProto = (name: string, ...data: readonly Part[]): Part => [
    field(1, 2),
    field(2, 1),
    ...data,
    field(8, name),
  ];

  it('reads raw, typed, constant and external data', async () => {
    const bytes = onnx(
      field(1, [field(1, 'x'), field(1, 'raw'), field(2, 'y'), field(3, '/layer/MatMul'), field(4, 'MatMul')]),
      field(1, [
        field(2, 'constant'),
        field(4, 'Constant'),
        field(5, [field(1, 'value'), field(5, tensorProto('', field(9, floats(7, 8))))]),
      ]),
      field(5, tensorProto('raw', field(9, floats(1, 2)))),
      field(5, tensorProto('typed', field(4, floats(3, 4)))),
      field(5, [
        field(1, 2),
        field(2, 7),
        field(7, [Uint8Array.of(5), new Uint8Array(9).fill(255), 1]),
        field(8, 'ids'),
      ]),
      field(
        5,
        tensorProto(
          'outside',
          field(13, [field(1, 'location'), field(2, 'weights.bin')]),
          field(13, [field(1, 'offset'), field(2, '4')]),
          field(14, 1),
        ),
      ),
    );
    await files.write('weights.bin', floats(0, 5, 6));
    const path = await files.write('model.onnx', bytes);
    const checkpoint = await openCheckpoint(path);
    expect(checkpoint.format).toBe('onnx');
    expect(checkpoint.keys()).toEqual(['constant', 'raw', 'typed', 'ids', 'outside']);
    expect(await values(checkpoint, 'raw')).toEqual([1, 2]);
    expect(await values(checkpoint, 'typed')).toEqual([3, 4]);
    expect(await values(checkpoint, 'constant')).toEqual([7, 8]);
    expect(await values(checkpoint, 'ids')).toEqual([5, -1]);
    expect(await values(checkpoint, 'outside')).toEqual([5, 6]);
    expect(checkpoint.tensor('outside').recipe).toMatchObject({
      kind: 'stored',
      file: join(files.folder(), 'weights.bin'),
      offset: 4,
    });
    expect(checkpoint.metadata).toMatchObject({
      producer: 'test',
      nodes: [{ name: '/layer/MatMul', operator: 'MatMul', inputs: ['x', 'raw'], outputs: ['y'] }, {}],
    });
    await checkpoint.close();
    const inMemory = await openCheckpoint(bytes);
    expect(() => inMemory.tensor('outside')).toThrowError(expect.objectContaining({ code: 'unsupported-dtype' }));
  });
});
