import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ContestantAnswer, ContestantOrder, ContestantRequest } from './contestant-process.mjs';

const program = fileURLToPath(new URL('./contestant-process.mjs', import.meta.url));

/** Someone who encodes, in a process of its own. */
export interface Contestant {
  readonly name: string;
  /** Of so many documents one is encoded, because it takes long; 1: all. */
  readonly everyNth: number;
  /** Rounds at most. */
  readonly rounds: number;
  ask(request: ContestantRequest): Promise<ContestantAnswer>;
  close(): void;
}

/** @throws {Error} It cannot be opened. */
export async function startContestant(
  order: ContestantOrder,
  settings: Pick<Contestant, 'everyNth' | 'rounds'>,
): Promise<Contestant> {
  // Without the loader of this process.
  const child = fork(program, [JSON.stringify(order)], { execArgv: [], env: { ...process.env, NODE_OPTIONS: '' } });
  await nextAnswer(child, order.name);
  return {
    name: order.name,
    ...settings,
    ask(request) {
      const answer = nextAnswer(child, order.name);
      child.send(request);
      return answer;
    },
    close: () => void child.kill(),
  };
}

async function nextAnswer(child: ChildProcess, name: string): Promise<ContestantAnswer> {
  const over = new AbortController();
  const options = { signal: over.signal };
  const ended = once(child, 'exit', options).then(([code]: unknown[]): never => {
    throw new Error(`${name}: its process ended with exit code ${String(code)}`);
  });
  const answered = once(child, 'message', options).then(([answer]) => answer as ContestantAnswer);
  try {
    const answer = await Promise.race([answered, ended]);
    if (answer.error !== undefined) throw new Error(`${name}: ${answer.error}`);
    return answer;
  } finally {
    over.abort();
    await Promise.allSettled([ended, answered]);
  }
}
