import { EngineError, InputError } from '@tesserae/core/data';
import { checkInteger, checkText } from '../tokenizer/check-arguments';
import type { TextTokenizer } from '../tokenizer/text-tokenizer';
import { type BatchOptions, type BatchRun, createBatchRun } from './batch-run';
import type { Job } from './plan-jobs';
import type { StartThread, TextThread, ThreadReply } from './protocol';
import { processorCount, startThread } from './start-thread';

export interface TextWorkersOptions {
  /** Default: the processors of the machine. */
  readonly threads?: number;
  /** UTF-16 units that go to a thread at once; longer texts are cut if they can be. Default 131,072. */
  readonly jobSize?: number;
  /** Starts a thread. Default: Node's worker threads, or the workers of the browser. */
  readonly start?: StartThread;
}

/** Encodes batches in threads. */
export interface TextWorkers {
  readonly threads: number;
  /**
   * Ids of each text, as `encode` gives them.
   *
   * @throws {InputError} As `encode`; the text is named by its place.
   * @throws {EngineError} A thread ended or could not start.
   */
  encodeBatch(texts: readonly string[], options?: BatchOptions): Promise<Int32Array[]>;
  /** Number of tokens of each text, as `count` gives them. */
  countBatch(
    texts: readonly string[],
    options?: Omit<BatchOptions, 'specials' | 'addSpecialTokens'>,
  ): Promise<Int32Array>;
  /** Ends the threads. What is under way is rejected. */
  close(): void;
}

/** Jobs that a thread has at once: one to work on, one that waits. */
const jobsAtOnce = 2;
const defaultJobSize = 1 << 17;

interface Open {
  readonly run: BatchRun;
  readonly job: Job;
}

interface Slot {
  readonly thread: TextThread;
  readonly open: Map<number, Open>;
}

/**
 * Starts threads that have a copy of a tokenizer. A text is copied once, into memory that moves to a thread and back;
 * texts are copied when a thread is ready for them. Idle threads do not keep the process alive.
 *
 * @throws {InputError} An option out of its range.
 * @throws {UnsupportedError} A tokenizer without a binary form.
 */
export function createTextWorkers(
  tokenizer: TextTokenizer,
  { threads = processorCount(), jobSize = defaultJobSize, start = startThread }: TextWorkersOptions = {},
): TextWorkers {
  checkInteger('threads', threads, 1, 1024);
  checkInteger('jobSize', jobSize, 1);
  const bytes = tokenizer.save('binary');
  const runs = new Set<BatchRun>();
  const spare: Uint16Array<ArrayBuffer>[] = [];
  let lastJob = 0;
  let death: EngineError | undefined;

  const memory = (units: number): Uint16Array<ArrayBuffer> => {
    const found = spare.findIndex(({ length }) => length >= units);
    return found < 0 ? new Uint16Array(Math.max(units, jobSize)) : spare.splice(found, 1)[0]!;
  };
  const pump = () => {
    for (let depth = 1; depth <= jobsAtOnce; depth += 1) {
      for (const slot of slots) {
        if (slot.open.size < depth) feed(slot);
      }
    }
  };
  const feed = ({ thread, open }: Slot) => {
    for (const run of runs) {
      const job = (lastJob += 1);
      const request = run.next(memory, job);
      if (!request || request.kind === 'load') continue;
      open.set(job, { run, job: run.current! });
      thread.hold(true);
      thread.post(request, [request.units.buffer]);
      return;
    }
  };
  const onReply = (slot: Slot, reply: ThreadReply) => {
    const { run, job } = slot.open.get(reply.job)!;
    slot.open.delete(reply.job);
    if (reply.kind === 'done' && spare.length < threads * jobsAtOnce) spare.push(reply.units);
    run.take(job, reply);
    pump();
    if (slot.open.size === 0) slot.thread.hold(false);
  };
  const onDeath = (reason: string) => {
    death ??= new EngineError('run-failed', 'threads', 'encode', reason);
    for (const run of runs) run.fail(death);
    for (const { thread } of slots) thread.stop();
  };
  const slots: Slot[] = Array.from({ length: threads }, () => {
    const thread = start({ onReply: (reply) => onReply(slot, reply), onDeath });
    const slot: Slot = { thread, open: new Map() };
    thread.post({ kind: 'load', bytes }, []);
    return slot;
  });

  const runBatch = async (
    kind: 'encode' | 'count',
    texts: readonly string[],
    options: BatchOptions,
  ): Promise<readonly Int32Array[]> => {
    if (!Array.isArray(texts)) throw new InputError('texts', 'a list of texts', typeof texts);
    for (const [index, text] of texts.entries()) checkText(`texts[${index}]`, text);
    if (death) throw death;
    const { specials } = options;
    const cut = (text: string) =>
      tokenizer.stretches(text, jobSize, kind === 'count' ? { specials: 'ordinary' } : specials ? { specials } : {});
    const run = createBatchRun({
      kind,
      texts,
      options,
      size: jobSize,
      cut,
      frame: () => frameOf(tokenizer, options),
    });
    runs.add(run);
    try {
      pump();
      return await run.result;
    } finally {
      runs.delete(run);
    }
  };

  return {
    threads,
    encodeBatch: async (texts, options = {}) => [...(await runBatch('encode', texts, options))],
    countBatch: async (texts, options = {}) =>
      Int32Array.from(await runBatch('count', texts, options), ([count]) => count!),
    close: () => onDeath('the threads were closed'),
  };
}

/** What the tokenizer's template puts before and behind a text. */
function frameOf(tokenizer: TextTokenizer, { addSpecialTokens }: BatchOptions) {
  const { ids, specialTokensMask } = tokenizer.encode('a', {
    specials: 'ordinary',
    ...(addSpecialTokens !== undefined && { addSpecialTokens }),
  });
  const isText = (mask: number) => mask === 0;
  const first = specialTokensMask!.findIndex(isText);
  return { before: ids.slice(0, first), after: ids.slice(specialTokensMask!.findLastIndex(isText) + 1) };
}
