import { InputError } from '@tesserae/core/data';
import { utf8Encode } from '../bytes/utf8';
import { createTextTokenizer } from '../tokenizer/create-text-tokenizer';
import type { TextEncodeOptions, TextTokenizer } from '../tokenizer/text-tokenizer';
import { appendTokens } from './bpe';
import { unknownId } from './byte-decoder';
import { createIdSink, takeIds } from './id-sink';
import { mergeTokens } from './merge';
import { readBytes } from './piece-encoder';
import { splitAtSpecials } from './special-tokens';
import { createTiktokenModel, type TiktokenModel, type TiktokenParts } from './tiktoken-model';
import { bytesOfToken } from './token-bytes';
import { completeUnstable, sortTokens, type UnstableEncoding } from './unstable';
import { createValidPair, type ValidPair } from './valid-pair';

/** What rank files can do beyond every other tokenizer, as in openai/tiktoken. */
export interface TiktokenTokenizer extends TextTokenizer {
  /**
   * Id of a text or of bytes that are one token, special tokens included.
   *
   * @throws {InputError} They are none.
   */
  encodeSingleToken(token: string | Uint8Array): number;
  /** @throws {InputError} `out-of-range`: the id has no token. */
  decodeSingleTokenBytes(id: number): Uint8Array;
  /**
   * True where two ordinary tokens, in this order, are what their joined bytes encode to when they are not cut into
   * pieces. Tokens follow each other inside a piece exactly where this holds for all neighbours.
   *
   * @throws {InputError} `out-of-range`: an id has no ordinary token.
   */
  validPair(left: number, right: number): boolean;
  /** Text, and where each token begins in it, in code points: a token inside a character has the start of it. */
  decodeWithOffsets(ids: ArrayLike<number>): { readonly text: string; readonly offsets: Int32Array };
  /** Tokens that stay when more text follows, and what may become of the rest. */
  encodeWithUnstable(text: string, options?: Pick<TextEncodeOptions, 'specials'>): UnstableEncoding;
}

export function createTiktokenTokenizer(parts: TiktokenParts): TiktokenTokenizer {
  const model = createTiktokenModel(parts);
  const tokenizer = createTextTokenizer(model);
  let sorted: Int32Array | undefined;
  let isValid: ValidPair | undefined;
  const decodeSingleTokenBytes = (id: number): Uint8Array => {
    const bytes = model.bytesOf(id);
    if (!bytes) throw unknownId(id, { name: parts.name, vocabularySize: model.info.vocabularySize });
    return bytes.slice();
  };
  return {
    ...tokenizer,
    encodeSingleToken(token) {
      const special = typeof token === 'string' ? model.specials.ids.get(token) : undefined;
      if (special !== undefined) return special;
      const id = model.idOfBytes(typeof token === 'string' ? utf8Encode(token) : token);
      if (id < 0) throw new InputError('token', `a token of ${parts.name}`, shown(token));
      return id;
    },
    decodeSingleTokenBytes,
    validPair(left, right) {
      const { vocabulary } = model.bpe.encoder;
      for (const id of [left, right]) {
        if (bytesOfToken(vocabulary.tokens, id).length > 0) continue;
        throw unknownId(id, { name: parts.name, vocabularySize: vocabulary.count });
      }
      isValid ??= createValidPair(vocabulary);
      return isValid(left, right);
    },
    decodeWithOffsets(ids) {
      const offsets = new Int32Array(ids.length);
      let characters = 0;
      for (let index = 0; index < ids.length; index += 1) {
        const bytes = decodeSingleTokenBytes(ids[index]!);
        const isInside = (bytes[0]! & 0xc0) === 0x80;
        offsets[index] = Math.max(0, characters - (isInside ? 1 : 0));
        for (const byte of bytes) if ((byte & 0xc0) !== 0x80) characters += 1;
      }
      return { text: tokenizer.decode(ids), offsets };
    },
    encodeWithUnstable(text, { specials = 'error' } = {}) {
      const { ids } = tokenizer.encode(text, { specials });
      sorted ??= sortTokens(model.bpe.encoder.vocabulary.tokens);
      return completeUnstable(
        {
          tokens: model.bpe.encoder.vocabulary.tokens,
          sorted,
          encodeOrdinary: (ordinary) => encodeOrdinary(model, ordinary),
          encodeBytes: (bytes) => encodeBytes(model, bytes),
        },
        ids,
        lastPieceTokens(model, text, specials),
      );
    },
  };
}

function encodeOrdinary({ bpe }: TiktokenModel, text: string): Int32Array {
  const sink = createIdSink(16);
  appendTokens(bpe, text, 0, text.length, sink);
  return takeIds(sink);
}

/** Merges bytes that are not cut into pieces. */
function encodeBytes({ bpe, idOfBytes }: TiktokenModel, bytes: Uint8Array): Int32Array {
  const whole = idOfBytes(bytes);
  if (whole >= 0) return Int32Array.of(whole);
  const { encoder } = bpe;
  const count = mergeTokens(encoder.space, readBytes(encoder, bytes, bytes.length), encoder.vocabulary.pairs);
  return encoder.space.ids.slice(0, count);
}

/** Tokens of the last piece; 0 where the text ends with a special token, or is empty. */
function lastPieceTokens(model: TiktokenModel, text: string, specials: TextEncodeOptions['specials'] & {}): number {
  const { start, end } = splitAtSpecials(model.specials, text, specials).at(-1)!;
  const pieceEnds = createIdSink();
  appendTokens(model.bpe, text, start, end, createIdSink(), pieceEnds);
  const { ids, count } = pieceEnds;
  return count === 0 ? 0 : ids[count - 1]! - (count > 1 ? ids[count - 2]! : 0);
}

const shown = (token: string | Uint8Array): string =>
  typeof token === 'string'
    ? JSON.stringify(token)
    : `bytes ${Array.from(token, (byte) => byte.toString(16)).join(' ')}`;
