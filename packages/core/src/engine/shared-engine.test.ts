import { afterEach, describe, expect, it, vi } from 'vitest';
import { createFakeEngine } from '../test/fake-engine';
import { describeEngines, isEngineName, selectEngine } from './select-engine';
import { leaseEngine } from './shared-engine';

afterEach(() => vi.unstubAllEnvs());

describe('leaseEngine', () => {
  it('shares an engine by name and disposes it with its last user', async () => {
    const [first, second] = await Promise.all([leaseEngine('cpu'), leaseEngine('cpu')]);
    expect(second.engine).toBe(first.engine);
    await first.release();
    await first.release();
    await expect(second.engine.load({ select: () => ({}), run: () => ({}) }, {} as never)).resolves.toBeDefined();
    await second.release();
    await expect(second.engine.load({ select: () => ({}), run: () => ({}) }, {} as never)).rejects.toMatchObject({
      code: 'disposed',
    });
    const third = await leaseEngine('cpu');
    expect(third.engine).not.toBe(first.engine);
    await third.release();
  });

  it('never disposes the engine of a caller', async () => {
    const own = createFakeEngine(() => ({}));
    const lease = await leaseEngine(own);
    await lease.release();
    expect([lease.engine, own.disposed]).toEqual([own, false]);
  });

  it('asks again after a failure', async () => {
    for (let i = 0; i < 2; i += 1)
      await expect(leaseEngine('webgpu')).rejects.toMatchObject({ name: 'EngineError', code: 'unavailable' });
    await expect(leaseEngine(null as never)).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe('selectEngine', () => {
  it('obeys TESSERAE_ENGINE where no engine is named', async () => {
    vi.stubEnv('TESSERAE_ENGINE', 'cpu');
    const chosen = await selectEngine();
    const named = await selectEngine('wasm');
    expect([chosen.report.name, named.report.name]).toEqual(['cpu', 'wasm']);
    await Promise.all([chosen.dispose(), named.dispose()]);
  });

  it('names what exists and why an engine does not work', async () => {
    vi.stubEnv('TESSERAE_ENGINE', 'cuda');
    await expect(selectEngine()).rejects.toThrow(/expected auto or one of tfjs-node-gpu, onnx/);
    await expect(selectEngine('webgpu')).rejects.toThrow('not supported yet');
    expect([isEngineName('onnx'), isEngineName('auto'), isEngineName('toString')]).toEqual([true, false, false]);
  });

  it('describes every engine, with a reason where one does not work', async () => {
    const reports = await describeEngines();
    expect(reports.map(({ name }) => name)).toEqual(['tfjs-node-gpu', 'onnx', 'tfjs-node', 'onnx-web', 'wasm', 'cpu']);
    for (const { available, reason } of reports) expect(available || typeof reason === 'string').toBe(true);
    expect(reports.at(-1)).toMatchObject({ available: true, compiled: false });
  });
});
