/** Loaded before a program: every attempt to reach a network fails, and is told on standard error. */
import dgram from 'node:dgram';
import dns from 'node:dns';
import net from 'node:net';

function refuse(what: string): never {
  process.stderr.write(`NETWORK: ${what}\n`);
  throw new Error(`this process has no network: ${what}`);
}

const { connect } = net.Socket.prototype as { connect: (this: net.Socket, ...given: unknown[]) => net.Socket };

/** The pipe to the loader of TypeScript is no network. */
function connectLocally(this: net.Socket, ...given: unknown[]): net.Socket {
  const target = (given as unknown[][]).flat(2)[0] as { readonly path?: unknown } | string | undefined;
  const path = typeof target === 'object' ? target.path : target;
  if (typeof path === 'string' && /[\\/]tsx-/.test(path)) return connect.apply(this, given);
  return refuse(`connect ${JSON.stringify(target)}`);
}

Object.assign(net.Socket.prototype, { connect: connectLocally });
Object.assign(net.Server.prototype, { listen: () => refuse('listen') });
Object.assign(dgram, { createSocket: () => refuse('datagram') });
Object.assign(dns, { lookup: () => refuse('lookup') });
Object.assign(dns.promises, { lookup: () => refuse('lookup') });
