import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { assertFits, fitCheckpoint } from '../src/checkpoint/fit-checkpoint';
import { openCheckpoint } from '../src/checkpoint/open-checkpoint';
import { storedFiles } from '../src/checkpoint/stored-reader';
import type { WeightMap } from '../src/checkpoint/weight-map';
import { CheckpointError } from '../src/errors';
import { safetensorsBytes } from '../src/test/safetensors-bytes';
import { tinyWeights } from '../src/test/tiny-weights';
import { floats, torchZip } from './attacks/file-writers';
import { call, dict, global, tensor, text } from './attacks/pickle-writer';
import { temporaryFiles, values } from './temporary-files';
import { weightFileForms } from './weight-file-forms';

const files = temporaryFiles();

describe('what people ran into when they loaded weights', () => {
  it('a file is read by what it holds, not by its name (F099)', async () => {
    const forms = weightFileForms({ w: { shape: [2], data: [1, 2] } });
    for (const bytes of Object.values(forms)) {
      for (const name of ['a.safetensors', 'a.pt', 'a.bin', 'a.onnx', 'a.txt', 'a']) {
        const checkpoint = await openCheckpoint(await files.write(name, bytes));
        expect(await values(checkpoint, 'w')).toEqual([1, 2]);
        await checkpoint.close();
      }
    }
    const path = await files.write('back.safetensors', forms['model.safetensors']);
    await rename(path, join(files.folder(), 'back.pt'));
    await rename(join(files.folder(), 'back.pt'), path);
    const back = await openCheckpoint(path);
    expect(back.format).toBe('safetensors');
    await back.close();
  });

  it('two of forty tensors are missing: one error lists both, and only a named option goes on (F107)', async () => {
    const shapes = Object.fromEntries(Array.from({ length: 40 }, (_, layer) => [`layers.${layer}.weight`, [2, 2]]));
    const weights = (map: WeightMap) =>
      map.list(
        40,
        (layer) => `layers.${layer}`,
        (layer) => layer.tensor('weight', [2, 2]),
      );
    const { 'layers.7.weight': _, 'layers.31.weight': __, ...rest } = tinyWeights(shapes);
    const checkpoint = await openCheckpoint(safetensorsBytes(rest), { name: 'forty' });
    const stored = storedFiles();
    const missing = ['layers.7.weight', 'layers.31.weight'];
    const strict = fitCheckpoint(checkpoint, weights, stored.read);
    const outcome = (() => {
      try {
        assertFits(strict, 'forty', 'the model');
        return undefined;
      } catch (error) {
        return error;
      }
    })();
    expect(outcome).toBeInstanceOf(CheckpointError);
    expect(outcome).toMatchObject({ code: 'keys-mismatch', missing, unexpected: [], misshaped: [] });
    for (const key of missing) expect((outcome as Error).message).toContain(key);
    const partial = fitCheckpoint(checkpoint, weights, stored.read, true);
    expect(partial.missing).toEqual(missing);
    expect(partial.mapped).toHaveLength(40);
    await stored.close();
  });

  it('code hides a tensor: the error says which (F100)', async () => {
    const file = torchZip(
      [dict(['a', tensor({ shape: [2] })]), '(', text('b'), call(global('my.package', 'Tensor')), 'u'],
      { '0': floats(1, 2) },
    );
    const checkpoint = await openCheckpoint(file, { name: 'hidden' });
    const fit = fitCheckpoint(checkpoint, (map) => [map.tensor('a', [2]), map.tensor('b', [2])], storedFiles().read);
    expect(() => assertFits(fit, 'hidden', 'the model')).toThrow('1 missing: b. The file names my.package.Tensor');
  });
});
