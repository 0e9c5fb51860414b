import { ConfigError } from '@tesserae/core/data';
import { utf8DecodeStrict } from '../bytes/utf8';
import {
  expected,
  field,
  isAbsent,
  type JsonPlace,
  jsonPlace,
  readList,
  readObject,
  readString,
} from '../pipeline/json-reader';
import { type ChatTemplate, chatTemplate } from './chat-template';

export interface ChatConfigOptions {
  /** Which template, where a file has several: `default`, `tool_use`, `rag`. Default `default`. */
  readonly template?: string;
  /** What errors call it. Default `tokenizer_config.json`. */
  readonly name?: string;
}

const tokenFields = ['bos_token', 'eos_token', 'unk_token', 'sep_token', 'pad_token', 'cls_token', 'mask_token'];

/**
 * The chat template of a `tokenizer_config.json`, with the special tokens that the file names.
 *
 * @param file - The file, its text, or what it parses to.
 * @throws {ConfigError} The file is no JSON or has no such template; the error names the path.
 */
export function chatTemplateFromConfig(
  file: Uint8Array | string | object,
  { template = 'default', name = 'tokenizer_config.json' }: ChatConfigOptions = {},
): ChatTemplate {
  const root = jsonPlace(parse(file, name), `${name}: `);
  const specialTokens: Record<string, string> = {};
  for (const token of tokenFields) {
    const place = field(root, token);
    if (isAbsent(place)) continue;
    specialTokens[token] = typeof place.value === 'string' ? place.value : readString(field(place, 'content'));
  }
  const place = sourceOf(field(root, 'chat_template'), template);
  return chatTemplate(readString(place), { specialTokens, name: place.path });
}

function sourceOf(place: JsonPlace, template: string): JsonPlace {
  if (isAbsent(place)) throw expected(place, 'a template');
  if (!Array.isArray(place.value)) return place;
  const found = readList(place).find((entry) => readObject(entry)['name'] === template);
  if (!found) throw expected(place, `a template ${JSON.stringify(template)}`);
  return field(found, 'template');
}

function parse(file: Uint8Array | string | object, name: string): unknown {
  if (typeof file !== 'string' && !(file instanceof Uint8Array)) return file;
  const text = typeof file === 'string' ? file : utf8DecodeStrict(file);
  if (text === undefined) throw new ConfigError(name, 'JSON', 'bytes that are no UTF-8');
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ConfigError(name, 'JSON', (cause as Error).message, { cause });
  }
}
