import { unknownId } from '../bpe/byte-decoder';
import { pushId } from '../bpe/id-sink';
import { createSpecialTokens, type SpecialSection, splitAtSpecials } from '../bpe/special-tokens';
import { utf8Decode, utf8Encode } from '../bytes/utf8';
import { cannotSave } from '../tokenizer/cannot-save';
import type { Parts } from '../tokenizer/steps';
import { strictText } from '../tokenizer/strict-text';
import type { SequenceOptions, TextModel } from '../tokenizer/text-model';
import { unitsOfBytes } from '../tokenizer/text-offsets';
import type { TextDecodeOptions, TextTokenizerKind } from '../tokenizer/text-tokenizer';
import {
  addedSequence,
  idsSequence,
  joinSequences,
  textSequence,
  type TokenSequence,
} from '../tokenizer/token-sequence';
import { createPieceDecoder } from './decode';
import { type EncodedPieces, encodePieces, encodePiecesInParts, type PieceEncoder } from './encode-pieces';
import { pieceType, writeModelProto } from './model-proto';
import { sentencePieceJson } from './save-json';

const kinds: Readonly<Record<string, TextTokenizerKind>> = {
  unigram: 'unigram',
  bpe: 'bpe',
  word: 'word-level',
  char: 'char',
};

/** A tokenizer by its SentencePiece `.model` file. */
export function createSentencePieceModel(encoder: PieceEncoder, name: string): TextModel {
  const { vocabulary } = encoder;
  const { file } = vocabulary;
  const { pieces, trainer } = file;
  const isControl = (id: number) => pieces[id]!.type === pieceType.control;
  const controls = new Map([...pieces.entries()].filter(([id]) => isControl(id)).map(([id, { piece }]) => [piece, id]));
  const specials = createSpecialTokens(controls);
  const has = (id: number) => id >= 0 && id < pieces.length;
  const around = { before: [trainer.beginId].filter(has), after: [trainer.endId].filter(has) };

  const checkedPiece = (id: number, { unknownIds = 'error', skipSpecials }: TextDecodeOptions): boolean => {
    if (!has(id)) {
      if (unknownIds === 'error') throw unknownId(id, { name, vocabularySize: pieces.length });
      return false;
    }
    return !(skipSpecials && isControl(id));
  };
  const streamDecoder = (options: TextDecodeOptions) => {
    const decoder = createPieceDecoder(vocabulary);
    return {
      push: (id: number) => (checkedPiece(id, options) ? strictText(decoder.push(id), options) : ''),
      end: () => strictText(decoder.end(), options),
    };
  };
  const decode = (ids: ArrayLike<number>, options: TextDecodeOptions): string => {
    const decoder = streamDecoder(options);
    return Array.from(ids, (id) => decoder.push(id)).join('') + decoder.end();
  };

  return {
    info: { id: 'text/sentencepiece', variant: name, vocabularySize: pieces.length, kind: kinds[trainer.modelType]! },
    cuts: 'none',
    defaults: {
      specials: 'ordinary',
      addSpecialTokens: false,
      padding: { id: Math.max(0, trainer.paddingId), typeId: 0, direction: 'right', multipleOf: 1 },
    },
    sequence(text, options) {
      const sections = splitAtSpecials(specials, text, options.specials);
      const parts = sections.flatMap(({ start, end, id, after }) => [
        ...(end > start ? [encodeSection(encoder, text, start, end, options)] : []),
        ...(id < 0 ? [] : [textSequence(Int32Array.of(id), Int32Array.of(end, after), Int32Array.of(-1))]),
      ]);
      return parts.length === 1 ? parts[0]! : joinSequences(parts);
    },
    sequenceParts: (text, options) =>
      encodeSectionsInParts(encoder, text, splitAtSpecials(specials, text, options.specials), options.offsets),
    postProcess(sequences, addSpecialTokens) {
      if (!addSpecialTokens) return sequences;
      return sequences.flatMap((sequence, place) => [
        addedSequence(around.before, place),
        sequence,
        addedSequence(around.after, place),
      ]);
    },
    addedCount: (isPair) => (around.before.length + around.after.length) * (isPair ? 2 : 1),
    appendOrdinary(text, start, end, sink) {
      for (const { id } of encodePieces(encoder, text.slice(start, end), {}).pieces) pushId(sink, id);
    },
    countOrdinary: (text, start, end) => encodePieces(encoder, text.slice(start, end), {}).pieces.length,
    decode,
    decodeBytes: (ids) => utf8Encode(decode(ids, {})),
    streamDecoder,
    idToToken: (id) => pieces[id]?.piece,
    tokenToId: (token) => vocabulary.reserved.get(token) ?? vocabulary.ids.get(token),
    fingerprintParts: () => ['sentencepiece', writeModelProto(file)],
    save(format) {
      if (format === 'sentencepiece') return writeModelProto(file);
      if (format === 'tokenizer.json') return utf8Encode(JSON.stringify(sentencePieceJson(file, name)));
      throw cannotSave(name, format, 'it was read from a SentencePiece model');
    },
    pack: () => ({ kind: 'sentencepiece', header: { name }, sections: [writeModelProto(file)] }),
  };
}

function encodeSection(
  encoder: PieceEncoder,
  text: string,
  start: number,
  end: number,
  options: SequenceOptions,
): TokenSequence {
  const section = text.slice(start, end);
  const place = options.offsets ? { start, unitOf: unitsOfBytes(section) } : undefined;
  return sequenceOfPieces(encoder, encodePieces(encoder, section, options), place);
}

/** The same, some tokens at a time, for all sections of a text. */
function* encodeSectionsInParts(
  encoder: PieceEncoder,
  text: string,
  sections: readonly SpecialSection[],
  hasOffsets: boolean,
): Parts<TokenSequence> {
  for (const { start, end, id, after } of sections) {
    const section = text.slice(start, end);
    const place = hasOffsets ? { start, unitOf: unitsOfBytes(section) } : undefined;
    for (const part of encodePiecesInParts(encoder, section)) yield part && sequenceOfPieces(encoder, part, place);
    if (id >= 0) yield textSequence(Int32Array.of(id), Int32Array.of(end, after), Int32Array.of(-1));
  }
}

function sequenceOfPieces(
  { vocabulary }: PieceEncoder,
  { pieces, normalized }: EncodedPieces,
  place: { readonly start: number; readonly unitOf: (byte: number) => number } | undefined,
): TokenSequence {
  const ids = Int32Array.from(pieces, ({ id }) => id);
  if (!place) return idsSequence(ids);
  const { start, unitOf } = place;
  const offsets = new Int32Array(pieces.length * 2);
  for (const [index, { begin, end }] of pieces.entries()) {
    offsets[index * 2] = start + unitOf(begin);
    offsets[index * 2 + 1] = start + unitOf(end);
  }
  const surfaces = pieces.map(({ id, from, to }) =>
    id === vocabulary.unknownId ? utf8Decode(normalized.subarray(from, to)) : undefined,
  );
  return textSequence(ids, offsets, undefined, surfaces);
}
