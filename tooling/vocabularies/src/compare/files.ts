import { textTokenizer } from '@tesserae/text';

/** A BERT vocabulary as tokenizer.json. */
export function bertFile(pieces: readonly string[], lowercase: boolean): string {
  const tokenizer = textTokenizer.fromWordPieceText(pieces.join('\n'), { lowercase });
  return new TextDecoder().decode(tokenizer.save('tokenizer.json'));
}

interface TokenizerFile {
  readonly added_tokens: readonly { readonly content: string; readonly id: number }[];
  readonly [part: string]: unknown;
}

/** GPT-2 as RoBERTa has it: a space before the text, a template, offsets without spaces, a mask that takes the space before it. */
export function robertaFile(file: Uint8Array): string {
  const base = JSON.parse(new TextDecoder().decode(file)) as TokenizerFile;
  const end = base.added_tokens[0]!;
  const mask = { ...end, id: end.id + 1, content: '<mask>', lstrip: true, special: true, normalized: false };
  return JSON.stringify({
    ...base,
    added_tokens: [...base.added_tokens, mask],
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    post_processor: {
      type: 'RobertaProcessing',
      sep: [end.content, end.id],
      cls: [end.content, end.id],
      trim_offsets: true,
      add_prefix_space: true,
    },
  });
}

/** What llama-tokenizer-js and mistral-tokenizer-js hold. */
export interface EmbeddedVocabulary {
  /** Tokens by id. */
  readonly vocabById: readonly string[];
  /** `left right` in the order of merging. */
  readonly merges: ReadonlyMap<string, number>;
}

/** Llama 2 and its relatives as tokenizer.json: the whole text is one word, unknown characters are bytes. */
export function llamaFile({ vocabById, merges }: EmbeddedVocabulary): string {
  const special = ['<unk>', '<s>', '</s>'];
  return JSON.stringify({
    version: '1.0',
    added_tokens: special.map((content, id) => ({
      id,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: {
      type: 'Sequence',
      normalizers: [
        { type: 'Prepend', prepend: '▁' },
        { type: 'Replace', pattern: { String: ' ' }, content: '▁' },
      ],
    },
    pre_tokenizer: null,
    post_processor: {
      type: 'TemplateProcessing',
      single: [{ SpecialToken: { id: '<s>', type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }],
      pair: [
        { SpecialToken: { id: '<s>', type_id: 0 } },
        { Sequence: { id: 'A', type_id: 0 } },
        { SpecialToken: { id: '<s>', type_id: 1 } },
        { Sequence: { id: 'B', type_id: 1 } },
      ],
      special_tokens: { '<s>': { id: '<s>', ids: [1], tokens: ['<s>'] } },
    },
    decoder: {
      type: 'Sequence',
      decoders: [
        { type: 'Replace', pattern: { String: '▁' }, content: ' ' },
        { type: 'ByteFallback' },
        { type: 'Fuse' },
        { type: 'Strip', content: ' ', start: 1, stop: 0 },
      ],
    },
    model: {
      type: 'BPE',
      unk_token: '<unk>',
      fuse_unk: true,
      byte_fallback: true,
      vocab: Object.fromEntries(vocabById.map((token, id) => [token, id])),
      merges: [...merges.keys()].map((merge) => merge.split(' ')),
    },
  });
}
