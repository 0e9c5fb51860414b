import { EngineError, type EngineErrorCode } from '../../errors/engine-error';
import { runtimeFailure } from '../runtime-failure';
import type { SessionSettings, WireModel, WireTensor, WorkerReply, WorkerRequest, WorkerSetup } from './protocol';
import { startWorker, type WorkerPort } from './worker-port';

/** The sessions of one engine, as seen from outside of their worker. */
export interface SessionClient {
  /** Loads the runtime. @throws {EngineError} `unavailable`. */
  probe(): Promise<void>;
  /** @returns The name of the new chain of sessions. @throws {EngineError} `compile-failed`, `does-not-fit`. */
  create(request: CreateRequest): Promise<number>;
  /**
   * Buffers of `inputs` are transferred.
   *
   * @throws {EngineError} `run-failed`, `does-not-fit`.
   * @throws `signal.reason`, at once: the worker drops the result.
   */
  run(request: RunRequest): Promise<Readonly<Record<string, WireTensor>>>;
  /** Frees a chain once everything that was asked before is done. */
  release(session: number): Promise<void>;
  /** Ends the worker once its queue is empty; idempotent. */
  close(): Promise<void>;
  /** How often the worker died: sessions of an earlier one are gone. */
  generation(): number;
}

export interface CreateRequest {
  /** For errors. */
  readonly name: string;
  readonly models: readonly WireModel[];
  readonly settings: SessionSettings;
  readonly folder?: string;
  readonly buffers?: readonly { readonly path: string; readonly data: Uint8Array<ArrayBuffer> }[];
}

export interface RunRequest {
  readonly name: string;
  readonly session: number;
  readonly inputs: Readonly<Record<string, WireTensor>>;
  readonly signal?: AbortSignal;
  readonly onStage?: (completed: number, total: number) => void;
}

interface Pending {
  readonly resolve: (reply: WorkerReply) => void;
  readonly reject: (error: Error) => void;
  readonly onStage?: (completed: number, total: number) => void;
}

type WithoutId<T> = T extends { readonly id: number } ? Omit<T, 'id'> : never;

/** @param engine - Name for errors. */
export function createSessionClient(engine: string, setup: WorkerSetup): SessionClient {
  const pending = new Map<number, Pending>();
  let nextId = 1;
  let generation = 0;
  let port: WorkerPort | undefined;
  let closing: Promise<void> | undefined;

  function start(): WorkerPort {
    const born = (generation += 1);
    return startWorker(setup, {
      onReply(reply) {
        const waiting = pending.get(reply.id);
        if (reply.kind === 'progress') {
          try {
            waiting?.onStage?.(reply.completed, reply.total);
          } catch (error) {
            // A callback that throws ends its run, not the process. The entry stays until the worker is done.
            waiting?.reject(error as Error);
          }
          return undefined;
        }
        settle(reply.id);
        return waiting?.resolve(reply);
      },
      onDeath(reason) {
        if (born !== generation || !port) return;
        port = undefined;
        const lost = [...pending.values()];
        pending.clear();
        lost.forEach(({ reject }) => reject(runtimeFailure(`${reason}.`, engine, 'session worker')));
      },
    });
  }

  function settle(id: number): void {
    pending.delete(id);
    if (pending.size === 0) port?.hold(false);
  }

  function ask(
    request: WithoutId<WorkerRequest>,
    transfer: readonly ArrayBuffer[] = [],
    onStage?: (completed: number, total: number) => void,
  ): { readonly id: number; readonly reply: Promise<WorkerReply> } {
    const id = nextId;
    nextId += 1;
    const reply = new Promise<WorkerReply>((resolve, reject) => {
      port ??= start();
      pending.set(id, { resolve, reject, ...(onStage && { onStage }) });
      port.hold(true);
      try {
        port.post({ ...request, id } as WorkerRequest, transfer);
      } catch (error) {
        settle(id);
        throw error;
      }
    });
    return { id, reply };
  }

  const fail = (code: EngineErrorCode, name: string, reply: WorkerReply & { readonly kind: 'failed' }): never => {
    const dump = reply.dump === undefined ? '' : ` The model was written to ${reply.dump}; please report it.`;
    throw runtimeFailure(`${reply.message}${dump}`, engine, name, code);
  };

  return {
    async probe() {
      const reply = await ask({ kind: 'probe' }).reply;
      if (reply.kind === 'failed') fail('unavailable', 'probe', reply);
    },
    async create({ name, models, settings, folder, buffers }) {
      const session = nextId;
      const transfer = [...models.map(({ bytes }) => bytes), ...(buffers ?? []).map(({ data }) => data)];
      const reply = await ask(
        {
          kind: 'create',
          session,
          models,
          settings,
          ...(folder !== undefined && { folder }),
          ...(buffers && { buffers }),
        },
        transfer.map(({ buffer }) => buffer as ArrayBuffer),
      ).reply;
      if (reply.kind === 'failed') fail('compile-failed', name, reply);
      return session;
    },
    async run({ name, session, inputs, signal, onStage }) {
      signal?.throwIfAborted();
      const buffers = new Set(Object.values(inputs).map(({ data }) => data.buffer as ArrayBuffer));
      const { id, reply } = ask({ kind: 'run', session, inputs }, [...buffers], onStage);
      const answer = await abortable(reply, signal, () => port?.post({ kind: 'cancel', id }, []));
      if (answer.kind === 'failed') return fail('run-failed', name, answer);
      if (answer.kind !== 'done' || !answer.outputs)
        throw new EngineError('run-failed', engine, name, 'was cancelled.');
      return answer.outputs;
    },
    async release(session) {
      if (port) await ask({ kind: 'release', session }).reply;
    },
    close() {
      closing ??= (async () => {
        if (!port) return;
        await ask({ kind: 'close' }).reply;
        port = undefined;
      })();
      return closing;
    },
    generation: () => generation,
  };
}

/** Rejects with the reason as soon as the signal is aborted; `work` goes on, unwatched. */
export function abortable<T>(
  work: Promise<T>,
  signal: AbortSignal | undefined,
  onAbort: () => void = () => {},
): Promise<T> {
  if (!signal) return work;
  return new Promise<T>((resolve, reject) => {
    const abort = () => {
      onAbort();
      reject(signal.reason);
    };
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
