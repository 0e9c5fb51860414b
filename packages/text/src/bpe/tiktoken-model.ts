import { packRanks } from '../binary/pack-ranks';
import { utf8Decode, utf8Encode } from '../bytes/utf8';
import { isWhiteSpace } from '../tables/white-space';
import { cannotSave } from '../tokenizer/cannot-save';
import type { TextCuts } from '../tokenizer/text-cuts';
import type { SequenceOptions, TextModel } from '../tokenizer/text-model';
import { writeByteOffsets } from '../tokenizer/text-offsets';
import { idsSequence, textSequence, type TokenSequence } from '../tokenizer/token-sequence';
import { appendTokens, appendWithDropout, type Bpe, countTokens } from './bpe';
import { createByteDecoder } from './byte-decoder';
import { type ByteIndex, createByteIndex, findBytes } from './byte-index';
import { encodeTextInParts } from './encode-parts';
import { createIdSink, pushId, takeIds } from './id-sink';
import { createSpecialTokens, type SpecialTokens, splitAtSpecials } from './special-tokens';
import { writeTiktokenFile } from './tiktoken-file';
import { tiktokenJson } from './tiktoken-json';
import { bytesOfToken } from './token-bytes';

/** What makes a tokenizer of the tiktoken family. */
export interface TiktokenParts {
  readonly name: string;
  readonly bpe: Bpe;
  readonly specialTokens: Readonly<Record<string, number>>;
  /** The scanner's pattern, as tokenizer.json writes it. */
  readonly pattern: string;
}

/** A model together with what only this family has. */
export interface TiktokenModel extends TextModel {
  readonly bpe: Bpe;
  readonly specials: SpecialTokens;
  /** Bytes of an id, special tokens included; undefined where it has none. */
  bytesOf(id: number): Uint8Array | undefined;
  /** Id of bytes, or -1; special tokens do not count. */
  idOfBytes(bytes: Uint8Array): number;
}

/** Byte-level BPE by a rank file. */
export function createTiktokenModel(parts: TiktokenParts): TiktokenModel {
  const { name, bpe, specialTokens, pattern } = parts;
  const { vocabulary } = bpe.encoder;
  const specials = createSpecialTokens(new Map(Object.entries(specialTokens)));
  const specialBytes = new Map([...specials.ids].map(([text, id]) => [id, utf8Encode(text)]));
  const vocabularySize = Math.max(vocabulary.count, ...[...specialBytes.keys()].map((id) => id + 1));
  const bytesOf = (id: number): Uint8Array | undefined => {
    const special = specialBytes.get(id);
    if (special) return special;
    const bytes = bytesOfToken(vocabulary.tokens, id);
    return bytes.length > 0 ? bytes : undefined;
  };
  let index: ByteIndex | undefined;
  const idOfBytes = (bytes: Uint8Array) =>
    findBytes((index ??= createByteIndex(vocabulary.tokens)), bytes, 0, bytes.length);
  const decoder = createByteDecoder({ name, vocabularySize, bytesOf, isSpecial: (id) => specialBytes.has(id) });

  return {
    info: { id: 'text/tiktoken', variant: name, vocabularySize, kind: 'bpe' },
    bpe,
    specials,
    bytesOf,
    idOfBytes,
    cuts: 'pieces',
    specialCuts: specialCuts([...specials.ids.keys()]),
    defaults: {
      specials: 'error',
      addSpecialTokens: false,
      padding: { id: 0, typeId: 0, direction: 'right', multipleOf: 1 },
    },
    sequence: (text, options) => encodeSections({ bpe, specials, bytesOf }, text, options),
    sequenceParts: (text, options) => encodeTextInParts({ bpe, specials, bytesOf }, text, options),
    postProcess: (sequences) => sequences,
    addedCount: () => 0,
    appendOrdinary: (text, start, end, sink) => appendTokens(bpe, text, start, end, sink),
    countOrdinary: (text, start, end, most) => countTokens(bpe, text, start, end, most),
    decode: (ids, options) => decoder.decode(ids, options),
    decodeBytes: (ids) => decoder.bytes(ids, {}),
    streamDecoder: (options) => decoder.stream(options),
    idToToken(id) {
      const bytes = bytesOf(id);
      return bytes && utf8Decode(bytes);
    },
    tokenToId(token) {
      const special = specials.ids.get(token);
      if (special !== undefined) return special;
      const id = idOfBytes(utf8Encode(token));
      return id < 0 ? undefined : id;
    },
    fingerprintParts() {
      const { bytes, starts } = vocabulary.tokens;
      return ['tiktoken', bytes, starts.join(' '), JSON.stringify([...specials.ids])];
    },
    save(format) {
      if (format === 'tiktoken') return writeTiktokenFile(vocabulary.tokens);
      if (format === 'tokenizer.json') {
        return utf8Encode(JSON.stringify(tiktokenJson(vocabulary, specials.ids, pattern, name)));
      }
      throw cannotSave(name, format, 'it is a rank file, whose tokens are bytes and need not be text');
    },
    pack: () => packRanks(parts),
  };
}

/** No special token reaches over the white space behind a word, unless it holds some itself. */
const specialCuts = (tokens: readonly string[]): TextCuts =>
  tokens.some((token) => [...token].some((one) => isWhiteSpace(one.codePointAt(0)!))) ? 'none' : 'white-space';

/** Special tokens and the ordinary text between them. */
function encodeSections(
  { bpe, specials, bytesOf }: Pick<TiktokenModel, 'bpe' | 'specials' | 'bytesOf'>,
  text: string,
  { specials: mode, offsets, dropout = 0, random }: SequenceOptions,
): TokenSequence {
  const sink = createIdSink(Math.max(16, text.length >> 1));
  const pieceEnds = offsets ? createIdSink() : undefined;
  for (const { start, end, id } of splitAtSpecials(specials, text, mode)) {
    if (dropout > 0 && random) {
      appendWithDropout(bpe, text, start, end, sink, { probability: dropout, random }, pieceEnds);
    } else {
      appendTokens(bpe, text, start, end, sink, pieceEnds);
    }
    if (id < 0) continue;
    pushId(sink, id);
    if (pieceEnds) pushId(pieceEnds, sink.count);
  }
  const ids = takeIds(sink);
  if (!pieceEnds) return idsSequence(ids);
  const lengths = Array.from(ids, (id) => bytesOf(id)!.length);
  const places = new Int32Array(ids.length * 2);
  writeByteOffsets(text, 0, lengths, places, 0);
  const wordIds = new Int32Array(ids.length);
  for (let word = 0, at = 0; word < pieceEnds.count; word += 1) {
    for (; at < pieceEnds.ids[word]!; at += 1) wordIds[at] = word;
  }
  return textSequence(ids, places, wordIds);
}
