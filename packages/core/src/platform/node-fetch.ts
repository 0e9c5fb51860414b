type Fetch = typeof globalThis.fetch;

/** The variable in either case; curl reads the lower one first. */
const setting = (name: string): string | undefined => process.env[name.toLowerCase()] || process.env[name] || undefined;

/** Proxy that the environment names for a URL; undefined for a direct connection. */
export function proxyOf(url: URL): string | undefined {
  const general = setting('ALL_PROXY');
  const proxy = url.protocol === 'https:' ? (setting('HTTPS_PROXY') ?? general) : (setting('HTTP_PROXY') ?? general);
  return proxy === undefined || isExempt(url, setting('NO_PROXY') ?? '') ? undefined : proxy;
}

/** `NO_PROXY`: hosts, domains with or without a leading dot or `*.`, each with a port where it is meant for one; `*`. */
function isExempt({ hostname, port, protocol }: URL, list: string): boolean {
  const actualPort = port || (protocol === 'https:' ? '443' : '80');
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  return list
    .split(/[\s,]+/)
    .filter(Boolean)
    .some((entry) => {
      if (entry === '*') return true;
      const [, name = '', ofPort] = /^\[?(.*?)\]?(?::(\d+))?$/.exec(entry.toLowerCase()) ?? [];
      const domain = name.replace(/^\*?\./, '');
      return (ofPort === undefined || ofPort === actualPort) && (host === domain || host.endsWith(`.${domain}`));
    });
}

/**
 * Node's own `fetch`; where a proxy variable is set, one that goes through that proxy unless `NO_PROXY` exempts the
 * host. undici is loaded only then: the `fetch` of Node 20 ignores these variables.
 */
export async function selectFetch(): Promise<Fetch> {
  if (!['HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY'].some((name) => setting(name) !== undefined)) return globalThis.fetch;
  const { ProxyAgent, fetch } = await import('undici');
  const agents = new Map<string, InstanceType<typeof ProxyAgent>>();
  const proxied = (input: string | URL, init?: object) => {
    const proxy = proxyOf(new URL(input));
    if (proxy === undefined) return fetch(input, init);
    const known = agents.get(proxy);
    const dispatcher = known ?? new ProxyAgent(proxy.includes('://') ? proxy : `http://${proxy}`);
    if (!known) agents.set(proxy, dispatcher);
    return fetch(input, { ...init, dispatcher });
  };
  return proxied as unknown as Fetch;
}
