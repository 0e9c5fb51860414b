/** One measurement: the clock, and the processor time of all threads of the process. */
export interface Sample {
  readonly milliseconds: number;
  readonly cpuMilliseconds: number;
}

/** Answers come in the order of the requests. */
export type Answer =
  | {
      readonly sample?: Sample;
      readonly device?: string;
      /** Of a stream. */
      readonly steps?: readonly { readonly milliseconds: number; readonly seconds: number }[];
    }
  | { readonly error: string };

export async function measured(body: () => Promise<void>): Promise<Sample> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  await body();
  const milliseconds = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  return { milliseconds, cpuMilliseconds: (user + system) / 1000 };
}

/** A child process of a benchmark: our side. Answers one request after the other until its parent goes. */
export function serveRequests<Request>(answer: (request: Request) => Promise<Answer>): void {
  let queue = Promise.resolve();
  process.on('message', (request: Request) => {
    queue = queue.then(async () => {
      const reply = await answer(request).catch((error: unknown): Answer => ({ error: String(error) }));
      process.send?.(reply);
    });
  });
  process.on('disconnect', () => process.exit(0));
}
