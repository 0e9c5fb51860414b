import { ConfigError, type Json } from '@tesserae/core';
import type { BertSizes } from '../bert/weights';
import {
  expected,
  field,
  isAbsent,
  type JsonPlace,
  jsonPlace,
  readBoolean,
  readCount,
  readString,
} from '../pipeline/json-reader';

/** A network that makes embeddings of tokens from how another vocabulary spells them. */
export interface ZettConfig extends BertSizes {
  /** Width of the embeddings of the language model. */
  readonly embeddingWidth: number;
  /** Whether the model has output embeddings of their own; they go in behind the input embeddings. */
  readonly hasOutputEmbeddings: boolean;
  /** Ids of a spelling, padding counted. */
  readonly surfaceLength: number;
  /** Ids below this have source embeddings, those from it on have fallback embeddings. */
  readonly sourceVocabularySize: number;
  /** Rows of the fallback table. */
  readonly extraTokens: number;
  readonly paddingId: number;
  /** Languages; 0 where the network is not told the language. */
  readonly languages: number;
  readonly isRescaled: boolean;
  /** Whether one head makes both kinds of embeddings. */
  readonly hasSingleHead: boolean;
  readonly predictsBias: boolean;
  /** Rows of the position table of the RoBERTa inside. */
  readonly positions: number;
}

/** Reads `config.json` of a hypernetwork (`zett_hypernetwork`). @throws {ConfigError} */
export function parseConfig(json: Json): ZettConfig {
  const place = jsonPlace(json, 'zett config.json: ');
  refuse(place);
  const width = readCount(field(place, 'hn_hidden_size'));
  const heads = field(place, 'hn_num_attention_heads');
  const config: ZettConfig = {
    width,
    innerWidth: readCount(field(place, 'hn_intermediate_size')),
    heads: isAbsent(heads) ? Math.floor(width / 64) : readCount(heads),
    layers: readCount(field(place, 'hn_n_layers'), 3),
    activation: 'gelu',
    epsilon: 1e-5,
    embeddingWidth: readCount(field(place, 'n_embd'), 768),
    hasOutputEmbeddings: readBoolean(field(place, 'separate_out_embeddings'), false),
    surfaceLength: readCount(field(place, 'hn_surface_maxlen'), 16),
    sourceVocabularySize: readCount(field(place, 'original_vocab_size')),
    extraTokens: Math.max(readCount(field(place, 'hn_n_extra_tokens'), 0), 1),
    paddingId: readCount(field(place, 'pad_token_id')),
    languages: readBoolean(field(place, 'hn_embed_lang_id'), false) ? readCount(field(place, 'n_langs')) : 0,
    isRescaled: readBoolean(field(place, 'hn_rescale_embeddings'), false),
    hasSingleHead: readBoolean(field(place, 'hn_single_head'), false),
    predictsBias: readBoolean(field(place, 'hn_predict_bias'), true),
    positions: readCount(field(place, 'max_position_embeddings'), 514),
  };
  if (config.heads === 0 || width % config.heads !== 0)
    throw expected(heads, `a number that divides the width ${width}`);
  if (readBoolean(field(place, 'hn_concat_last_hidden_state'), false) && lengthInside(config) > 1) {
    const found = `true with ${lengthInside(config)} positions`;
    throw new ConfigError(
      'zett config.json: hn_concat_last_hidden_state',
      'one position: the heads take no more',
      found,
    );
  }
  return config;
}

/** Positions that the RoBERTa sees: those of the spelling, and the language. */
export function lengthInside({ surfaceLength, languages }: ZettConfig): number {
  return surfaceLength + (languages > 0 ? 1 : 0);
}

/** What the official PyTorch code does not have either. */
function refuse(place: JsonPlace): void {
  const type = field(place, 'hn_model_type');
  if (readString(type, 'roberta') !== 'roberta') throw expected(type, 'roberta');
  for (const name of ['hn_embed_target_priors', 'hn_add_inter_token_attention']) {
    if (readBoolean(field(place, name), false)) throw expected(field(place, name), 'false');
  }
  const sources = field(place, 'hn_embed_using_source_embeddings');
  if (!readBoolean(sources, false)) throw expected(sources, 'true');
}
