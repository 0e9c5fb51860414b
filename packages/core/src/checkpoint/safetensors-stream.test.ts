import { describe, expect, it } from 'vitest';
import { field, floats, onnx, safetensors, torchLegacy, torchZip } from '../../test/attacks/file-writers';
import { bytesOf, dict, integer, tensor, text } from '../../test/attacks/pickle-writer';
import type { Checkpoint } from './checkpoint';
import { halfToNumber } from './half-precision';
import { numberToBfloat16 } from './narrow';
import { selectNested } from './nesting';
import { openCheckpoint } from './open-checkpoint';
import { readRawBytes } from './raw-bytes';
import { safetensorsStream, type SafetensorsStreamOptions } from './safetensors-stream';

async function converted(checkpoint: Checkpoint, options?: SafetensorsStreamOptions) {
  const stream = safetensorsStream(checkpoint, options);
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream.chunks()) chunks.push(chunk);
  const bytes = bytesOf(...chunks);
  expect(bytes.length).toBe(stream.bytes);
  return openCheckpoint(bytes);
}

const four = floats(1, -2, 3e38, 4);
const root = dict(
  [
    'state_dict',
    dict(
      ['t', tensor({ shape: [2, 2], strides: [1, 2] })],
      ['n', tensor({ key: '1', storageClass: 'LongStorage', shape: [1] })],
    ),
  ],
  ['args', dict(['ch', integer(16)], ['name', text('größe')])],
  ['name', text('plain')],
);
const storages = { '0': four, '1': new Uint8Array(BigInt64Array.of(2n ** 40n).buffer) };

describe('safetensorsStream', () => {
  it('keeps every bit, in row-major order, aligned, with the metadata', async () => {
    for (const bytes of [
      torchZip(root, storages),
      torchZip(root, storages, { deflated: true }),
      torchLegacy(root, [
        ['0', 4, storages['0']],
        ['1', 1, storages['1']],
      ]),
    ]) {
      const from = await openCheckpoint(bytes);
      const to = await converted(selectNested(from, ['state_dict']));
      expect(to.format).toBe('safetensors');
      expect(to.keys()).toEqual(['n', 't']);
      expect(await readRawBytes(to, 'n')).toEqual(storages['1']);
      expect(Array.from(await to.tensor('t').read())).toEqual([1, Math.fround(3e38), -2, 4]);
      expect(to.metadata).toEqual({ format: 'pt', args: '{"ch":16,"name":"größe"}', name: 'plain' });
    }
  });

  it('keeps metadata of safetensors, and the graph of ONNX', async () => {
    const header = { __metadata__: { a: 'b' }, w: { dtype: 'BF16', shape: [2], data_offsets: [0, 4] } };
    const to = await converted(await openCheckpoint(safetensors(header, Uint8Array.of(1, 2, 3, 4))));
    expect(to.metadata).toEqual({ a: 'b' });
    expect(await readRawBytes(to, 'w')).toEqual(Uint8Array.of(1, 2, 3, 4));
    const model = onnx(
      field(1, [field(1, 'x'), field(2, 'y'), field(4, 'MatMul')]),
      field(5, [field(1, 2), field(2, 7), field(7, bytesOf(1, 2)), field(8, 'i')]),
    );
    const graph = await converted(await openCheckpoint(model));
    expect(Array.from(await graph.tensor('i').read())).toEqual([1, 2]);
    expect((graph.metadata as { nodes: string }).nodes).toContain('MatMul');
  });

  it('stores halves, and leaves integers and halves alone', async () => {
    const header = {
      d: { dtype: 'F64', shape: [2], data_offsets: [0, 16] },
      f: { dtype: 'F32', shape: [2], data_offsets: [16, 24] },
      i: { dtype: 'I32', shape: [1], data_offsets: [24, 28] },
      h: { dtype: 'F16', shape: [1], data_offsets: [28, 30] },
      b: { dtype: 'BF16', shape: [1], data_offsets: [30, 32] },
    };
    const data = bytesOf(
      new Uint8Array(Float64Array.of(1 / 3, -0).buffer),
      floats(65504, 2 ** -25),
      new Uint8Array(Int32Array.of(-7).buffer),
      Uint8Array.of(1, 2, 3, 4),
    );
    const from = await openCheckpoint(safetensors(header, data));
    const halves = await converted(from, { half: 'F16' });
    expect(['d', 'f', 'i', 'h', 'b'].map((key) => halves.dtype(key))).toEqual(['F16', 'F16', 'I32', 'F16', 'BF16']);
    expect(Array.from(await halves.tensor('d').read())).toEqual([halfToNumber(0x3555), -0]);
    expect(Array.from(await halves.tensor('f').read())).toEqual([65504, 0]);
    expect(await readRawBytes(halves, 'h')).toEqual(Uint8Array.of(1, 2));
    const brain = await converted(from, { half: 'BF16' });
    expect(['d', 'f', 'i', 'h', 'b'].map((key) => brain.dtype(key))).toEqual(['BF16', 'BF16', 'I32', 'F16', 'BF16']);
    expect(Array.from(await brain.tensor('f').read())).toEqual([65536, 2 ** -25]);
  });

  it('refuses what 16 bits cannot hold, naming it', async () => {
    const from = selectNested(await openCheckpoint(torchZip(root, storages)), ['state_dict']);
    await expect(converted(from, { half: 'F16' })).rejects.toThrow('t: expected values within float16');
    expect((await converted(from, { half: 'BF16' })).dtype('t')).toBe('BF16');
    expect(() => safetensorsStream(from, { keys: ['missing'] })).toThrowError(
      expect.objectContaining({ code: 'not-found' }),
    );
  });

  it('refuses tensors that it cannot read, and the name of the metadata', async () => {
    const header = { fp8: { dtype: 'F8_E4M3', shape: [2], data_offsets: [0, 2] } };
    const from = await openCheckpoint(safetensors(header, Uint8Array.of(1, 2)));
    expect(() => safetensorsStream(from)).toThrowError(expect.objectContaining({ code: 'unsupported-dtype' }));
    const named = await openCheckpoint(torchZip(dict(['__metadata__', tensor({ shape: [4] })]), storages));
    expect(() => safetensorsStream(named)).toThrow('__metadata__');
  });
});

describe('bfloat16', () => {
  it('rounds to nearest, ties to even', () => {
    const rounded = (value: number) => new Float32Array(Uint32Array.of(numberToBfloat16(value) << 16).buffer)[0];
    expect(rounded(1)).toBe(1);
    expect(rounded(1 + 2 ** -8)).toBe(1);
    expect(rounded(1 + 3 * 2 ** -8)).toBe(1 + 2 ** -6);
    expect(rounded(1 + 2 ** -8 + 2 ** -20)).toBe(1 + 2 ** -7);
    expect(rounded(-Infinity)).toBe(-Infinity);
    expect(rounded(Number.NaN)).toBeNaN();
    expect(rounded(3.4e38)).toBe(Infinity);
  });
});
