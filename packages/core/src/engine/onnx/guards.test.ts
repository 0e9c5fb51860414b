import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { createGraphRecorder } from '../trace/graph-recorder';
import { kernels } from '../trace/kernels';
import { trace } from '../trace/trace';
import { writeWholeModel } from './compile';
import { inFolder, writeValues } from './test-weights';
import { writeModel } from './writer';

/** Twelve products of 512 x 512: tens of milliseconds. */
function slowModel(): Uint8Array {
  const graph = trace(
    (_part, inputs) => {
      const x = inputs['x'] as tf.Tensor2D;
      let y = x;
      for (let index = 0; index < 12; index += 1) y = tf.sin(tf.matMul(y, x)) as tf.Tensor2D;
      return { y };
    },
    undefined,
    { x: { shape: [512, 512], dtype: 'float32' } },
    { kernels },
  );
  return writeWholeModel(graph);
}
const feed = () => ({ x: new Tensor('float32', new Float32Array(512 * 512).fill(1 / 512), [512, 512]) });

/** y = x + two weights that lie in files. */
function externalModel(locations: readonly [string, string], offset: number): Uint8Array {
  const graph = createGraphRecorder();
  const type = { shape: [1], dtype: 'float32' } as const;
  const x = graph.input('x', type);
  const weights = locations.map((file) => graph.stored({ kind: 'stored', file, offset, dtype: 'F32', shape: [1] }));
  const y = weights.reduce((sum, weight) => graph.op('Add', [sum, weight], type), x);
  return writeModel(
    { name: 'guard', inputs: [{ name: 'x', value: x }], outputs: [{ name: 'y', value: y }], nodes: graph.nodes },
    ({ source }) => ({
      kind: 'external',
      location: source.kind === 'stored' ? source.recipe.file : '',
      offset,
      length: 4,
    }),
  );
}

const inFolderOf = (folder: string) => ({
  extra: { session: { model_external_initializers_file_folder_path: folder } },
  logSeverityLevel: 4 as const,
});

/**
 * Restrictions of ONNX Runtime that the engine works around. Where one of these fails after an upgrade, its workaround
 * can go.
 */
describe('onnxruntime-node still', () => {
  it('blocks the thread that runs a session (hence the worker)', async () => {
    const session = await InferenceSession.create(slowModel());
    let ticks = 0;
    const timer = setInterval(() => (ticks += 1), 1);
    const before = ticks;
    await session.run(feed());
    clearInterval(timer);
    // One may be due in the turn in which the run begins.
    expect(ticks - before).toBeLessThanOrEqual(1);
    await session.release();
  });

  it('ignores terminate (hence stages)', async () => {
    const session = await InferenceSession.create(slowModel());
    const results = await session.run(feed(), { terminate: true });
    expect(results['y']!.dims).toEqual([512, 512]);
    await session.release();
  });

  it('takes external weights all from memory or all from files (hence inline weights beside files)', () =>
    inFolder(async (folder) => {
      const offset = await writeValues(join(folder, 'a'), Float32Array.of(1));
      const model = externalModel(['a', 'b'], offset);
      const data = new Uint8Array(offset + 4);
      await expect(
        InferenceSession.create(model, { ...inFolderOf(folder), externalData: [{ path: 'b', data }] }),
      ).rejects.toThrow(/External file: a not found/);
      await writeFile(join(folder, 'b'), data);
      await (await InferenceSession.create(model, inFolderOf(folder))).release();
    }));

  it('refuses links that leave the folder (hence real paths)', () =>
    inFolder((outside) =>
      inFolder(async (folder) => {
        const offset = await writeValues(join(outside, 'a'), Float32Array.of(1));
        await symlink(join(outside, 'a'), join(folder, 'a'));
        await expect(InferenceSession.create(externalModel(['a', 'a'], offset), inFolderOf(folder))).rejects.toThrow(
          /escape/i,
        );
      }),
    ));

  it('asks for declared inputs that nothing reads (hence only read ones are declared)', async () => {
    const graph = createGraphRecorder();
    const type = { shape: [1], dtype: 'float32' } as const;
    const [x, unused] = [graph.input('x', type), graph.input('unused', type)];
    const inputs = [x, unused].map((value, index) => ({ name: ['x', 'unused'][index]!, value }));
    const bytes = writeModel({ name: 'guard', inputs, outputs: [{ name: 'y', value: x }], nodes: [] }, () => {
      throw new Error('no weights');
    });
    const session = await InferenceSession.create(bytes, { logSeverityLevel: 4 });
    await expect(session.run({ x: new Tensor('float32', [1], [1]) })).rejects.toThrow(/unused/);
    await session.release();
  });
});
