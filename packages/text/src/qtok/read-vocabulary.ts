import { ConfigError } from '@tesserae/core/data';
import { byteCharacters, byteOfUnit, readByteCharacters, readByteToken } from '../bytes/byte-alphabet';
import { utf8Decode, utf8DecodeStrict } from '../bytes/utf8';
import { field, isAbsent, type JsonPlace, jsonPlace, readCount, readObject, readString } from '../pipeline/json-reader';

/** Text of every token and its id, as Qtok sees a vocabulary. */
export type QtokVocabulary = ReadonlyMap<string, number>;

/**
 * Reads the vocabulary of a tokenizer.json for a quality report (`load_vocab` of Qtok, arXiv 2410.12989). Files without
 * Cyrillic `ма` count as byte-level: their tokens are decoded, and those that are no valid UTF-8 become `<0y…>`. In all
 * others characters of the byte alphabet that are tokens by themselves become their number (`0X41`). `▁` at the
 * beginning is a space, unless the file has more of `Ġ`; `<0xNN>` are bytes.
 *
 * Of tokens with equal texts the last has it; added tokens only take texts that are free.
 *
 * @param file - Bytes, text or parsed JSON. Unigram vocabularies, which are lists, are read as well.
 * @param name - For errors. Default `tokenizer.json`.
 * @throws {ConfigError} The file is no JSON, or has no vocabulary.
 */
export function readQtokVocabulary(file: Uint8Array | string | object, name = 'tokenizer.json'): QtokVocabulary {
  const root = jsonPlace(parsed(file, name), `${name}: `);
  const vocabulary = vocabularyOf(root);
  // Escapes count as what they stand for.
  const text = JSON.stringify(root.value);
  const isByteLevel = !text.includes('ма');
  const [marks, letters] = [count(text, '▁'), count(text, 'Ġ')];
  const space = marks > 0 && marks >= letters ? '▁' : 'Ġ';
  const tokens = new Map<string, number>();
  for (const [raw, id] of entriesOf(vocabulary)) {
    const isWord = space === '▁' && raw.startsWith(space) && raw.length > 1;
    const token = isWord ? (isByteLevel ? 'Ġ' : ' ') + raw.slice(1) : raw;
    const byte = token.startsWith('<0') ? readByteToken(token.replace(/^<0X/, '<0x')) : -1;
    if (byte >= 0) tokens.set(byteCharacters[byte]!, id);
    else tokens.set(isByteLevel ? decoded(token) : numbered(token), id);
  }
  const added = field(root, 'added_tokens');
  for (const [place, value] of (Array.isArray(added.value) ? (added.value as unknown[]) : []).entries()) {
    const entry = jsonPlace(value, `${added.path}[${place}]`);
    const content = readString(field(entry, 'content'));
    if (!tokens.has(content)) tokens.set(content, readCount(field(entry, 'id')));
  }
  return tokens;
}

/** Of a tokenizer.json, of a file with nothing else, or a bare `vocab.json`. */
function vocabularyOf(root: JsonPlace): JsonPlace {
  const model = field(root, 'model');
  const own = isAbsent(model) ? field(root, 'vocab') : field(model, 'vocab');
  return isAbsent(own) && isAbsent(model) ? root : own;
}

function parsed(file: Uint8Array | string | object, name: string): unknown {
  if (typeof file === 'object' && !(file instanceof Uint8Array)) return file;
  try {
    return JSON.parse(typeof file === 'string' ? file : utf8Decode(file)) as unknown;
  } catch (error) {
    throw new ConfigError(name, 'JSON', error instanceof Error ? error.message : 'something else');
  }
}

function entriesOf(vocabulary: JsonPlace): (readonly [string, number])[] {
  const { value, path } = vocabulary;
  if (!Array.isArray(value)) {
    return Object.keys(readObject(vocabulary)).map((token) => {
      const place = jsonPlace((value as Record<string, unknown>)[token], `${path}[${JSON.stringify(token)}]`);
      return [token, readCount(place)] as const;
    });
  }
  return value.map((entry: unknown, id) => {
    const piece: unknown = Array.isArray(entry) ? entry[0] : undefined;
    return [readString(jsonPlace(piece, `${path}[${id}][0]`)), id] as const;
  });
}

const count = (text: string, character: string): number => text.split(character).length - 1;

/** What a token of a byte-level vocabulary says, or itself in `<0y…>`. */
function decoded(token: string): string {
  const bytes = readByteCharacters(token);
  const text = bytes && utf8DecodeStrict(bytes);
  return text === undefined || text.includes('\ufffd') ? `<0y${token}>` : text;
}

function numbered(token: string): string {
  const byte = token.length === 1 ? (byteOfUnit[token.charCodeAt(0)] ?? -1) : -1;
  return byte < 0 ? token : `0X${byte.toString(16).toUpperCase()}`;
}
