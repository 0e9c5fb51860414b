import { ConfigError, InputError } from '@tesserae/core/data';
import { utf8DecodeStrict, utf8Encode } from '../bytes/utf8';
import { createTextTokenizer } from '../tokenizer/create-text-tokenizer';
import type { TextCuts } from '../tokenizer/text-cuts';
import type { TextModel } from '../tokenizer/text-model';
import type { TextTokenizer, TextTokenizerKind, TruncationOptions } from '../tokenizer/text-tokenizer';
import { type AddedToken, createAddedTokenFinder, readAddedToken } from './added-tokens';
import { bertPlan } from './bert-plan';
import { byteLevelPlan } from './byte-level-plan';
import { characterPlan } from './character-plan';
import { readDecoder } from './decoders';
import { spacingDecoder } from './decoders/text-decoders';
import { createJsonModel } from './json-model';
import { field, isAbsent, type JsonPlace, jsonPlace, readChoice, readCount, readList, readObject } from './json-reader';
import { readNormalizer } from './normalizers';
import { cutsAroundTokens, pipelineCuts } from './pipeline-cuts';
import { plainProcessor, readPostProcessor } from './post-processors';
import { readPreTokenizer } from './pre-tokenizers';
import { readModel } from './read-model';
import { rememberWords } from './word-model';

export interface TokenizerJsonOptions {
  /** What errors and tokens call it. Default `tokenizer.json`. */
  readonly name?: string;
  /** Refuses files of another algorithm. */
  readonly kind?: TextTokenizerKind;
}

/**
 * Reads a Hugging Face tokenizer.json.
 *
 * @param file - The file, its text, or what it parses to.
 * @throws {ConfigError} The file is no JSON or has a field that is missing or wrong; the error names its path.
 * @throws {UnsupportedError} A regular expression that has no counterpart.
 * @throws {InputError} The file is for another algorithm than `kind`.
 */
export function fromTokenizerJson(
  file: Uint8Array | string | object,
  { name = 'tokenizer.json', kind }: TokenizerJsonOptions = {},
): TextTokenizer {
  const given = () =>
    file instanceof Uint8Array ? file : utf8Encode(typeof file === 'string' ? file : JSON.stringify(file));
  return tokenizerOfJson(parse(file, name), given, { name, ...(kind && { kind }) });
}

/**
 * A tokenizer of what a tokenizer.json parses to.
 *
 * @param file - Gives the bytes of the file, when they are needed.
 */
export function tokenizerOfJson(
  json: unknown,
  file: () => Uint8Array,
  {
    name,
    kind,
    fingerprint,
  }: { readonly name: string; readonly kind?: TextTokenizerKind; readonly fingerprint?: string },
): TextTokenizer {
  const root = jsonPlace(json, `${name}: `);
  readObject(root);
  for (const part of ['normalizer', 'pre_tokenizer', 'post_processor', 'decoder']) checkDepth(field(root, part));
  const { model, type, dropout, bpe } = readModel(field(root, 'model'));
  if (kind !== undefined && kind !== model.kind) {
    throw new InputError('kind', `"${kind}" as asked`, `a file whose model is ${type} ("${model.kind}")`);
  }
  const added = field(root, 'added_tokens');
  const addedTokens = readList(added, []).map(readAddedToken);
  const normalizer = optional(field(root, 'normalizer'), readNormalizer);
  const words = rememberWords(model);
  const canBeRaw = addedTokens.every(({ normalized }) => !normalized);
  const plan = bpe
    ? (byteLevelPlan(field(root, 'pre_tokenizer'), bpe) ?? characterPlan(root, bpe, canBeRaw))
    : canBeRaw
      ? bertPlan(root, normalizer, words)
      : undefined;
  const cuts: TextCuts =
    plan?.cuts === true && normalizesInPlace(field(root, 'normalizer'))
      ? 'pieces'
      : pipelineCuts(field(root, 'normalizer').value, field(root, 'pre_tokenizer').value, plan !== undefined);
  const tokens = new Map(addedTokens.map(({ id, content }) => [id, content]));
  let byId: Map<number, string> | undefined;
  const textOf = (id: number) =>
    tokens.get(id) ?? (byId ??= new Map([...model.vocabulary].map(([token, one]) => [one, token]))).get(id);
  return createTextTokenizer(
    createJsonModel({
      info: {
        id: 'text/tokenizer-json',
        variant: name,
        vocabularySize: sizeOf(model.vocabulary, addedTokens),
        kind: model.kind,
      },
      pipeline: {
        rawTokens: createAddedTokenFinder(addedTokens.filter(({ normalized }) => !normalized)),
        normalizedTokens: createAddedTokenFinder(
          addedTokens.filter(({ normalized }) => normalized),
          normalizer,
        ),
        normalizer,
        preTokenizer: optional(field(root, 'pre_tokenizer'), readPreTokenizer),
        model: words,
        plan,
      },
      addedTokens,
      postProcessor:
        optional(field(root, 'post_processor'), (place) => readPostProcessor(place, textOf)) ?? plainProcessor,
      decoder: optional(field(root, 'decoder'), readDecoder) ?? spacingDecoder,
      defaults: readDefaults(root),
      dropout,
      cuts: cutsAroundTokens(
        cuts,
        addedTokens.filter(({ special }) => !special),
      ),
      specialCuts: cutsAroundTokens(cuts, addedTokens),
      bpe,
      file,
      ...(fingerprint !== undefined && { fingerprint }),
    }),
  );
}

/** Parts in parts of parts: more than any real file has, and fewer than a stack can hold. */
const deepest = 200;

function checkDepth({ value, path }: JsonPlace): void {
  let level: readonly unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > deepest) throw new ConfigError(path, `parts at most ${deepest} deep`, 'deeper ones');
    level = level.flatMap((one) => (typeof one === 'object' && one !== null ? Object.values(one) : []));
  }
}

/** Normalizations that never look across a letter and what follows it, unless that is a mark. */
function normalizesInPlace(place: JsonPlace): boolean {
  if (isAbsent(place)) return true;
  const { type, normalizers } = readObject(place);
  if (type === 'Sequence') return Array.isArray(normalizers) && normalizers.length === 0;
  return ['NFC', 'NFD', 'NFKC', 'NFKD', 'Lowercase'].includes(String(type));
}

const optional = <T>(place: JsonPlace, read: (place: JsonPlace) => T): T | undefined =>
  isAbsent(place) ? undefined : read(place);

/** Longest text that every engine can hold. */
const longestText = 2 ** 29 - 24;

function parse(file: Uint8Array | string | object, name: string): unknown {
  if (typeof file !== 'string' && !(file instanceof Uint8Array)) return file;
  if (file.length > longestText)
    throw new ConfigError(name, `JSON of up to ${longestText} bytes`, `${file.length} bytes`);
  const text = typeof file === 'string' ? file : utf8DecodeStrict(file);
  if (text === undefined) throw new ConfigError(name, 'JSON', 'bytes that are no UTF-8');
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ConfigError(name, 'JSON', (cause as Error).message, { cause });
  }
}

function sizeOf(vocabulary: ReadonlyMap<string, number>, addedTokens: readonly AddedToken[]): number {
  let largest = -1;
  for (const id of vocabulary.values()) largest = Math.max(largest, id);
  for (const { id } of addedTokens) largest = Math.max(largest, id);
  return largest + 1;
}

const strategies = { LongestFirst: 'longest-first', OnlyFirst: 'only-first', OnlySecond: 'only-second' } as const;
const directions = { Left: 'left', Right: 'right' } as const;

/** What the file says about truncation and padding. */
function readDefaults(root: JsonPlace): TextModel['defaults'] {
  const padding = field(root, 'padding');
  const none = { specials: 'allow', addSpecialTokens: true } as const;
  const truncation = optional(field(root, 'truncation'), readTruncation);
  const start = { ...none, ...(truncation && { truncation }) };
  if (isAbsent(padding)) {
    return { ...start, padding: { id: 0, typeId: 0, direction: 'right', multipleOf: 1 } };
  }
  const strategy = field(padding, 'strategy');
  const length = strategy.value === 'BatchLongest' ? ('longest' as const) : readCount(field(strategy, 'Fixed'));
  return {
    ...start,
    paddingLength: length,
    padding: {
      id: readCount(field(padding, 'pad_id'), 0),
      typeId: readCount(field(padding, 'pad_type_id'), 0),
      direction: directions[readChoice(field(padding, 'direction'), ['Left', 'Right'] as const, 'Right')],
      multipleOf: readCount(field(padding, 'pad_to_multiple_of'), 1),
    },
  };
}

function readTruncation(place: JsonPlace): TruncationOptions {
  const names = ['LongestFirst', 'OnlyFirst', 'OnlySecond'] as const;
  return {
    maxLength: readCount(field(place, 'max_length')),
    stride: readCount(field(place, 'stride'), 0),
    strategy: strategies[readChoice(field(place, 'strategy'), names, 'LongestFirst')],
    direction: directions[readChoice(field(place, 'direction'), ['Left', 'Right'] as const, 'Right')],
  };
}
