import { createByteDecoder } from '../bpe/byte-decoder';
import { pushId } from '../bpe/id-sink';
import { createSpecialTokens, splitAtSpecials } from '../bpe/special-tokens';
import { readByteCharacters } from '../bytes/byte-alphabet';
import { utf8Decode, utf8Encode } from '../bytes/utf8';
import { cannotSave } from '../tokenizer/cannot-save';
import { createTextTokenizer } from '../tokenizer/create-text-tokenizer';
import type { TextModel } from '../tokenizer/text-model';
import { writeByteOffsets } from '../tokenizer/text-offsets';
import type { TextTokenizer } from '../tokenizer/text-tokenizer';
import { joinSequences, textSequence, type TokenSequence } from '../tokenizer/token-sequence';
import { encodePreTokens } from './encode-pre-tokens';
import type { BoundlessBpeModel, DeletionSplit } from './model';
import { writeBoundlessBpe } from './model-file';
import { createPreTokenFinder } from './pre-tokens';
import { createTimeline } from './timeline';

/** How {@link boundlessBpeTokenizer} encodes. */
export interface BoundlessBpeOptions {
  /** What errors and tokens call it. Default `tokenizer.model`. */
  readonly name?: string;
  /** What deleted tokens become; the file does not say how the model was trained. Default `bytes`, as official. */
  readonly split?: DeletionSplit;
}

/**
 * A tokenizer of a BoundlessBPE or PickyBPE model. `save('boundless-bpe')` gives its file; no other format can hold it.
 *
 * @throws {ConfigError} Events that do not fit together.
 * @throws {UnsupportedError} A pattern that has no counterpart.
 */
export function boundlessBpeTokenizer(
  model: BoundlessBpeModel,
  { name = 'tokenizer.model', split = 'bytes' }: BoundlessBpeOptions = {},
): TextTokenizer {
  const timeline = createTimeline(model, split);
  const find = createPreTokenFinder(model.pattern);
  const specials = createSpecialTokens(model.specialTokens);
  const bytes = model.tokens.map((token) => readByteCharacters(token)!);
  for (const [text, id] of model.specialTokens) bytes[id] = utf8Encode(text);
  const specialIds = new Set(model.specialTokens.values());
  const ids = new Map(model.tokens.map((token, id) => [token, id] as const));
  const bytesOf = (id: number): Uint8Array | undefined => bytes[id];
  const decoder = createByteDecoder({
    name,
    vocabularySize: bytes.length,
    bytesOf,
    isSpecial: (id) => specialIds.has(id),
  });
  const encode = (text: string): TokenSequence => {
    const encoded = encodePreTokens(timeline, find, text);
    const offsets = new Int32Array(encoded.ids.length * 2);
    // Text that no pre-token has lies between the tokens: an empty token each time.
    const lengths = encoded.lengths.flatMap((length, index) => {
      const end = index === 0 ? 0 : encoded.starts[index - 1]! + encoded.lengths[index - 1]!;
      return [encoded.starts[index]! - end, length];
    });
    const places = new Int32Array(lengths.length * 2);
    writeByteOffsets(text, 0, lengths, places, 0);
    for (let index = 0; index < encoded.ids.length; index += 1) {
      offsets.set(places.subarray(index * 4 + 2, index * 4 + 4), index * 2);
    }
    return textSequence(Int32Array.from(encoded.ids), offsets);
  };
  const textModel: TextModel = {
    info: { id: 'text/boundless-bpe', variant: name, vocabularySize: bytes.length, kind: 'bpe' },
    cuts: 'none',
    defaults: {
      specials: 'error',
      addSpecialTokens: false,
      padding: { id: 0, typeId: 0, direction: 'right', multipleOf: 1 },
    },
    sequence(text, options) {
      const sections = splitAtSpecials(specials, text, options.specials);
      const parts = sections.flatMap(({ start, end, id, after }) => {
        const part = encode(text.slice(start, end));
        const ordinary = { ...part, offsets: part.offsets.map((offset) => offset + start) };
        return id < 0 ? [ordinary] : [ordinary, textSequence(Int32Array.of(id), Int32Array.of(end, after))];
      });
      return joinSequences(parts);
    },
    postProcess: (sequences) => sequences,
    addedCount: () => 0,
    appendOrdinary(text, start, end, sink) {
      for (const id of encodePreTokens(timeline, find, text.slice(start, end)).ids) pushId(sink, id);
    },
    countOrdinary: (text, start, end) => encodePreTokens(timeline, find, text.slice(start, end)).ids.length,
    decode: (list, options) => decoder.decode(list, options),
    decodeBytes: (list) => decoder.bytes(list, {}),
    streamDecoder: (options) => decoder.stream(options),
    idToToken: (id) => {
      const found = bytesOf(id);
      return found && utf8Decode(found);
    },
    tokenToId: (token) => model.specialTokens.get(token) ?? ids.get(token),
    fingerprintParts: () => ['boundless-bpe', split, writeBoundlessBpe(model)],
    save(format) {
      if (format === 'boundless-bpe') return utf8Encode(writeBoundlessBpe(model));
      throw cannotSave(name, format, 'it is a BoundlessBPE model');
    },
  };
  return createTextTokenizer(textModel);
}
