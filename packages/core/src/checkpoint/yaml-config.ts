import { ConfigError } from '../errors/config-error';
import type { Json } from '../signal/signal';

/** Configurations take a few kilobytes; parsing a megabyte takes half a second. */
const maximumBytes = 1024 * 1024;
const maximumAliases = 100;
/** Tags of PyYAML that only say what a value is; everything else that it can build is refused. */
const plainTags = ['none', 'bool', 'int', 'long', 'float', 'str', 'unicode', 'tuple', 'list', 'dict'].map(
  (name) => `tag:yaml.org,2002:python/${name}`,
);
const recordTags = ['argparse.Namespace', 'easydict.EasyDict', 'types.SimpleNamespace'].map(
  (name) => `tag:yaml.org,2002:python/object:${name}`,
);

/**
 * Parses a YAML configuration as PyYAML reads it (YAML 1.1: `yes` is true, `1e-4` a number, `<<` merges), as data.
 * Tuples become lists, `argparse.Namespace` its fields; other Python objects are refused by name, nothing is built.
 *
 * @param name - File, for messages.
 * @throws {ConfigError} No YAML, a key twice, an unknown tag, too many aliases, more than 1 MiB.
 */
export async function parseYamlConfig(text: string, name: string): Promise<Json> {
  if (text.length > maximumBytes)
    throw new ConfigError(name, `YAML of at most ${maximumBytes} letters`, `${text.length}`);
  const { parseDocument } = await import('yaml');
  try {
    const document = parseDocument(text, {
      version: '1.1',
      merge: true,
      uniqueKeys: true,
      stringKeys: true,
      strict: true,
      prettyErrors: true,
      customTags: (tags) => [
        ...tags.filter((tag) => typeof tag === 'object' && !unreadableTags.includes(tag.tag)),
        pythonBoolean,
        ...[...plainTags, ...recordTags].flatMap((tag) => [
          { tag, collection: 'map' as const },
          { tag, collection: 'seq' as const },
          { tag, resolve: (value: string) => scalar(tag, value) },
        ]),
      ],
    });
    const [fault] = [...document.errors, ...document.warnings];
    if (fault) throw new ConfigError(name, 'YAML without objects', firstLine(fault.message), { cause: fault });
    return document.toJS({ maxAliasCount: maximumAliases }) as Json;
  } catch (cause) {
    if (cause instanceof ConfigError) throw cause;
    throw new ConfigError(name, 'YAML', firstLine((cause as Error).message), { cause });
  }
}

/** Results of these are no JSON, or others than PyYAML's. */
const unreadableTags = ['binary', 'omap', 'pairs', 'set', 'timestamp', 'bool'].map((tag) => `tag:yaml.org,2002:${tag}`);

/** PyYAML takes `yes` and `on` for true, but not the letters `y` and `n`. */
const pythonBoolean = {
  tag: 'tag:yaml.org,2002:bool',
  default: true,
  test: /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/,
  resolve: (value: string) => /^(yes|true|on)$/i.test(value),
} as const;

function scalar(tag: string, value: string): Json {
  const kind = tag.slice(tag.lastIndexOf('/') + 1);
  if (kind === 'none') return null;
  if (kind === 'bool') return /^(true|yes|on)$/i.test(value);
  return ['int', 'long', 'float'].includes(kind) ? Number(value) : value;
}

function firstLine(message: string): string {
  return message.split('\n')[0]!.replace(/:$/, '').slice(0, 200);
}
