import { InputError, Tokens } from '@tesserae/core/data';
import type { IdSink } from '../bpe/id-sink';
import { library } from '../library';
import { checkId, checkIds, checkInteger, checkLimit, checkText } from './check-arguments';
import { createEditCounter } from './edit-counter';
import { encodeInStretches } from './encode-async';
import { encodeTexts } from './encode-texts';
import { textFingerprint } from './fingerprint';
import { createIncrementalCounter } from './incremental';
import { createRangeCounter } from './range-counter';
import { saveText } from './save-text';
import { createDecodeStream, createEncodeStream } from './streams';
import { textStretches } from './stretches';
import type { TextModel } from './text-model';
import type { TextTokenizer } from './text-tokenizer';

/** Makes a tokenizer of what a family gives: pairs, truncation, padding, batches, streams and tokens are the same in all. */
export function createTextTokenizer(model: TextModel): TextTokenizer {
  const { info } = model;
  const sink: IdSink = { ids: new Int32Array(256), count: 0 };

  const ordinary = (text: string): Int32Array => {
    sink.count = 0;
    model.appendOrdinary(text, 0, text.length, sink);
    return sink.ids.slice(0, sink.count);
  };
  const decode: TextTokenizer['decode'] = (ids, options = {}) => {
    checkIds('ids', ids);
    return model.decode(ids, options);
  };
  const isSame = (ids: ArrayLike<number>, again: Int32Array): boolean =>
    again.length === ids.length && again.every((id, index) => id === ids[index]);

  let fingerprint: string | undefined;
  return {
    info,
    encode: (text, options = {}) => encodeTexts(model, [text], options, () => 'text')[0]!,
    encodeBatch(texts, options = {}) {
      if (!Array.isArray(texts)) throw new InputError('texts', 'a list of texts', typeof texts);
      return encodeTexts(model, texts, options, (index) => `texts[${index}]`);
    },
    encodeAsync: async (text, options = {}) => encodeInStretches(model, text, options),
    stretches(text, size, options = {}) {
      checkText('text', text);
      return textStretches(model, text, size, options);
    },
    encodeInto(text, target, at) {
      checkText('text', text);
      if (!(target instanceof Int32Array)) throw new InputError('target', 'an Int32Array', typeof target);
      checkInteger('at', at, 0, target.length);
      const direct: IdSink = { ids: target, count: at };
      model.appendOrdinary(text, 0, text.length, direct);
      if (direct.ids !== target) {
        throw new InputError('target', `room for ${direct.count - at} ids behind ${at}`, `${target.length} elements`);
      }
      return direct.count - at;
    },
    count(text, limit = Infinity) {
      checkText('text', text);
      checkLimit('limit', limit);
      return model.countOrdinary(text, 0, text.length, limit);
    },
    decode,
    decodeBytes(ids) {
      checkIds('ids', ids);
      return model.decodeBytes(ids);
    },
    pieces(ids) {
      checkIds('ids', ids);
      const decoder = model.streamDecoder({});
      const texts = Array.from(ids, (id) => decoder.push(id));
      if (texts.length > 0) texts[texts.length - 1] += decoder.end();
      return texts;
    },
    idToToken(id) {
      checkId('id', id);
      return model.idToToken(id);
    },
    tokenToId(token) {
      checkText('token', token);
      return model.tokenToId(token);
    },
    isCanonical(ids) {
      const text = decode(ids);
      if (isSame(ids, ordinary(text))) return true;
      const options = { specials: 'allow', addSpecialTokens: false } as const;
      return isSame(ids, encodeTexts(model, [text], options, () => 'text')[0]!.ids);
    },
    decodeStream: (options = {}) => createDecodeStream(model, options),
    encodeStream: () => createEncodeStream(model, ordinary),
    incremental: () => createIncrementalCounter(model),
    editCounter(text = '') {
      checkText('text', text);
      return createEditCounter(model, text);
    },
    rangeCounter(text) {
      checkText('text', text);
      return createRangeCounter(model, text);
    },
    tokens({ ids }) {
      fingerprint ??= model.fingerprint ?? textFingerprint(model.fingerprintParts());
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
    save: (format) => saveText(model, format),
  };
}
