import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Json } from '@tesserae/core';
import type { Direction } from './inputs';
import type { Sample } from './protocol';

export interface PeerFacts {
  readonly python: string;
  readonly torch: string;
  readonly threads: number;
  /** Library that matrix products end in. */
  readonly blas: string;
  readonly oneDNN: boolean;
}

/** How the PyTorch program writes the same sums: what is fastest in its build. */
export interface PeerForms {
  readonly linear: 'linear' | 'conv';
  readonly layout: 'contiguous' | 'channels_last';
  readonly attention: 'sdpa' | 'matmul';
}

export interface PeerLoad {
  readonly file: string;
  readonly config: Json;
  readonly direction: Direction;
  readonly forms: PeerForms;
  /** File of raw numbers for each batch size. */
  readonly inputs: Readonly<Record<number, string>>;
}

export interface ProcessMemory {
  /** The most that was ever resident, mapped files included. */
  readonly VmHWM: number;
  readonly RssAnon: number;
  readonly RssFile: number;
}

/** How far an output is from ours. */
export interface Comparison {
  readonly count: number;
  /** Of ids. */
  readonly different?: number;
  /** Of pixels: the largest difference. */
  readonly largest?: number;
}

/** A process with the same model in PyTorch. */
export interface PeerClient {
  hello(): Promise<PeerFacts>;
  forms(config: Json): Promise<PeerForms>;
  load(load: PeerLoad): Promise<void>;
  run(batch: number, times: number): Promise<Sample>;
  /** The last output against a file of ours. */
  compare(direction: Direction, file: string): Promise<Comparison>;
  memory(): Promise<ProcessMemory>;
  close(): Promise<void>;
}

const program = fileURLToPath(new URL('../python/titok_peer.py', import.meta.url));

/** @param python - Command that starts a Python with PyTorch. */
export function startPeer(python: string, threads: number): PeerClient {
  const child = spawn(python, [program, '--threads', String(threads)], {
    env: peerEnvironment(process.env),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (text: Buffer) => {
    errors = `${errors}${text.toString()}`.slice(-2000);
  });
  const waiting: { readonly resolve: (line: string) => void; readonly reject: (error: Error) => void }[] = [];
  const fail = (problem: string) => waiting.splice(0).forEach(({ reject }) => reject(new Error(problem)));
  let end: string | undefined;
  const ended = new Promise<void>((resolve) => {
    const onEnd = (problem: string) => {
      end = problem;
      fail(problem);
      resolve();
    };
    child.once('error', ({ message }) => onEnd(message));
    child.once('close', (code) => onEnd(errors.trim().split('\n').at(-1) || `exit code ${code}`));
  });
  createInterface({ input: child.stdout }).on('line', (line) => waiting.shift()?.resolve(line));
  // Its failure is told by 'close'.
  child.stdin.on('error', () => undefined);

  async function ask<T>(command: string, fields: Readonly<Record<string, unknown>> = {}): Promise<T> {
    if (end !== undefined) throw new Error(end);
    const line = await new Promise<string>((resolve, reject) => {
      waiting.push({ resolve, reject });
      child.stdin.write(`${JSON.stringify({ command, ...fields })}\n`);
    });
    const answer = JSON.parse(line) as { readonly error?: string };
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer as T;
  }

  return {
    hello: () => ask('hello'),
    forms: (config) => ask('forms', { config }),
    load: async (load) => void (await ask('load', { ...load })),
    run: (batch, times) => ask('run', { batch, times }),
    compare: (direction, file) => ask('compare', { direction, file }),
    memory: () => ask('memory'),
    async close() {
      child.stdin.end();
      await ended;
    },
  };
}

/** Settings of OpenBLAS that mend old builds make current ones slow. */
export function peerEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { OPENBLAS_CORETYPE: _coreType, OPENBLAS_L2_SIZE: _cacheSize, ...rest } = environment;
  return rest;
}
