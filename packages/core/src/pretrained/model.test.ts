import { describe, expect, it } from 'vitest';
import { modelFunction, type HostTensors, type Tensors } from '../engine/engine';
import { createFakeEngine } from '../test/fake-engine';
import { createModel } from './model';

const fn = modelFunction(
  (weights: Record<string, never>) => weights,
  () => ({}) as Tensors,
);

function modelOn(respond: () => Promise<HostTensors> | HostTensors) {
  const engine = createFakeEngine(respond);
  let closes = 0;
  const model = createModel({
    config: {},
    identity: { id: 'test/model', variant: 'v', library: 'l', fingerprint: '0'.repeat(16) },
    license: { name: 'MIT', use: 'any' },
    pipeline: 'none',
    files: [],
    fresh: [],
    engine,
    engineOptions: {},
    weights: {} as never,
    functions: { encode: fn, decode: fn },
    close: async () => void (closes += 1),
  });
  return { model, engine, closes: () => closes };
}

describe('a model', () => {
  it('loads a function when it is first run, once', async () => {
    const { model, engine } = modelOn(() => ({}));
    expect([engine.loaded, model.has('encode'), model.has('draw'), model.has('toString')]).toEqual([
      0,
      true,
      false,
      false,
    ]);
    await Promise.all([model.run('encode', {}), model.run('encode', {})]);
    expect(engine.loaded).toBe(1);
    expect(engine.calls.map(({ name }) => name)).toEqual(['test/model encode', 'test/model encode']);
    await model.dispose();
    expect(engine.loaded).toBe(0);
  });

  it('names the functions that it has', async () => {
    const { model } = modelOn(() => ({}));
    await expect(model.run('draw', {})).rejects.toMatchObject({
      name: 'EngineError',
      code: 'run-failed',
      message: expect.stringContaining('test/model has only encode, decode'),
    });
  });

  it('finishes what runs before it is disposed, and refuses what comes after', async () => {
    const steps: string[] = [];
    let finish = () => {};
    const { model, closes } = modelOn(
      () =>
        new Promise((resolve) => {
          finish = () => {
            steps.push('ran');
            resolve({});
          };
        }),
    );
    const run = model.run('encode', {});
    await new Promise((resolve) => setImmediate(resolve));
    const disposed = model.dispose().then(() => steps.push('disposed'));
    await expect(model.run('encode', {})).rejects.toMatchObject({ code: 'disposed' });
    expect(closes()).toBe(0);
    finish();
    await Promise.all([run, disposed]);
    expect(steps).toEqual(['ran', 'disposed']);
    await model.dispose();
    expect(closes()).toBe(1);
  });

  it('is disposed although a run failed', async () => {
    const { model, engine, closes } = modelOn(() => {
      throw new Error('broken');
    });
    const run = model.run('encode', {});
    await expect(run).rejects.toThrow('broken');
    await model.dispose();
    expect([engine.loaded, closes()]).toEqual([0, 1]);
  });

  it('hands the signal on', async () => {
    const { model } = modelOn(() => ({}));
    const reason = new Error('stop');
    await expect(model.run('encode', {}, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    await model.dispose();
  });
});
