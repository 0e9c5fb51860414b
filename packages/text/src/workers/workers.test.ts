import * as nodeThreads from 'node:worker_threads';
import { afterAll, describe, expect, it } from 'vitest';
import { randomTexts } from '../../test/random-text';
import { sampleTokenizers } from '../../test/sample-tokenizers';
import { planJobs } from './plan-jobs';
import type { StartThread, ThreadRequest } from './protocol';
import { nodeThread } from './start-thread';
import { createTextWorkers } from './text-workers';
import { createThreadWork } from './thread-work';

/** Threads of this thread: messages are cloned and memory moves, as between real ones. */
function pretendThreads(log: ThreadRequest[] = []): StartThread {
  return ({ onReply }) => {
    const work = createThreadWork((reply, transfer) => {
      const moved = structuredClone(reply, { transfer: [...transfer] });
      setTimeout(() => onReply(moved), 0);
    });
    return {
      post(request, transfer) {
        const moved = structuredClone(request, { transfer: [...transfer] });
        log.push(moved);
        setTimeout(() => work(moved), 0);
      },
      hold: () => {},
      stop: () => {},
    };
  };
}

const texts = randomTexts(30, 4).concat(
  ['', 'mot [MASK] the thing </s> b', '\ud800 a \udc00'],
  [randomTexts(120, 5).join('the thing ')],
);

describe.each(sampleTokenizers)('%s in threads', (_name, tokenizer) => {
  const workers = createTextWorkers(tokenizer, { threads: 3, jobSize: 64, start: pretendThreads() });

  it.each([{}, { specials: 'allow' }, { specials: 'ordinary', addSpecialTokens: true }] as const)(
    'gives the ids of encodeBatch with %j',
    async (options) => {
      const expected = tokenizer.encodeBatch(texts, options).map(({ ids }) => ids);
      expect(await workers.encodeBatch(texts, options)).toEqual(expected);
    },
  );
  it('counts, several batches at once', async () => {
    const expected = Int32Array.from(texts, (text) => tokenizer.count(text));
    const [counts, ids] = await Promise.all([workers.countBatch(texts), workers.encodeBatch(texts)]);
    expect(counts).toEqual(expected);
    expect(ids.length).toBe(texts.length);
  });
});

describe('createTextWorkers', () => {
  const [, tokenizer] = sampleTokenizers[0]!;
  const long = 'the thing that they thought '.repeat(200);

  it('gives every thread work, a job at most of the size, and writes each unit once', async () => {
    const logs: ThreadRequest[][] = [];
    const start: StartThread = (events) => {
      const log: ThreadRequest[] = [];
      logs.push(log);
      return pretendThreads(log)(events);
    };
    const workers = createTextWorkers(tokenizer, { threads: 4, jobSize: 256, start });
    await workers.encodeBatch([long, long.slice(7)]);
    const sent = logs.map((log) => log.flatMap((request) => (request.kind === 'encode' ? [request.ends.at(-1)!] : [])));
    for (const sizes of sent) {
      expect(sizes.length).toBeGreaterThan(5);
      expect(Math.max(...sizes)).toBeLessThanOrEqual(256);
    }
    expect(sent.flat().reduce((sum, size) => sum + size, 0)).toBe(long.length * 2 - 7);
  });
  it('says how far it is', async () => {
    const seen: number[] = [];
    const workers = createTextWorkers(tokenizer, { threads: 2, jobSize: 500, start: pretendThreads() });
    await workers.encodeBatch([long], {
      onProgress: ({ done, total }) => {
        expect(total).toBe(long.length);
        seen.push(done);
      },
    });
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(seen.at(-1)).toBe(long.length);
  });
  it('names the text that is refused, and goes on with the next batch', async () => {
    const workers = createTextWorkers(tokenizer, { threads: 2, start: pretendThreads() });
    await expect(workers.encodeBatch(['a', '<|endoftext|>'])).rejects.toThrow(/texts\[1\].*endoftext/);
    await expect(workers.encodeBatch(['a', 3 as unknown as string])).rejects.toThrow(/texts\[1\].*3/);
    expect(await workers.encodeBatch(['the'])).toEqual([tokenizer.encode('the').ids]);
    expect(await workers.encodeBatch([])).toEqual([]);
  });
  it('stops at a signal', async () => {
    const workers = createTextWorkers(tokenizer, { threads: 2, jobSize: 100, start: pretendThreads() });
    const controller = new AbortController();
    const batch = workers.encodeBatch([long], {
      signal: controller.signal,
      onProgress: () => controller.abort(new Error('enough')),
    });
    await expect(batch).rejects.toThrow('enough');
    await expect(workers.encodeBatch([long], { signal: AbortSignal.abort(new Error('before')) })).rejects.toThrow(
      'before',
    );
    expect(await workers.countBatch([long])).toEqual(Int32Array.of(tokenizer.count(long)));
  });
  it('rejects what is under way when a thread ends, and everything after it', async () => {
    let die: (reason: string) => void = () => {};
    const start: StartThread = ({ onDeath }) => {
      die = onDeath;
      return { post: () => {}, hold: () => {}, stop: () => {} };
    };
    const workers = createTextWorkers(tokenizer, { threads: 1, start });
    const batch = workers.encodeBatch(['a']);
    die('out of memory');
    await expect(batch).rejects.toThrow(/out of memory/);
    await expect(workers.encodeBatch(['a'])).rejects.toThrow(/out of memory/);
  });
  it('refuses numbers of threads that cannot be', () => {
    for (const threads of [0, -1, 1.5, NaN]) expect(() => createTextWorkers(tokenizer, { threads })).toThrow(/threads/);
  });
});

describe('planJobs', () => {
  it('puts whole texts together and keeps parts to themselves', () => {
    const jobs = [...planJobs(['aa', 'bbb', 'cccccccccc', '', 'd'], 5, () => Int32Array.of(4, 8, 10))];
    expect(jobs.map(({ parts }) => parts.map(({ text, start, end }) => [text, start, end]))).toEqual([
      [
        [0, 0, 2],
        [1, 0, 3],
      ],
      [[2, 0, 4]],
      [[2, 4, 8]],
      [[2, 8, 10]],
      [
        [3, 0, 0],
        [4, 0, 1],
      ],
    ]);
    expect(jobs.map(({ units }) => units)).toEqual([5, 4, 4, 2, 1]);
  });
});

describe('threads of Node', () => {
  const [, tokenizer] = sampleTokenizers[1]!;
  const start = nodeThread(nodeThreads, new URL('../../test/text-thread.mjs', import.meta.url), [
    '--conditions=@tesserae/source',
  ]);
  const workers = createTextWorkers(tokenizer, { threads: 2, jobSize: 1000, start });
  afterAll(() => workers.close());

  it('give the same ids', async () => {
    const expected = tokenizer.encodeBatch(texts).map(({ ids }) => ids);
    expect(await workers.encodeBatch(texts)).toEqual(expected);
  });
  it('reject when they are closed', async () => {
    const batch = workers.encodeBatch(texts);
    workers.close();
    await expect(batch).rejects.toThrow(/closed/);
  });
});
