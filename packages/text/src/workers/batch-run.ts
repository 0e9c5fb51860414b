import { InputError, UnsupportedError } from '@tesserae/core/data';
import { type Job, planJobs, writeUnits } from './plan-jobs';
import type { ThreadFailure, ThreadOptions, ThreadReply, ThreadRequest } from './protocol';

/** What a caller of a batch may say. */
export interface BatchOptions extends ThreadOptions {
  /** Rejects with the reason of the signal; what threads have begun is thrown away. */
  readonly signal?: AbortSignal;
  /** Called after each job with UTF-16 units. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
}

/** What a batch needs to know of its pool and its tokenizer. */
export interface BatchSettings {
  readonly kind: 'encode' | 'count';
  readonly texts: readonly string[];
  readonly options: BatchOptions;
  /** Units of a job. */
  readonly size: number;
  readonly cut: (text: string) => Int32Array;
  /** Ids around a text that was cut. */
  readonly frame: () => { readonly before: Int32Array; readonly after: Int32Array };
}

/** A batch on its way through the threads. */
export interface BatchRun {
  /** The next job with its memory, or undefined where there is none left. */
  next(memory: (units: number) => Uint16Array<ArrayBuffer>, job: number): ThreadRequest | undefined;
  /** @param job - The job that the reply is for. */
  take(job: Job, reply: ThreadReply): void;
  fail(error: unknown): void;
  /** The job that `next` gave last. */
  readonly current: Job | undefined;
  readonly result: Promise<readonly Int32Array[]>;
}

export function createBatchRun({ kind, texts, options, size, cut, frame }: BatchSettings): BatchRun {
  const jobs = planJobs(texts, size, cut);
  const { specials, addSpecialTokens, signal, onProgress } = options;
  const plain: ThreadOptions = {
    ...(specials !== undefined && { specials }),
    ...(addSpecialTokens !== undefined && { addSpecialTokens }),
  };
  const found: Int32Array[][] = texts.map(() => []);
  const places = new Map<Job, readonly number[]>();
  const given = texts.map(() => 0);
  const total = texts.reduce((sum, { length }) => sum + length, 0);
  let done = 0;
  let open = 0;
  let isOver = false;
  let current: Job | undefined;
  let resolve!: (ids: readonly Int32Array[]) => void;
  let reject!: (error: unknown) => void;
  const result = new Promise<readonly Int32Array[]>((...both) => ([resolve, reject] = both));

  const stop = () => run.fail(signal!.reason);
  const end = () => {
    isOver = true;
    signal?.removeEventListener('abort', stop);
  };
  const finish = () => {
    end();
    resolve(found.map((parts) => (parts.length === 1 ? parts[0]! : joinParts(parts, kind, frame))));
  };

  const run: BatchRun = {
    result,
    get current() {
      return current;
    },
    next(memory, job) {
      if (isOver) return undefined;
      const next = jobs.next();
      if (next.done) {
        if (open === 0) finish();
        return undefined;
      }
      current = next.value;
      open += 1;
      places.set(
        current,
        current.parts.map(({ text }) => given[text]!++),
      );
      const units = memory(current.units);
      const ends = writeUnits(texts, current, units);
      // What a template adds is put around a text that was cut when all of its parts are there.
      const asked = current.parts[0]!.isWhole ? plain : { ...plain, addSpecialTokens: false };
      return { kind, job, units, ends, options: asked };
    },
    take(job, reply) {
      open -= 1;
      if (isOver) return;
      if (reply.kind === 'failed') {
        run.fail(asError(reply.error, job.parts[reply.text]!.text));
        return;
      }
      const order = places.get(job)!;
      places.delete(job);
      for (const [index, { text }] of job.parts.entries()) {
        const start = kind === 'count' ? index : index === 0 ? 0 : reply.ends[index - 1]!;
        const until = kind === 'count' ? index + 1 : reply.ends[index]!;
        found[text]![order[index]!] = reply.ids.slice(start, until);
      }
      done += job.units;
      onProgress?.({ done, total });
    },
    fail(error) {
      if (isOver) return;
      end();
      reject(error);
    },
  };
  if (signal?.aborted) run.fail(signal.reason);
  else signal?.addEventListener('abort', stop, { once: true });
  return run;
}

function joinParts(
  parts: readonly Int32Array[],
  kind: BatchSettings['kind'],
  frame: BatchSettings['frame'],
): Int32Array {
  if (kind === 'count') return Int32Array.of(parts.reduce((sum, [count = 0]) => sum + count, 0));
  const { before, after } = frame();
  const all = [before, ...parts, after];
  const ids = new Int32Array(all.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of all) {
    ids.set(part, at);
    at += part.length;
  }
  return ids;
}

function asError({ message, input }: ThreadFailure, text: number): Error {
  if (!input) return new UnsupportedError(`texts[${text}]`, message);
  return new InputError(`texts[${text}]`, input.expected, input.actual, { code: input.code });
}
