import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onnxAvailable } from '../../test/onnx-available';
import { tinyInput, tinySystem, type TinyTokenizer } from '../../test/tiny-system';
import type { ProgressEvent } from '../engine/run-options';
import { useLeakGuard } from '../test/leak-guard';
import { Tokens, type TokensInit } from '../tokens/tokens';

const engines = ['cpu', 'wasm', ...(onnxAvailable ? (['onnx'] as const) : [])] as const;
const tiny = tinySystem();

describe.each(engines)('a feed-forward tokenizer on %s', (engine) => {
  let tokenizer: TinyTokenizer;
  beforeAll(async () => {
    tokenizer = await tiny.fromConfig({ width: 3 }, { engine });
  });
  afterAll(() => tokenizer.dispose());

  const ids = (tokens: Tokens) => [...tokens.levels[0]!.data];
  const changed = (tokens: Tokens, change: Partial<TokensInit>) =>
    new Tokens({
      tokenizer: tokens.tokenizer,
      levels: tokens.levels,
      source: tokens.source,
      prefixUnit: tokens.prefixUnit,
      ...change,
    });

  it('fills what all tokens carry', async () => {
    const tokens = await tokenizer.encode(tinyInput());
    expect(tokens.tokenizer).toEqual(tokenizer.info.identity);
    expect(tokens.prefixUnit).toBe('token');
    expect(tokens.source).toMatchObject({ pipeline: 'none' });
    expect(tokenizer.info.capabilities).toEqual(['decode']);
    expect(tokenizer.info.engine.name).toBe(engine);
  });

  it('gives margins only when asked', async () => {
    const [plain] = (await tokenizer.encode(tinyInput())).levels;
    const [margined] = (await tokenizer.encode(tinyInput(), { margins: true })).levels;
    expect(plain).not.toHaveProperty('margins');
    expect(margined!.margins).toHaveLength(4);
  });

  it('gives a batch the ids of one by one, in order, with progress', async () => {
    const inputs = [0, 1, 2, 3, 4].map(tinyInput);
    const events: ProgressEvent[] = [];
    const batch = await tokenizer.encodeBatch(inputs, { onProgress: (event) => events.push(event) });
    const alone: Tokens[] = [];
    for (const input of inputs) alone.push(await tokenizer.encode(input));
    expect(batch.map(ids)).toEqual(alone.map(ids));
    expect(new Set(batch.map((tokens) => ids(tokens).join())).size).toBeGreaterThan(1);
    expect(events.filter(({ unit }) => unit === 'items').map(({ completed, total }) => [completed, total])).toEqual([
      [1, 5],
      [2, 5],
      [3, 5],
      [4, 5],
      [5, 5],
    ]);
    const decoded = await tokenizer.decodeBatch(batch);
    expect(decoded).toEqual(await Promise.all(batch.map((tokens) => tokenizer.decode(tokens))));
    expect(await tokenizer.encodeBatch([])).toEqual([]);
    await expect(tokenizer.encodeBatch(tinyInput() as never)).rejects.toMatchObject({ name: 'InputError' });
  });

  it('stops a batch between two items', async () => {
    const stop = new AbortController();
    const reason = new Error('stop');
    let done = 0;
    const batch = tokenizer.encodeBatch([0, 1, 2].map(tinyInput), {
      signal: stop.signal,
      onProgress: ({ unit, completed }) => {
        if (unit !== 'items') return;
        done = completed;
        if (completed === 2) stop.abort(reason);
      },
    });
    await expect(batch).rejects.toBe(reason);
    expect(done).toBe(2);
    await expect(tokenizer.encode(tinyInput(), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const tokens = await tokenizer.encode(tinyInput());
    await expect(tokenizer.decode(tokens, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  it('decodes a prefix as it decodes sliced tokens', async () => {
    const tokens = await tokenizer.encode(tinyInput());
    expect(ids(await tokenizer.encode(tinyInput(), { prefix: 2 }))).toEqual(ids(tokens).slice(0, 2));
    for (const prefix of [1, 3, 4]) {
      const whole = await tokenizer.decode(tokens.prefix(prefix));
      expect(await tokenizer.decode(tokens, { prefix })).toEqual(whole);
      expect(whole).toHaveLength(2 * prefix);
    }
    for (const prefix of [0, -1, 1.5, Number.NaN]) {
      await expect(tokenizer.decode(tokens, { prefix })).rejects.toMatchObject({ name: 'InputError' });
      await expect(tokenizer.encode(tinyInput(), { prefix })).rejects.toMatchObject({ name: 'InputError' });
    }
    await expect(tokenizer.decode(tokens, { prefix: 5 })).rejects.toMatchObject({ name: 'TokensError' });
  });

  it('refuses tokens of another tokenizer, of other weights, and of another shape', async () => {
    const tokens = await tokenizer.encode(tinyInput());
    const other = { ...tokens.tokenizer, id: 'test/other' };
    await expect(tokenizer.decode(changed(tokens, { tokenizer: other }))).rejects.toMatchObject({
      code: 'tokenizer-mismatch',
    });
    const strange = changed(tokens, { tokenizer: { ...tokens.tokenizer, fingerprint: 'f'.repeat(16) } });
    await expect(tokenizer.decode(strange)).rejects.toMatchObject({ code: 'fingerprint-mismatch' });
    expect(await tokenizer.decode(strange, { allowMismatch: true })).toEqual(await tokenizer.decode(tokens));
    const [level] = tokens.levels;
    if (level?.kind !== 'index') throw new Error('ids');
    const wrong: readonly TokensInit['levels'][] = [
      [level, level],
      [{ ...level, vocabularySize: 9 }],
      [{ ...level, shape: [5], data: new Int32Array(5) }],
      [{ ...level, shape: [2, 2], axes: ['token', 'group'] }],
      [{ kind: 'float', storage: 'float32', shape: [4], axes: ['token'], data: new Float32Array(4) }],
    ];
    for (const levels of wrong) {
      await expect(tokenizer.decode(changed(tokens, { levels }))).rejects.toMatchObject({ code: 'invalid-tokens' });
    }
  });

  it('decodes what came through bytes and JSON', async () => {
    const tokens = await tokenizer.encode(tinyInput());
    const expected = await tokenizer.decode(tokens);
    expect(await tokenizer.decode(Tokens.fromBytes(tokens.toBytes()))).toEqual(expected);
    expect(await tokenizer.decode(Tokens.fromJSON(JSON.parse(JSON.stringify(tokens))))).toEqual(expected);
  });
});

describe('runs', () => {
  useLeakGuard();
  it('leave nothing behind, failed ones neither', async () => {
    const tokenizer = await tiny.fromConfig({ width: 3 }, { engine: 'cpu' });
    await tokenizer.encode(tinyInput());
    await expect(tokenizer.encode(new Float32Array(3))).rejects.toMatchObject({ name: 'InputError' });
    await tokenizer.decode(await tokenizer.encode(tinyInput()));
    await tokenizer.dispose();
    await tokenizer.dispose();
    await expect(tokenizer.encode(tinyInput())).rejects.toMatchObject({ name: 'EngineError', code: 'disposed' });
  });
});
