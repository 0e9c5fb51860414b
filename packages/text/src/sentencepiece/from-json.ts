import { base64Decode } from '../bytes/base64';
import { byteToken, readByteToken } from '../bytes/byte-alphabet';
import { utf8Encode } from '../bytes/utf8';
import type { JsonFields } from '../pipeline/json-reader';
import { cannotSave } from '../tokenizer/cannot-save';
import { pieceType, type SentencePiece, writeModelProto } from './model-proto';
import { normalizerOfJson } from './normalizer-of-json';
import { createWireWriter } from './protobuf';
import { bpeScores } from './scores-of-merges';

/** Says which part of a file SentencePiece has no counterpart of. */
export type Refuse = (path: string, reason: string) => Error;

interface AddedToken {
  readonly id: number;
  readonly content: string;
  readonly special?: boolean;
}

interface Model {
  readonly type?: string;
  readonly vocab: readonly (readonly [string, number])[] | Readonly<Record<string, number>>;
  readonly unk_id?: number | null;
  readonly unk_token?: string | null;
  readonly byte_fallback?: boolean;
  readonly merges?: readonly (string | readonly [string, string])[];
}

/**
 * A `.model` file that gives the ids of a tokenizer.json, with what the two libraries do differently by their own rules:
 * character maps go by the longest match here, scores are float32, and control symbols are never text.
 *
 * @param json - A file that was read without complaint.
 * @param name - Of the tokenizer, for errors.
 * @throws {UnsupportedError} A part that has no counterpart, which is named by its path.
 */
export function sentencePieceOfJson(json: JsonFields, name: string): Uint8Array {
  const refuse: Refuse = (path, reason) => cannotSave(name, 'sentencepiece', `${path} ${reason}`);
  for (const part of ['truncation', 'padding']) {
    if (json[part]) throw refuse(part, 'cuts or fills texts');
  }
  const model = json['model'] as Model;
  const type = model.type ?? (Array.isArray(model.vocab) ? 'Unigram' : 'BPE');
  if (type !== 'Unigram' && type !== 'BPE') throw refuse('model.type', `is ${type}`);
  refuseFields(model as unknown as JsonFields, refuse);
  const added = (json['added_tokens'] as readonly AddedToken[] | undefined) ?? [];
  const pieces = piecesOf(model, type, added, refuse);
  const joinsWords = pieces.some(({ piece, type: kind }) => kind === pieceType.normal && piece.includes('▁', 1));
  const normalizer = normalizerOfJson(json, joinsWords, refuse);
  checkDecoder(json['decoder'], normalizer.hasPrefix, model.byte_fallback === true, refuse);
  return writeModelProto({
    pieces,
    others: [
      message(2, trainerSpec(pieces, type, model, templateOf(json['post_processor'], refuse))),
      message(3, normalizerSpec(normalizer)),
    ],
  });
}

const message = (number: number, bytes: Uint8Array) => ({ number, type: 2, value: 0, bytes });

/** Settings that change ids, and that SentencePiece does not have. */
function refuseFields(model: JsonFields, refuse: Refuse): void {
  for (const field of ['dropout', 'continuing_subword_prefix', 'end_of_word_suffix', 'ignore_merges']) {
    if (model[field]) throw refuse(`model.${field}`, `is ${JSON.stringify(model[field])}`);
  }
  if (model['merges'] && model['fuse_unk'] !== true) throw refuse('model.fuse_unk', 'is not true');
}

function piecesOf(
  model: Model,
  type: 'Unigram' | 'BPE',
  added: readonly AddedToken[],
  refuse: Refuse,
): readonly SentencePiece[] {
  const unigram = Array.isArray(model.vocab) ? (model.vocab as readonly (readonly [string, number])[]) : undefined;
  const tokens: string[] = unigram ? unigram.map(([piece]) => piece) : [];
  for (const [token, id] of unigram ? [] : Object.entries(model.vocab)) tokens[id] = token;
  const controls = new Set<number>();
  for (const [index, { id, content, special }] of added.entries()) {
    if (special !== true) throw refuse(`added_tokens[${index}]`, `(${JSON.stringify(content)}) is found in any text`);
    if (tokens[id] !== undefined && tokens[id] !== content) throw refuse(`added_tokens[${index}]`, 'renames a token');
    tokens[id] = content;
    controls.add(id);
  }
  const gap = tokens.findIndex((token) => token === undefined);
  if (gap >= 0) throw refuse('model.vocab', `has no token of id ${gap}`);
  const unknown = unigram ? (model.unk_id ?? -1) : tokens.indexOf(model.unk_token ?? '');
  if (unknown < 0) throw refuse(unigram ? 'model.unk_id' : 'model.unk_token', 'is missing');
  const typeOf = (id: number): number => {
    if (id === unknown) return pieceType.unknown;
    if (controls.has(id)) return pieceType.control;
    return model.byte_fallback && readByteToken(tokens[id]!) >= 0 ? pieceType.byte : pieceType.normal;
  };
  const types = tokens.map((_, id) => typeOf(id));
  if (model.byte_fallback) checkBytes(tokens, types, refuse);
  const scores = unigram ? unigram.map(([, score]) => score) : bpeScores(tokens, types, model.merges ?? [], refuse);
  return tokens.map((piece, id) => {
    const score = scores[id] ?? 0;
    if (type === 'Unigram' && types[id] === pieceType.normal && Math.fround(score) !== score) {
      throw refuse(`model.vocab[${id}]`, `has the score ${score}, which is no float32`);
    }
    return { piece, score: Math.fround(score), type: types[id]! };
  });
}

function checkBytes(tokens: readonly string[], types: readonly number[], refuse: Refuse): void {
  const found = new Set(tokens.filter((_, id) => types[id] === pieceType.byte));
  for (let byte = 0; byte < 256; byte += 1) {
    if (!found.has(byteToken(byte))) throw refuse('model.byte_fallback', `has no token ${byteToken(byte)}`);
  }
}

/** Tokens before and behind a text. */
interface Template {
  readonly before?: number;
  readonly after?: number;
}

interface TemplatePiece {
  readonly Sequence?: object;
  readonly SpecialToken?: { readonly id: string };
}

function templateOf(processor: unknown, refuse: Refuse): Template {
  if (!processor) return {};
  const {
    type,
    single,
    special_tokens: specials,
  } = processor as {
    readonly type?: string;
    readonly single?: readonly TemplatePiece[];
    readonly special_tokens?: Readonly<Record<string, { readonly ids: readonly number[] }>>;
  };
  const place = single?.findIndex(({ Sequence }) => Sequence) ?? -1;
  if (type !== 'TemplateProcessing' || !single || place < 0 || place > 1 || single.length - place > 2) {
    throw refuse('post_processor', 'is not one token before and one behind a text');
  }
  const idOf = (piece: TemplatePiece | undefined): number | undefined => {
    const ids = piece?.SpecialToken && specials?.[piece.SpecialToken.id]?.ids;
    if (ids && ids.length !== 1) throw refuse('post_processor.special_tokens', 'has several ids for one token');
    return ids?.[0];
  };
  const [before, after] = [place === 1 ? idOf(single[0]) : undefined, idOf(single[place + 1])];
  return { ...(before !== undefined && { before }), ...(after !== undefined && { after }) };
}

/** SentencePiece decodes in one way only. */
function checkDecoder(decoder: unknown, hasPrefix: boolean, byteFallback: boolean, refuse: Refuse): void {
  const steps = ((decoder as { readonly decoders?: readonly JsonFields[] } | null)?.decoders ?? []).map(
    ({ type }) => type,
  );
  const wanted = ['Replace', ...(byteFallback ? ['ByteFallback'] : []), 'Fuse', ...(hasPrefix ? ['Strip'] : [])];
  if (steps.join(' ') !== wanted.join(' ')) throw refuse('decoder', `is not a sequence of ${wanted.join(', ')}`);
}

function trainerSpec(
  pieces: readonly SentencePiece[],
  type: 'Unigram' | 'BPE',
  { byte_fallback: byteFallback }: Model,
  { before = -1, after = -1 }: Template,
): Uint8Array {
  const unknown = pieces.findIndex((piece) => piece.type === pieceType.unknown);
  const writer = createWireWriter();
  writer.varint(3, type === 'Unigram' ? 1 : 2);
  writer.varint(4, pieces.length);
  if (byteFallback) writer.varint(35, 1);
  writer.varint(40, unknown);
  writer.varint(41, before);
  writer.varint(42, after);
  writer.varint(43, -1);
  // A tokenizer.json shows the unknown token as it is.
  writer.bytes(44, utf8Encode(pieces[unknown]!.piece));
  return writer.done();
}

function normalizerSpec({ charsmap, hasPrefix, removesSpaces }: ReturnType<typeof normalizerOfJson>): Uint8Array {
  const writer = createWireWriter();
  writer.bytes(1, utf8Encode(charsmap ? 'user_defined' : 'identity'));
  if (charsmap) writer.bytes(2, base64Decode(charsmap)!);
  writer.varint(3, Number(hasPrefix));
  writer.varint(4, Number(removesSpaces));
  writer.varint(5, 1);
  return writer.done();
}
