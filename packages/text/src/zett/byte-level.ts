import type { Json } from '@tesserae/core/data';
import { byteCharacters, byteToken, writeByteCharacters } from '../bytes/byte-alphabet';
import { utf8Encode } from '../bytes/utf8';
import {
  expected,
  field,
  isAbsent,
  type JsonFields,
  type JsonPlace,
  jsonPlace,
  readList,
  readObject,
  readString,
  readVocabulary,
} from '../pipeline/json-reader';
import { addMerges, type MergePair } from './byte-merges';

export interface ByteLevelOptions {
  /** Tokens that stay as they are, such as `<s>`. Default: added tokens that the file calls special. */
  readonly specials?: readonly string[];
  /** Puts the file's normalizer before the one that prepends a space. Default false: it is left out. */
  readonly keepNormalizer?: boolean;
}

/** A tokenizer whose pieces are bytes. */
export interface ByteLevelTokenizer {
  /** To be read as tokenizer.json. */
  readonly json: Readonly<Record<string, Json>>;
  /** Tokens by id. Those of the file keep their ids. */
  readonly tokens: readonly string[];
  /** Tokens behind those of the file: bytes that it lacks, and what merges need. */
  readonly added: number;
}

/** What splits texts before bytes are looked at. */
const splitPattern = String.raw`'s|'t|'re|'ve|'m|'ll|'d| ?[\p{L}\p{M}]+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`;

/** Score of bytes that a Unigram model lacks. */
const fillScore = -100_000;

/**
 * Turns any tokenizer.json into one over bytes (`convert_to_byte_level` of zett), which the hypernetwork needs: pieces are
 * written in the byte alphabet of GPT-2, bytes without a piece are appended, and the pipeline becomes the prepended space,
 * the pattern of GPT-2 with marks, and bytes.
 *
 * @throws {ConfigError} Where the file is none, or has another model than BPE, Unigram or WordPiece.
 */
export function byteLevelTokenizer(json: Json, options: ByteLevelOptions = {}): ByteLevelTokenizer {
  const place = jsonPlace(json, 'tokenizer.json: ');
  const model = field(place, 'model');
  const type = readString(field(model, 'type'), 'BPE');
  const specials = new Set(options.specials ?? specialTokens(place));
  const toBytes = byteSpelling(place, model);
  const original = tokensOf(place, model, type);
  const known = new Set<string>();
  const tokens = original.map((token) => (specials.has(token) ? token : toBytes(token)));
  for (const token of tokens) known.add(token);
  takeByteFallback(tokens, known, field(model, 'byte_fallback').value === true);
  for (const character of byteCharacters) if (!known.has(character)) tokens.push(character);
  const rewritten = rewriteModel(model, type, { tokens, specials, toBytes, originalCount: original.length });
  return {
    json: {
      ...(readObject(place) as Record<string, Json>),
      added_tokens: [...specials].flatMap((content) => {
        const id = tokens.indexOf(content);
        return id < 0 ? [] : [addedToken(id, content)];
      }),
      normalizer: newNormalizer(field(place, 'normalizer'), options.keepNormalizer ?? false),
      pre_tokenizer: {
        type: 'Sequence',
        pretokenizers: [
          { type: 'Split', pattern: { Regex: splitPattern }, behavior: 'Removed', invert: true },
          { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false },
        ],
      },
      decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
      model: rewritten,
    },
    tokens,
    added: tokens.length - original.length,
  };
}

const addedToken = (id: number, content: string): Json => ({
  id,
  content,
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized: false,
  special: true,
});

function newNormalizer(normalizer: JsonPlace, isKept: boolean): Json {
  const prepend: Json = { type: 'Prepend', prepend: ' ' };
  if (!isKept) return prepend;
  const before = isAbsent(normalizer) ? [] : [normalizer.value as Json];
  return { type: 'Sequence', normalizers: [...before, prepend] };
}

function specialTokens(place: JsonPlace): readonly string[] {
  return readList(field(place, 'added_tokens'), []).flatMap((token) =>
    field(token, 'special').value === true ? [readString(field(token, 'content'))] : [],
  );
}

function tokensOf(place: JsonPlace, model: JsonPlace, type: string): string[] {
  const vocabulary = field(model, 'vocab');
  const tokens: string[] = [];
  if (type === 'Unigram') {
    for (const entry of readList(vocabulary)) tokens.push(readString(readList(entry)[0]!));
  } else if (type === 'BPE' || type === 'WordPiece') {
    for (const [token, id] of readVocabulary(vocabulary)) tokens[id] = token;
  } else {
    throw expected(field(model, 'type'), 'BPE, Unigram or WordPiece');
  }
  for (const token of readList(field(place, 'added_tokens'), [])) {
    const { value: id } = field(token, 'id');
    if (typeof id === 'number') tokens[id] = readString(field(token, 'content'));
  }
  // Ids without a token get texts that occur nowhere.
  return Array.from(tokens, (token, id) => token ?? `<unused_id__${id}>`);
}

/** How a piece is written in bytes: metaspaces are spaces, pieces that begin a word get one. */
function byteSpelling(place: JsonPlace, model: JsonPlace): (token: string) => string {
  const stages = [field(place, 'pre_tokenizer'), field(place, 'normalizer')].flatMap(flatten);
  if (stages.some(({ type }) => type === 'ByteLevel')) return (token) => token;
  const space = stages.map(spaceOf).find((text) => text !== undefined);
  const { value: prefix } = field(model, 'continuing_subword_prefix');
  return (token) => {
    let text = space === undefined ? token : token.replaceAll(space, ' ');
    if (typeof prefix === 'string') text = text.startsWith(prefix) ? text.slice(prefix.length) : ` ${text}`;
    return writeByteCharacters(utf8Encode(text));
  };
}

/** A stage, or those of a sequence. */
function flatten(place: JsonPlace): readonly JsonFields[] {
  if (isAbsent(place)) return [];
  const fields = readObject(place);
  const inner = ['pretokenizers', 'normalizers'].flatMap((name) => readList(field(place, name), []));
  return [fields, ...inner.flatMap(flatten)];
}

/** What a stage writes for a space. */
function spaceOf(stage: JsonFields): string | undefined {
  if (stage['type'] === 'Metaspace') return typeof stage['replacement'] === 'string' ? stage['replacement'] : '▁';
  const { pattern, content } = stage as {
    readonly pattern?: { readonly String?: unknown };
    readonly content?: unknown;
  };
  return stage['type'] === 'Replace' && pattern?.String === ' ' && typeof content === 'string' ? content : undefined;
}

/** `<0x0A>` is that byte where no other piece is. (Not `<0xFF>`, which the official code overlooks.) */
function takeByteFallback(tokens: string[], known: Set<string>, hasFallback: boolean): void {
  if (!hasFallback) return;
  const byteOf = new Map(byteCharacters.slice(0, 255).map((character, byte) => [byteToken(byte), character]));
  const before = new Set(known);
  for (const [id, token] of tokens.entries()) {
    const character = byteOf.get(token);
    if (character === undefined || before.has(character)) continue;
    tokens[id] = character;
    known.add(character);
  }
}

interface Rewriting {
  readonly tokens: string[];
  readonly specials: ReadonlySet<string>;
  readonly toBytes: (token: string) => string;
  readonly originalCount: number;
}

function rewriteModel(model: JsonPlace, type: string, { tokens, specials, toBytes, originalCount }: Rewriting): Json {
  const fields = { ...(readObject(model) as Record<string, Json>) };
  if (!isAbsent(field(model, 'continuing_subword_prefix'))) fields['continuing_subword_prefix'] = '';
  if (type === 'Unigram') {
    const scores = new Map<string, number>();
    for (const entry of readList(field(model, 'vocab'))) {
      const [piece, score] = readList(entry);
      scores.set(toBytes(readString(piece!)), Number(score!.value));
    }
    for (const character of byteCharacters) if (!scores.has(character)) scores.set(character, fillScore);
    return { ...fields, byte_fallback: false, vocab: tokens.map((token) => [token, scores.get(token) ?? 0]) };
  }
  if (type === 'BPE') {
    const merges = readList(field(model, 'merges')).map((merge): MergePair => {
      const [left, right] =
        typeof merge.value === 'string' ? merge.value.split(' ') : readList(merge).map((part) => readString(part));
      return [toBytes(left!), toBytes(right!)];
    });
    const isByteLevel = toBytes('é') === 'é';
    const checked = (isByteLevel ? tokens.slice(originalCount) : tokens).filter((token) => !specials.has(token));
    const all = addMerges(merges, checked, tokens);
    fields['merges'] = all.map(([left, right]) => [left, right]);
    fields['byte_fallback'] = false;
  }
  return { ...fields, vocab: Object.fromEntries(tokens.map((token, id) => [token, id])) };
}
