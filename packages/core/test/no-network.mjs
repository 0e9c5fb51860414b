/** Loaded before a program: every attempt to reach a network fails, and is told on standard error. */
import dgram from 'node:dgram';
import dns from 'node:dns';
import net from 'node:net';

const refuse = (what) =>
  function refused() {
    process.stderr.write(`NETWORK: ${what}\n`);
    throw new Error(`this process has no network: ${what}`);
  };

const { connect } = net.Socket.prototype;
/** The pipe to the loader of TypeScript is no network. */
net.Socket.prototype.connect = function connectLocally(...given) {
  const [target] = given.flat(2);
  const path = typeof target === 'object' ? target?.path : target;
  if (typeof path === 'string' && /[\\/]tsx-/.test(path)) return connect.apply(this, given);
  return refuse(`connect ${JSON.stringify(target)}`)();
};
net.Server.prototype.listen = refuse('listen');
dgram.createSocket = refuse('dgram');
dns.lookup = refuse('lookup');
dns.promises.lookup = refuse('lookup');
