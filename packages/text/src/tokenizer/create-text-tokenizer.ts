import { InputError, Tokens } from '@tesserae/core/data';
import type { IdSink } from '../bpe/id-sink';
import { library } from '../library';
import { textFingerprint } from './fingerprint';
import { createIncrementalCounter } from './incremental';
import { padSequences, type PaddingPlan } from './padding';
import { createDecodeStream, createEncodeStream } from './streams';
import type { TextModel } from './text-model';
import { convertOffsets } from './text-offsets';
import type { OffsetUnit, TextEncodeOptions, TextEncoding, TextTokenizer, TruncationOptions } from './text-tokenizer';
import { joinSequences, retypeSequence, type TokenSequence } from './token-sequence';
import { truncateSequences } from './truncation';

/** Makes a tokenizer of what a family gives: pairs, truncation, padding, batches, streams and tokens are the same in all. */
export function createTextTokenizer(model: TextModel): TextTokenizer {
  const { info, defaults } = model;
  const sink: IdSink = { ids: new Int32Array(256), count: 0 };

  const ordinary = (text: string): Int32Array => {
    sink.count = 0;
    model.appendOrdinary(text, 0, text.length, sink);
    return sink.ids.slice(0, sink.count);
  };

  const encodeAll = (texts: readonly string[], options: TextEncodeOptions): TextEncoding[] => {
    checkOptions(options);
    const addSpecialTokens = options.addSpecialTokens ?? defaults.addSpecialTokens;
    const unit = options.offsets;
    const sequenceOptions = {
      ...options,
      specials: options.specials ?? defaults.specials,
      offsets: unit !== undefined,
    };
    const { truncation = defaults.truncation } = options;
    const plan = paddingPlan(model, options);
    const encodeOne = (text: string): TokenSequence => {
      const parts = options.pair === undefined ? [text] : [text, options.pair];
      let sequences: readonly TokenSequence[] = parts.map((part, place) => {
        const enough = truncation && enoughTokens(truncation, place);
        return retypeSequence(model.sequence(part, { ...sequenceOptions, ...(enough && { enough }) }), place, place);
      });
      const added = addSpecialTokens ? model.addedCount(parts.length > 1) : 0;
      if (truncation) sequences = truncateSequences(sequences, truncation, added);
      return joinSequences(model.postProcess(sequences, addSpecialTokens));
    };
    const encoded = texts.map(encodeOne);
    const padded = plan ? padSequences(encoded, plan) : encoded;
    const tokenOf = (id: number) => model.idToToken(id) ?? '';
    return padded.map((sequence, index) => asEncoding(sequence, unit, [texts[index]!, options.pair ?? ''], tokenOf));
  };

  let fingerprint: string | undefined;
  return {
    info,
    encode: (text, options = {}) => encodeAll([text], options)[0]!,
    encodeBatch: (texts, options = {}) => encodeAll(texts, options),
    encodeInto(text, target, at) {
      const direct: IdSink = { ids: target, count: at };
      model.appendOrdinary(text, 0, text.length, direct);
      if (direct.ids !== target) {
        throw new InputError('target', `room for ${direct.count - at} ids behind ${at}`, `${target.length} elements`);
      }
      return direct.count - at;
    },
    count: (text, limit = Infinity) => model.countOrdinary(text, 0, text.length, limit),
    decode: (ids, options = {}) => model.decode(ids, options),
    decodeBytes: (ids) => model.decodeBytes(ids),
    pieces(ids) {
      const decoder = model.streamDecoder({});
      const texts = Array.from(ids, (id) => decoder.push(id));
      if (texts.length > 0) texts[texts.length - 1] += decoder.end();
      return texts;
    },
    idToToken: (id) => model.idToToken(id),
    tokenToId: (token) => model.tokenToId(token),
    isCanonical(ids) {
      const again = ordinary(model.decode(ids, {}));
      return again.length === ids.length && again.every((id, index) => id === ids[index]);
    },
    decodeStream: (options = {}) => createDecodeStream(model, options),
    encodeStream: () => createEncodeStream(model, ordinary),
    incremental: () => createIncrementalCounter(model),
    tokens({ ids }) {
      fingerprint ??= textFingerprint(model.fingerprintParts());
      return new Tokens({
        tokenizer: { id: info.id, variant: info.variant, library, fingerprint },
        levels: [
          {
            kind: 'index',
            axes: ['token'],
            shape: [ids.length],
            vocabularySize: info.vocabularySize,
            data: ids.slice(),
          },
        ],
        source: {
          modality: 'text',
          pipeline: info.variant,
          characters: [...model.decode(ids, { unknownIds: 'skip' })].length,
        },
        prefixUnit: 'token',
      });
    },
    save: (format) => model.save(format),
  };
}

/** What the Hugging Face library tokenizes before it truncates, and so what can overflow. */
function enoughTokens({ maxLength, strategy, direction = 'right' }: TruncationOptions, place: number) {
  return strategy === 'only-second' && place === 0 ? undefined : { tokens: maxLength, direction };
}

function checkOptions({ dropout = 0, sampling, random }: TextEncodeOptions): void {
  if (!(dropout >= 0 && dropout <= 1)) throw new InputError('dropout', 'a probability of 0..1', String(dropout));
  if ((dropout > 0 || sampling) && !random) {
    throw new InputError('random', 'a source of random numbers for dropout or sampling', 'none');
  }
}

/** Padding with the defaults of the tokenizer's file; undefined where nothing is padded. */
function paddingPlan({ defaults }: TextModel, { padding }: TextEncodeOptions): PaddingPlan | undefined {
  const length = padding?.length ?? defaults.paddingLength;
  if (length === undefined) return undefined;
  return {
    length,
    multipleOf: padding?.multipleOf ?? (padding ? 1 : defaults.padding.multipleOf),
    direction: padding?.direction ?? defaults.padding.direction,
    id: padding?.id ?? defaults.padding.id,
    typeId: padding?.typeId ?? defaults.padding.typeId,
  };
}

/** Leaves out offsets where none were asked for, and counts them in the unit that was. */
function asEncoding(
  sequence: TokenSequence,
  unit: OffsetUnit | undefined,
  texts: readonly string[],
  tokenOf: (id: number) => string,
): TextEncoding {
  const { ids, typeIds, attentionMask, specialTokensMask, sequenceIds, wordIds, offsets, surfaces, overflowing } =
    sequence;
  const parts = overflowing.map((part) => asEncoding(part, unit, texts, tokenOf));
  return {
    ids,
    typeIds,
    attentionMask,
    specialTokensMask,
    sequenceIds,
    ...(unit && {
      offsets: offsetsIn(unit, offsets, sequenceIds, texts),
      wordIds,
      tokens: Array.from(ids, (id, index) => surfaces[index] ?? tokenOf(id)),
    }),
    ...(parts.length > 0 && { overflowing: parts }),
  };
}

function offsetsIn(
  unit: OffsetUnit,
  offsets: Int32Array,
  sequenceIds: Int32Array,
  texts: readonly string[],
): Int32Array {
  if (unit === 'utf16') return offsets;
  const inTexts = texts.map((text) => convertOffsets(text, offsets, unit));
  return offsets.map((_, index) => inTexts[sequenceIds[index >> 1]!]?.[index] ?? 0);
}
