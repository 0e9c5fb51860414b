import { vi } from 'vitest';

/** What a run in this process said. */
export interface CapturedOutput {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Runs something that writes to standard output and error, and keeps what it writes. */
export async function capturedOutput(run: () => Promise<number>): Promise<CapturedOutput> {
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(writer(stdout)),
    vi.spyOn(process.stderr, 'write').mockImplementation(writer(stderr)),
  ];
  try {
    const code = await run();
    return { code, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString() };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

function writer(chunks: Buffer[]): typeof process.stdout.write {
  return (chunk: string | Uint8Array, ...rest: readonly unknown[]) => {
    chunks.push(Buffer.from(chunk));
    const done = rest.at(-1);
    if (typeof done === 'function') done();
    return true;
  };
}
