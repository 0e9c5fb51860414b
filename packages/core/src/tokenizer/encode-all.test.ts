import { describe, expect, it } from 'vitest';
import { Tokens } from '../tokens/tokens';
import { encodeAll } from './encode-all';
import type { EncodeOnlyTokenizer } from './tokenizer';

function tokensOf(id: number): Tokens {
  return new Tokens({
    tokenizer: { id: 'test/t', variant: 'v', library: 'l', fingerprint: '0'.repeat(16) },
    levels: [{ kind: 'index', vocabularySize: 100, shape: [1], axes: ['token'], data: Int32Array.of(id) }],
    source: { modality: 'text', characters: 1, pipeline: 'none' },
    prefixUnit: 'none',
  });
}

/** Later items finish sooner; counts what is in flight. */
function slowTokenizer(fails: readonly number[] = []) {
  const state = { started: 0, running: 0, most: 0 };
  const tokenizer = {
    async encode(input: number) {
      state.started += 1;
      state.running += 1;
      state.most = Math.max(state.most, state.running);
      await new Promise((resolve) => setTimeout(resolve, 6 - (input % 4)));
      state.running -= 1;
      if (fails.includes(input)) throw new Error(`item ${input}`);
      return tokensOf(input);
    },
  } as unknown as EncodeOnlyTokenizer<number>;
  return { tokenizer, state };
}

function countedSource(count: number) {
  const state = { taken: 0, closed: false };
  async function* source() {
    try {
      for (let item = 0; item < count; item += 1) {
        state.taken += 1;
        yield item;
      }
    } finally {
      state.closed = true;
    }
  }
  return { source: source(), state };
}

async function collect(all: AsyncIterable<Tokens>): Promise<number[]> {
  const ids: number[] = [];
  for await (const { levels } of all) ids.push(levels[0]!.data[0]!);
  return ids;
}

describe('encodeAll', () => {
  it.each([1, 2, 5, 100])('keeps the order with %i in flight', async (concurrency) => {
    const { tokenizer, state } = slowTokenizer();
    const ids = await collect(encodeAll(tokenizer, countedSource(9).source, { concurrency }));
    expect(ids).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(state.most).toBe(Math.min(concurrency, 9));
  });

  it('takes lists and empty sources', async () => {
    const { tokenizer } = slowTokenizer();
    expect(await collect(encodeAll(tokenizer, [3, 1]))).toEqual([3, 1]);
    expect(await collect(encodeAll(tokenizer, []))).toEqual([]);
  });

  it('waits for its consumer', async () => {
    const { tokenizer } = slowTokenizer();
    const { source, state } = countedSource(50);
    const all = encodeAll(tokenizer, source, { concurrency: 3 });
    await all.next();
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(state.taken).toBe(3);
    await all.next();
    expect(state.taken).toBe(4);
    await all.return(undefined);
    expect(state.closed).toBe(true);
  });

  it('fails at the item that failed, after those before it, and leaves no run behind', async () => {
    const { tokenizer, state } = slowTokenizer([2]);
    const { source, state: taken } = countedSource(50);
    const ids: number[] = [];
    const run = async () => {
      for await (const { levels } of encodeAll(tokenizer, source, { concurrency: 4 })) ids.push(levels[0]!.data[0]!);
    };
    await expect(run()).rejects.toThrow('item 2');
    expect(ids).toEqual([0, 1]);
    expect([state.running, taken.closed]).toEqual([0, true]);
    expect(state.started).toBeLessThan(8);
  });

  it('passes on what the source throws, after all that came before', async () => {
    const { tokenizer, state } = slowTokenizer();
    async function* broken() {
      yield 1;
      throw new Error('source');
    }
    await expect(collect(encodeAll(tokenizer, broken()))).rejects.toThrow('source');
    expect(state.running).toBe(0);
  });

  it('stops at an abort', async () => {
    const stop = new AbortController();
    const reason = new Error('stop');
    const { tokenizer, state } = slowTokenizer();
    const { source, state: taken } = countedSource(50);
    const run = async () => {
      for await (const _ of encodeAll(tokenizer, source, { signal: stop.signal })) stop.abort(reason);
    };
    await expect(run()).rejects.toBe(reason);
    expect([state.running, taken.closed]).toEqual([0, true]);
  });

  it.each([0, -1, 1.5, Number.NaN])('refuses %f in flight', async (concurrency) => {
    const { tokenizer } = slowTokenizer();
    await expect(collect(encodeAll(tokenizer, [1], { concurrency }))).rejects.toMatchObject({ name: 'InputError' });
  });
});
