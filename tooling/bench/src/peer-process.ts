import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface PeerFacts {
  readonly python: string;
  readonly torch: string;
  readonly threads: number;
  /** Library that matrix products end in. */
  readonly blas: string;
  readonly oneDNN: boolean;
}

/** What a process took, bytes. */
export interface ProcessMemory {
  /** The most that was ever resident, mapped files included. */
  readonly VmHWM: number;
  readonly RssAnon: number;
  readonly RssFile: number;
}

/** A Python program that answers one JSON object a line: `python/peer_loop.py`. */
export interface PeerProcess {
  /** @throws {Error} The program ended, or says that the command failed. */
  ask<T>(command: string, fields?: Readonly<Record<string, unknown>>): Promise<T>;
  /** Resolves once the process has ended. */
  close(): Promise<void>;
}

/**
 * Starts one side of a comparison.
 *
 * @param program - Path of the Python file.
 * @param python - Command that starts a Python with PyTorch.
 */
export function startPeerProcess(program: string, python: string, threads: number): PeerProcess {
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

  return {
    async ask<T>(command: string, fields: Readonly<Record<string, unknown>> = {}): Promise<T> {
      if (end !== undefined) throw new Error(end);
      const line = await new Promise<string>((resolve, reject) => {
        waiting.push({ resolve, reject });
        child.stdin.write(`${JSON.stringify({ command, ...fields })}\n`);
      });
      const answer = JSON.parse(line) as { readonly error?: string };
      if (answer.error !== undefined) throw new Error(answer.error);
      return answer as T;
    },
    async close() {
      child.stdin.end();
      await ended;
    },
  };
}

/** The PyTorch of a program that knows `hello`, or why there is none. */
export async function findPeer<Facts extends PeerFacts = PeerFacts>(
  program: string,
  python: string,
  threads: number,
): Promise<{ readonly facts: Facts } | { readonly facts?: undefined; readonly reason: string }> {
  const peer = startPeerProcess(program, python, threads);
  try {
    return { facts: await peer.ask<Facts>('hello') };
  } catch (error) {
    return { reason: `${python}: ${firstLine(error)}` };
  } finally {
    await peer.close();
  }
}

export function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]!;
}

/** Settings of OpenBLAS that mend old builds make current ones slow. */
function peerEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { OPENBLAS_CORETYPE: _coreType, OPENBLAS_L2_SIZE: _cacheSize, ...rest } = environment;
  return rest;
}
