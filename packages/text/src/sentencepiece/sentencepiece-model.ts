import { unknownId } from '../bpe/byte-decoder';
import { pushId } from '../bpe/id-sink';
import { createSpecialTokens, splitAtSpecials } from '../bpe/special-tokens';
import { utf8Decode, utf8Encode } from '../bytes/utf8';
import { cannotSave } from '../tokenizer/cannot-save';
import { strictText } from '../tokenizer/strict-text';
import type { SequenceOptions, TextModel } from '../tokenizer/text-model';
import type { TextDecodeOptions, TextTokenizerKind } from '../tokenizer/text-tokenizer';
import {
  addedSequence,
  idsSequence,
  joinSequences,
  textSequence,
  type TokenSequence,
} from '../tokenizer/token-sequence';
import { createPieceDecoder } from './decode';
import { encodePieces, type PieceEncoder } from './encode-pieces';
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
  const { pieces, normalized } = encodePieces(encoder, section, options);
  const ids = Int32Array.from(pieces, ({ id }) => id);
  if (!options.offsets) return idsSequence(ids);
  const units = unitsOfBytes(section);
  const offsets = Int32Array.from(
    pieces.flatMap(({ begin, end: last }) => [start + units[begin]!, start + units[last]!]),
  );
  const surfaces = pieces.map(({ id, from, to }) =>
    id === encoder.vocabulary.unknownId ? utf8Decode(normalized.subarray(from, to)) : undefined,
  );
  return textSequence(ids, offsets, undefined, surfaces);
}

/** UTF-16 unit of every byte of a text, and of its end. */
function unitsOfBytes(text: string): Int32Array {
  const units = new Int32Array(text.length * 3 + 1);
  let byte = 0;
  for (let at = 0; at < text.length;) {
    const codePoint = text.codePointAt(at)!;
    const length = codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
    units.fill(at, byte, byte + length);
    byte += length;
    at += codePoint > 0xffff ? 2 : 1;
  }
  units[byte] = text.length;
  return units;
}
