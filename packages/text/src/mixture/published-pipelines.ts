/** How published tokenizers cut text before their merges, in the form of a tokenizer.json. */
export interface PublishedPipeline {
  readonly normalizer?: object;
  readonly preTokenizer: object;
}

const split = (regex: string, behavior = 'Isolated', invert = false): object => ({
  type: 'Split',
  pattern: { Regex: regex },
  behavior,
  invert,
});
const removed = (text: string): object => ({
  type: 'Split',
  pattern: { String: text },
  behavior: 'Removed',
  invert: false,
});
const sequence = (...pretokenizers: readonly object[]): object => ({ type: 'Sequence', pretokenizers });
const byteLevel = (useRegex: boolean): object => ({
  type: 'ByteLevel',
  add_prefix_space: false,
  trim_offsets: true,
  use_regex: useRegex,
});
const singleDigits: object = { type: 'Digits', individual_digits: true };

const contraction = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
const tail = '\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+';
const cl100k = `${contraction}|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|${tail}`;
const upper = '[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]';
const lower = '[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]';
const cased = (digits: string, suffix: string): string =>
  `[^\\r\\n\\p{L}\\p{N}]?${upper}*${lower}+${suffix}|[^\\r\\n\\p{L}\\p{N}]?${upper}+${lower}*${suffix}|` +
  `${digits}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|${tail}`;

/** Punctuation by itself, spaces as `▁`, single digits; line feeds and tabs merge with nothing. A reconstruction. */
const sentencePiece = (prependScheme: 'first' | 'never'): object =>
  sequence(
    split(' ?[^\\s\\p{L}\\p{N}]+\\r*'),
    { type: 'Metaspace', replacement: '\u2581', prepend_scheme: prependScheme, split: true },
    singleDigits,
    removed('\n'),
    removed('\t'),
  );

/**
 * Pipelines of the tokenizers that "Data Mixture Inference" looks at (`llm_tokenizer_configs.py` of the official code);
 * those of Llama, Gemma and Mistral are reconstructions. They fit `createWordCounter` and `createTextTokenizer`.
 */
export const publishedPipelines: Readonly<Record<string, PublishedPipeline>> = {
  llama: { preTokenizer: sentencePiece('first') },
  llama3: { preTokenizer: sequence(split(cl100k), byteLevel(false)) },
  'gpt-neox': { normalizer: { type: 'NFC' }, preTokenizer: byteLevel(true) },
  gpt2: { preTokenizer: byteLevel(true) },
  'gpt3.5': { preTokenizer: sequence(split(cl100k, 'Removed', true), byteLevel(false)) },
  gpt4o: { preTokenizer: sequence(split(cased('\\p{N}{1,3}', `${contraction}?`), 'Removed', true), byteLevel(false)) },
  gemma: { preTokenizer: sentencePiece('never') },
  'command-r': { normalizer: { type: 'NFC' }, preTokenizer: sequence(singleDigits, byteLevel(true)) },
  mistral: { preTokenizer: sentencePiece('first') },
  'mistral-nemo': { preTokenizer: sequence(split(cased('\\p{N}', '')), byteLevel(false)) },
  claude: { normalizer: { type: 'NFKC' }, preTokenizer: byteLevel(true) },
};
