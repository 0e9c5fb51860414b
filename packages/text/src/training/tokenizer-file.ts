import type { TrainedBpe } from './bpe/train-bpe';
import type { TrainedUnigram } from './unigram/settings';
import type { TrainedWordLevel } from './word-level';
import type { TrainedWordPiece } from './word-piece';
import type { WordPipeline } from './word-splitter';

/** What a trainer of this entry learned. */
export type TrainedModel = TrainedBpe | TrainedWordPiece | TrainedWordLevel | TrainedUnigram;

/** The rest of a tokenizer.json, and fields of its model that no trainer decides. */
export interface TokenizerFileOptions extends WordPipeline {
  /** As `post_processor` in a tokenizer.json. Default: none. */
  readonly postProcessor?: object | null;
  /**
   * As `decoder` in a tokenizer.json. Default: the one that fits the pre-tokenizer (`ByteLevel`, `Metaspace`) or the
   * model (`WordPiece`, `BPEDecoder` for an end-of-word suffix), else none.
   */
  readonly decoder?: object | null;
  /** Token of unknown characters or words. Default: none for BPE, `[UNK]` for WordPiece, `<unk>` for word level. */
  readonly unknownToken?: string;
  /** BPE: unknown characters become `<0xNN>` tokens where the vocabulary has all of them. Default false. */
  readonly byteFallback?: boolean;
  /** BPE: neighbouring unknown characters are one unknown token. Default false. */
  readonly fuseUnknown?: boolean;
  /** BPE: a word that is a token is that token. Default false. */
  readonly ignoreMerges?: boolean;
  /** WordPiece: longer words are unknown. Default 100 characters. */
  readonly maximumCharacters?: number;
}

/**
 * A tokenizer.json of a trained model: plain JSON, which `textTokenizer.fromJson` reads, and so does the Hugging Face
 * library. Special tokens are added tokens.
 */
export function tokenizerFile(model: TrainedModel, options: TokenizerFileOptions = {}): object {
  const { normalizer = null, preTokenizer = null, postProcessor = null } = options;
  const { ids, json } = describeModel(model, options);
  const special = new Set(model.specialTokens);
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [...special]
      .flatMap((content) => {
        const id = ids.get(content);
        return id === undefined ? [] : [{ id, content }];
      })
      .toSorted((one, other) => one.id - other.id)
      .map(({ id, content }) => ({
        id,
        content,
        single_word: false,
        lstrip: false,
        rstrip: false,
        normalized: false,
        special: true,
      })),
    normalizer,
    pre_tokenizer: preTokenizer,
    post_processor: postProcessor,
    decoder: options.decoder === undefined ? fittingDecoder(model, preTokenizer) : options.decoder,
    model: json,
  };
}

interface DescribedModel {
  readonly ids: ReadonlyMap<string, number>;
  readonly json: object;
}

function describeModel(model: TrainedModel, options: TokenizerFileOptions): DescribedModel {
  if (model.kind === 'unigram') {
    return {
      // Of a piece that comes twice the first counts here: that is the special token.
      ids: new Map(model.pieces.map(([piece], id) => [piece, id] as const).toReversed()),
      json: { type: 'Unigram', unk_id: model.unknownId ?? null, vocab: model.pieces, byte_fallback: false },
    };
  }
  if (model.kind === 'word-level') {
    const { unknownToken = '<unk>' } = options;
    return {
      ids: model.vocabulary,
      json: { type: 'WordLevel', vocab: Object.fromEntries(model.vocabulary), unk_token: unknownToken },
    };
  }
  const ids = new Map(model.tokens.map((token, id) => [token, id] as const));
  const vocab = Object.fromEntries(ids);
  return {
    ids,
    json: model.kind === 'bpe' ? describeBpe(model, vocab, options) : describeWordPiece(model, vocab, options),
  };
}

function describeBpe(model: TrainedBpe, vocab: object, options: TokenizerFileOptions): object {
  return {
    type: 'BPE',
    dropout: null,
    unk_token: options.unknownToken ?? null,
    continuing_subword_prefix: model.continuingSubwordPrefix ?? null,
    end_of_word_suffix: model.endOfWordSuffix ?? null,
    fuse_unk: options.fuseUnknown ?? false,
    byte_fallback: options.byteFallback ?? false,
    ignore_merges: options.ignoreMerges ?? false,
    vocab,
    merges: model.merges,
  };
}

function describeWordPiece(model: TrainedWordPiece, vocab: object, options: TokenizerFileOptions): object {
  return {
    type: 'WordPiece',
    unk_token: options.unknownToken ?? '[UNK]',
    continuing_subword_prefix: model.continuingSubwordPrefix,
    max_input_chars_per_word: options.maximumCharacters ?? 100,
    vocab,
  };
}

/** Undoes what the pre-tokenizer or the model did to the text. */
function fittingDecoder(model: TrainedModel, preTokenizer: object | null): object | null {
  const steps = componentsOf(preTokenizer);
  if (steps.some(({ type }) => type === 'ByteLevel')) {
    return { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true };
  }
  const metaspace = steps.find(({ type }) => type === 'Metaspace');
  if (metaspace) return metaspace;
  if (model.kind === 'wordpiece') return { type: 'WordPiece', prefix: model.continuingSubwordPrefix, cleanup: true };
  return model.kind === 'bpe' && model.endOfWordSuffix ? { type: 'BPEDecoder', suffix: model.endOfWordSuffix } : null;
}

interface Component {
  readonly type?: unknown;
  readonly pretokenizers?: readonly Component[];
}

function componentsOf(component: Component | null): readonly Component[] {
  if (!component) return [];
  return component.type === 'Sequence' ? (component.pretokenizers ?? []).flatMap(componentsOf) : [component];
}
