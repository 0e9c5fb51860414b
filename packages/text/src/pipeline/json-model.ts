import { concatBytes } from '@tesserae/core/data';
import { packJson } from '../binary/pack-json';
import { unknownId } from '../bpe/byte-decoder';
import { allowedSpecials, createSpecialTokens } from '../bpe/special-tokens';
import { writeTiktokenFile } from '../bpe/tiktoken-file';
import { utf8Decode, utf8Encode } from '../bytes/utf8';
import { sentencePieceOfJson } from '../sentencepiece/from-json';
import { cannotSave } from '../tokenizer/cannot-save';
import { textFingerprint } from '../tokenizer/fingerprint';
import { strictText } from '../tokenizer/strict-text';
import type { TextCuts } from '../tokenizer/text-cuts';
import type { StreamDecoder, TextModel } from '../tokenizer/text-model';
import type { TextDecodeOptions, TextTokenizerInfo } from '../tokenizer/text-tokenizer';
import type { AddedToken } from './added-tokens';
import { byteLevelDecoder, visibleBytes } from './decoders/byte-level';
import { type Decoder, stageOf } from './decoders/decoder';
import { encodeInParts } from './encode-parts';
import type { JsonFields } from './json-reader';
import { appendIds, countIds, encodeWithPipeline, type Pipeline } from './pipeline';
import type { PostProcessor } from './post-processors/post-processor';
import type { BpeParts } from './read-model';
import { ranksOfJson } from './save-ranks';

/** Everything that a tokenizer.json says, read. */
export interface JsonModelParts {
  readonly info: TextTokenizerInfo;
  readonly pipeline: Pipeline;
  readonly addedTokens: readonly AddedToken[];
  readonly postProcessor: PostProcessor;
  readonly decoder: Decoder;
  readonly defaults: TextModel['defaults'];
  readonly dropout: number;
  /** What a BPE model was made of. */
  readonly bpe: BpeParts | undefined;
  /** Where ordinary text, and text whose special tokens count, may be cut. */
  readonly cuts: TextCuts;
  readonly specialCuts: TextCuts;
  /** The file as it was given. */
  file(): Uint8Array;
  /** Of the file, where it was read from the compact form. */
  readonly fingerprint?: string;
}

const noSpecials: ReadonlySet<string> = new Set<string>();

/** A tokenizer by its tokenizer.json. */
export function createJsonModel(parts: JsonModelParts): TextModel {
  const { info, pipeline, decoder, postProcessor } = parts;
  const tokens = tokensById(parts);
  const specials = createSpecialTokens(
    new Map(parts.addedTokens.filter(({ special }) => special).map(({ content, id }) => [content, id])),
  );
  const specialIds = new Set(specials.ids.values());
  const addedIds = new Map(parts.addedTokens.map(({ content, id }) => [content, id]));

  const tokenOf = (id: number, { skipSpecials, unknownIds = 'error' }: TextDecodeOptions): string | undefined => {
    const token = tokens[id];
    if (token === undefined && unknownIds === 'error')
      throw unknownId(id, { name: info.variant, vocabularySize: info.vocabularySize });
    return skipSpecials && specialIds.has(id) ? undefined : token;
  };
  const tokensOf = (ids: ArrayLike<number>, options: TextDecodeOptions): string[] =>
    Array.from(ids, (id) => tokenOf(id, options)).filter((token) => token !== undefined);

  const fingerprintParts = () => ['tokenizer.json', parts.file()];

  return {
    info,
    defaults: parts.defaults,
    cuts: parts.cuts,
    specialCuts: parts.specialCuts,
    sequence(text, options) {
      const dropout = options.dropout ?? (options.random ? parts.dropout : 0);
      return encodeWithPipeline(pipeline, text, allowedSpecials(specials, text, options.specials), {
        ...options,
        dropout,
      });
    },
    sequenceParts: (text, options) =>
      encodeInParts(pipeline, text, allowedSpecials(specials, text, options.specials), options.offsets),
    postProcess: (sequences, addSpecialTokens) => postProcessor.process(sequences, addSpecialTokens),
    addedCount: (isPair) => postProcessor.addedCount(isPair),
    appendOrdinary: (text, start, end, sink) => appendIds(pipeline, text.slice(start, end), sink, noSpecials),
    countOrdinary: (text, start, end, most) => countIds(pipeline, text.slice(start, end), noSpecials, most),
    decode: (ids, options) => strictText(decoder.decode(tokensOf(ids, options)).join(''), options),
    decodeBytes(ids) {
      if (decoder === byteLevelDecoder) return concatBytes(tokensOf(ids, {}).map(visibleBytes));
      return utf8Encode(decoder.decode(tokensOf(ids, {})).join(''));
    },
    streamDecoder(options): StreamDecoder {
      const stage = stageOf(decoder, false);
      return {
        push(id) {
          const token = tokenOf(id, options);
          return token === undefined ? '' : strictText(stage.push(token).join(''), options);
        },
        end: () => strictText(stage.end().join(''), options),
      };
    },
    idToToken: (id) => tokens[id],
    tokenToId: (token) => addedIds.get(token) ?? pipeline.model.vocabulary.get(token),
    ...(parts.fingerprint !== undefined && { fingerprint: parts.fingerprint }),
    fingerprintParts,
    save(format) {
      if (format === 'tokenizer.json') return parts.file().slice();
      if (format === 'tiktoken') return writeTiktokenFile(ranksOfJson(parts));
      if (format === 'sentencepiece') {
        return sentencePieceOfJson(JSON.parse(utf8Decode(parts.file())) as JsonFields, info.variant);
      }
      throw cannotSave(info.variant, format, 'it was read from a tokenizer.json');
    },
    pack() {
      const file = parts.file();
      const fingerprint = parts.fingerprint ?? textFingerprint(fingerprintParts());
      return packJson(file, JSON.parse(utf8Decode(file)), info.variant, fingerprint);
    },
  };
}

/** Tokens by id: those of the model, and over them those that were added. */
function tokensById({ pipeline, addedTokens, info }: JsonModelParts): (string | undefined)[] {
  const tokens = new Array<string | undefined>(info.vocabularySize).fill(undefined);
  for (const [token, id] of pipeline.model.vocabulary) tokens[id] = token;
  for (const { content, id } of addedTokens) tokens[id] = content;
  return tokens;
}
