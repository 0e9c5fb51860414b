import { once } from 'node:events';
import { existsSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type Command, commonOptions, sizeOption, UsageError } from '../command';
import { createPageServer, host, type PagePolicy } from './page-server';

export interface ServedPage {
  /** What the app is called, as a command and as a folder in `apps`. */
  readonly program: string;
  /** What the build of the page makes. */
  readonly folder: string;
  /** Where it listens if not said otherwise. */
  readonly port: number;
  /** Default: nothing but scripts and styles of the folder. */
  readonly policy?: PagePolicy;
}

/** The command `serve` of an app with a page. */
export const serveCommand = ({ program, folder, port: usualPort, policy }: ServedPage): Command => ({
  name: 'serve',
  summary: 'Opens the page for this machine until Ctrl-C',
  operands: '',
  options: {
    port: {
      type: 'string',
      valueHint: 'n',
      description: `Where it listens; 0: any that is free (default: ${usualPort})`,
    },
    ...commonOptions,
  },
  examples: [`${program} serve`, `${program} serve --port 0 --json`],
  async run(context) {
    const { output, positionals, signal } = context;
    if (positionals.length > 0) throw new UsageError(`expected no operands, got ${positionals.join(', ')}.`);
    const port = sizeOption(context, 'port') ?? usualPort;
    if (port > 65_535) throw new UsageError(`--port: expected at most 65535, got ${port}.`);
    if (!existsSync(join(folder, 'index.html'))) {
      throw new Error(`the page is not built: npm start in apps/${program} builds and opens it.`);
    }
    const server = await createPageServer(folder, policy);
    server.listen(port, host);
    try {
      await once(server, 'listening', { signal });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
      throw new Error(`port ${port} is taken: give another with --port.`, { cause: error });
    }
    const url = `http://localhost:${(server.address() as AddressInfo).port}/`;
    output.line(`${url}  (Ctrl-C ends it)`);
    output.result({ url });
    if (!signal.aborted) await once(signal, 'abort');
    server.closeAllConnections();
    server.close();
    return 130;
  },
});
