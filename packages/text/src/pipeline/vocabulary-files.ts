import { ConfigError } from '@tesserae/core/data';
import { utf8Decode } from '../bytes/utf8';
import type { TextTokenizer } from '../tokenizer/text-tokenizer';
import { fromTokenizerJson } from './tokenizer-json';

/** With all fields, so that other readers take a file that is saved. */
function specialToken(id: number, content: string): object {
  return { id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
}

export interface WordPieceTextOptions {
  /** What errors and tokens call it. Default `vocab.txt`. */
  readonly name?: string;
  /** `do_lower_case` of the configuration beside it. Default true. */
  readonly lowercase?: boolean;
  /** `strip_accents` of the configuration. Default: as `lowercase`. */
  readonly stripAccents?: boolean;
  /** `tokenize_chinese_chars` of the configuration. Default true. */
  readonly tokenizeChineseCharacters?: boolean;
}

/**
 * Reads `vocab.txt` of BERT and its relatives: a token a line, with the template `[CLS] A [SEP] B [SEP]` where the
 * vocabulary has these tokens.
 *
 * @throws {ConfigError} No `[UNK]` among the lines.
 */
export function fromWordPieceText(file: Uint8Array | string, options: WordPieceTextOptions = {}): TextTokenizer {
  const { name = 'vocab.txt', lowercase = true, stripAccents = null, tokenizeChineseCharacters = true } = options;
  const text = typeof file === 'string' ? file : utf8Decode(file);
  const lines = text.split('\n').map((line) => line.replace(/\r$/, ''));
  if (lines.at(-1) === '') lines.pop();
  const vocab = Object.fromEntries(lines.map((token, id) => [token, id]));
  if (!lines.includes('[UNK]')) throw new ConfigError(name, 'a line [UNK]', `${lines.length} others`);
  const [start, end] = [lines.indexOf('[CLS]'), lines.indexOf('[SEP]')];
  return fromTokenizerJson(
    {
      added_tokens: ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]']
        .filter((token) => lines.includes(token))
        .map((content) => specialToken(lines.indexOf(content), content)),
      normalizer: {
        type: 'BertNormalizer',
        clean_text: true,
        handle_chinese_chars: tokenizeChineseCharacters,
        strip_accents: stripAccents,
        lowercase,
      },
      pre_tokenizer: { type: 'BertPreTokenizer' },
      post_processor:
        start >= 0 && end >= 0 ? { type: 'BertProcessing', sep: ['[SEP]', end], cls: ['[CLS]', start] } : null,
      decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
      model: {
        type: 'WordPiece',
        vocab,
        unk_token: '[UNK]',
        continuing_subword_prefix: '##',
        max_input_chars_per_word: 100,
      },
    },
    { name },
  );
}

export interface VocabularyAndMergesOptions {
  /** What errors and tokens call it. Default `vocab.json`. */
  readonly name?: string;
  /** Puts a space before texts that begin with none. Default false. */
  readonly addPrefixSpace?: boolean;
  /** Special tokens of the configuration beside it. Default: `<|endoftext|>` where the vocabulary has it. */
  readonly specialTokens?: readonly string[];
}

/**
 * Reads `vocab.json` and `merges.txt` of byte-level BPE (GPT-2, RoBERTa without its template).
 *
 * @throws {ConfigError} A file is something else; a merge of tokens that the vocabulary has not.
 */
export function fromVocabularyAndMerges(
  vocabulary: Uint8Array | string,
  merges: Uint8Array | string,
  { name = 'vocab.json', addPrefixSpace = false, specialTokens = ['<|endoftext|>'] }: VocabularyAndMergesOptions = {},
): TextTokenizer {
  const text = (file: Uint8Array | string) => (typeof file === 'string' ? file : utf8Decode(file));
  let vocab: Readonly<Record<string, number>>;
  try {
    vocab = JSON.parse(text(vocabulary)) as Readonly<Record<string, number>>;
  } catch (cause) {
    throw new ConfigError(name, 'JSON', (cause as Error).message, { cause });
  }
  const byteLevel = { type: 'ByteLevel', add_prefix_space: addPrefixSpace, trim_offsets: true, use_regex: true };
  const lines = text(merges)
    .split('\n')
    .map((line) => line.replace(/\r$/, ''));
  return fromTokenizerJson(
    {
      added_tokens: specialTokens
        .filter((token) => Object.hasOwn(vocab, token))
        .map((content) => specialToken(vocab[content]!, content)),
      pre_tokenizer: byteLevel,
      decoder: byteLevel,
      model: {
        type: 'BPE',
        vocab,
        merges: lines.filter((line, index) => line !== '' && !(index === 0 && line.startsWith('#version'))),
      },
    },
    { name },
  );
}
