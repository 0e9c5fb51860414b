import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { floats, safetensors, torchZip, zip } from '../../test/attacks/file-writers';
import { bytesOf, dict, tensor, uint64 } from '../../test/attacks/pickle-writer';
import { temporaryFiles, values } from '../../test/temporary-files';
import { CheckpointError, InputError } from '../errors';
import { openCheckpoint, openShardedCheckpoint } from './open-checkpoint';
import { readRawBytes } from './raw-bytes';

const files = temporaryFiles();
const abc = safetensors(
  {
    __metadata__: { format: 'pt' },
    b: { dtype: 'I64', shape: [2], data_offsets: [16, 32] },
    a: { dtype: 'F32', shape: [2, 2], data_offsets: [0, 16] },
    half: { dtype: 'F16', shape: [], data_offsets: [32, 34] },
    empty: { dtype: 'F32', shape: [0, 3], data_offsets: [34, 34] },
    fp8: { dtype: 'F8_E4M3', shape: [2], data_offsets: [34, 36] },
  },
  bytesOf(floats(1, 2, 3, 4), uint64(7), uint64(2n ** 64n - 5n), Uint8Array.of(0, 0xbc), Uint8Array.of(1, 2)),
);

describe('formats by content', () => {
  it('does not look at names', async () => {
    const torch = torchZip(dict(['w', tensor({ shape: [2] })]), { '0': floats(1, 2) });
    const disguised = await openCheckpoint(await files.write('weights.pt', abc));
    const other = await openCheckpoint(await files.write('weights.safetensors', torch));
    expect([disguised.format, other.format]).toEqual(['safetensors', 'torch-zip']);
    await disguised.close();
    await other.close();
  });

  it('says what a file without weights is', async () => {
    const cases: readonly (readonly [string, Uint8Array])[] = [
      ['empty file', new Uint8Array()],
      ['Git LFS pointer', bytesOf('version https://git-lfs.github.com/spec/v1\noid sha256:0\n')],
      ['HTML page', bytesOf('<!DOCTYPE html><html>')],
      ['gzip', Uint8Array.of(0x1f, 0x8b, 8, 0)],
      ['readme.txt', zip([{ name: 'readme.txt', data: bytesOf('hello') }])],
    ];
    for (const [what, bytes] of cases) {
      await expect(openCheckpoint(bytes)).rejects.toMatchObject({
        code: 'unsupported-format',
        message: expect.stringContaining(what),
      });
    }
  });

  it('names a path that cannot be opened', async () => {
    await expect(openCheckpoint(join(files.folder(), 'absent.pt'))).rejects.toMatchObject({
      code: 'unreadable',
      message: expect.stringContaining('absent.pt'),
    });
    await expect(openCheckpoint(files.folder())).rejects.toBeInstanceOf(InputError);
    await expect(openCheckpoint(5 as unknown as string)).rejects.toBeInstanceOf(InputError);
  });
});

describe('shards', () => {
  const shard = (key: string, value: number) =>
    safetensors({ [key]: { dtype: 'F32', shape: [1], data_offsets: [0, 4] } }, floats(value));
  const index = (map: object) => bytesOf(JSON.stringify({ metadata: { total_size: 8 }, weight_map: map }));

  it('joins them', async () => {
    await files.write('model-1.safetensors', shard('a', 1));
    await files.write('model-2.safetensors', shard('b', 2));
    const path = await files.write(
      'model.safetensors.index.json',
      index({ b: 'model-2.safetensors', a: 'model-1.safetensors' }),
    );
    const checkpoint = await openShardedCheckpoint(path);
    expect(checkpoint.format).toBe('safetensors-sharded');
    expect(checkpoint.keys()).toEqual(['b', 'a']);
    expect([await values(checkpoint, 'a'), await values(checkpoint, 'b')]).toEqual([[1], [2]]);
    expect(await readRawBytes(checkpoint, 'b')).toEqual(floats(2));
    expect(checkpoint.files).toHaveLength(2);
    await checkpoint.close();
    await expect(openShardedCheckpoint(join(files.folder(), 'model-1.safetensors'))).rejects.toMatchObject({
      code: 'unsupported-format',
    });
  });

  it('names tensors that a shard lacks', async () => {
    const path = await files.write('lacking.index.json', index({ a: 'model-1.safetensors', c: 'model-1.safetensors' }));
    await expect(openShardedCheckpoint(path)).rejects.toMatchObject({ code: 'keys-mismatch', missing: ['c'] });
  });

  it('stays in its files.folder() and does not follow itself', async () => {
    for (const name of ['../model-1.safetensors', '/etc/passwd', 'C:\\x', 'a/../../b']) {
      await expect(openCheckpoint(await files.write('bad.index.json', index({ a: name })))).rejects.toMatchObject({
        code: 'malformed',
      });
    }
    await expect(
      openCheckpoint(await files.write('self.index.json', index({ a: 'self.index.json' }))),
    ).rejects.toBeInstanceOf(CheckpointError);
  });
});
