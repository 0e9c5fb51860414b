import { ConfigError } from '../errors/config-error';
import type { Json } from '../signal/signal';
import { duplicateJsonKey, jsonExcess } from './json-header';
import { parsePythonLiteral } from './python-literal';
import { parseYamlConfig } from './yaml-config';

/** What a configuration may hold; real ones have some hundred values. */
const bounds = { depth: 100, containers: 200_000, values: 500_000 };

/**
 * Parses a configuration: JSON, a Python literal or YAML, whichever the text is. Everything is data; nothing is
 * evaluated or built.
 *
 * @param name - File, for messages.
 * @throws {ConfigError} None of these, a key twice, hostile depth or size.
 */
export async function parseConfigText(text: string, name: string): Promise<Json> {
  const body = text.replace(/^\uFEFF/, '');
  return parseJson(body, name) ?? parsePythonLiteral(body) ?? (await parseYamlConfig(body, name));
}

/** Undefined where the text is no JSON object or list. */
function parseJson(text: string, name: string): Json | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  const excess = jsonExcess(text, bounds);
  if (excess) throw new ConfigError(name, excess.expected, excess.actual);
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
  const twice = duplicateJsonKey(text);
  if (twice !== undefined) throw new ConfigError(name, 'every key once', `${twice} twice`);
  return value;
}

/** {@link parseConfigText} of what is certainly short: JSON or a Python literal, the text itself where it is neither. */
export function parseConfigValue(text: string): Json {
  if (!/^\s*[[{(]/.test(text)) {
    const word = parsePythonLiteral(text);
    return word === undefined ? (jsonWords[text] ?? text) : word;
  }
  if (jsonExcess(text, bounds)) return text;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return parsePythonLiteral(text) ?? text;
  }
}

const jsonWords: Readonly<Record<string, Json>> = { true: true, false: false };
