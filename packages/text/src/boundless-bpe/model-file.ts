import { ConfigError } from '@tesserae/core/data';
import { readByteCharacters } from '../bytes/byte-alphabet';
import { utf8Decode } from '../bytes/utf8';
import type { BoundlessBpeModel, TimedDeletion, TimedMerge } from './model';

const version = 'word v1';

/** The model as a file of the official code, format `word v1`. */
export function writeBoundlessBpe(model: BoundlessBpeModel): string {
  const merges = (list: readonly TimedMerge[]) => list.map(({ time, left, right }) => `${time} ${left} ${right}`);
  const sections: readonly (readonly string[])[] = [
    model.tokens.map((token, id) => `${id} ${token}`),
    [...model.specialTokens].map(([text, id]) => `${id} ${text}`),
    merges(model.merges),
    model.deletions.map(({ time, token }) => `${time} ${token}`),
    merges(model.supermerges),
    // Deleted supermerges, which the official code does not do yet.
    [],
  ];
  const lines = sections.flatMap((section) => [String(section.length), ...section]);
  return [version, asciiJson(model.pattern), ...lines, ''].join('\n');
}

/**
 * Reads a model file of kensho-technologies/boundlessbpe.
 *
 * @param name - What errors call it. Default `tokenizer.model`.
 * @throws {ConfigError} The file is something else, names the line.
 */
export function readBoundlessBpe(file: Uint8Array | string, name = 'tokenizer.model'): BoundlessBpeModel {
  const lines = (typeof file === 'string' ? file : utf8Decode(file)).split('\n');
  let at = 0;
  const fail = (expected: string): ConfigError =>
    new ConfigError(`${name}:${at + 1}`, expected, JSON.stringify((lines[at] ?? '').slice(0, 80)));
  if (lines[0]?.trim() !== version) throw fail(JSON.stringify(version));
  at = 1;
  const pattern = readPattern(lines[1] ?? '');
  if (pattern === undefined) throw fail('a pattern as a JSON string');
  at = 2;

  /** A section: its size, then a number and `fields` texts a line. */
  const section = (fields: number, areBytes: boolean): { readonly number: number; readonly texts: string[] }[] => {
    const size = readCount(lines[at] ?? '');
    if (size === undefined || size > lines.length) throw fail('a number of lines');
    at += 1;
    return Array.from({ length: size }, () => {
      const [first = '', ...texts] = (lines[at] ?? '').split(' ');
      const number = readCount(first);
      const isRead = number !== undefined && texts.length === fields && !texts.includes('');
      if (!isRead || (areBytes && texts.some((text) => readByteCharacters(text) === undefined))) {
        throw fail(`a number and ${fields === 1 ? 'a token' : 'two tokens'}`);
      }
      at += 1;
      return { number, texts };
    });
  };
  const merges = (): TimedMerge[] =>
    section(2, true).map(({ number, texts }) => ({ time: number, left: texts[0]!, right: texts[1]! }));
  const deletions = (): TimedDeletion[] =>
    section(1, true).map(({ number, texts }) => ({ time: number, token: texts[0]! }));

  const tokens: string[] = [];
  for (const { number, texts } of section(1, true)) tokens[number] = texts[0]!;
  if (Array.from(tokens).some((token) => token === undefined)) {
    throw new ConfigError(name, 'ids without gaps', 'an id without a token');
  }
  const specialTokens = new Map(section(1, false).map(({ number, texts }) => [texts[0]!, number]));
  const model = { kind: 'boundless-bpe', pattern, tokens, specialTokens } as const;
  const [words, deleted, supermerges] = [merges(), deletions(), merges()];
  if (deletions().length > 0) throw new ConfigError(name, 'no deletions of supermerges', 'some');
  return { ...model, merges: words, deletions: deleted, supermerges };
}

function readPattern(line: string): string | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

const readCount = (text: string): number | undefined => (/^\d{1,9}\s*$/.test(text) ? Number(text) : undefined);

/** A JSON string as Python writes it: other characters than ASCII are escaped. */
const asciiJson = (text: string): string =>
  JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
