import { PretrainedError } from '@tesserae/core/data';
import { fromPacked } from './bpe/from-packed';
import type { PackedVocabulary } from './bpe/packed-vocabulary';
import type { TiktokenTokenizer } from './bpe/tiktoken';
import { hubAddress } from './hub-address';
import type { TextTokenizer } from './tokenizer/text-tokenizer';

/** A tokenizer that this package brings along. */
export interface TextPreset {
  readonly name: string;
  readonly system: 'text/tiktoken';
  readonly license: { readonly name: string; readonly use: 'any'; readonly url: string };
  /** Of the module that holds the vocabulary. */
  readonly bytes: number;
  readonly vocabularySize: number;
  readonly paper: string;
}

/**
 * A preset name, `owner/name[@revision][/file]` of the Hugging Face hub, the bytes of a tokenizer.json or `.model` file or
 * of the binary form, a Blob of them, or a URL that `fetch` can open.
 */
export type TextSource = string | URL | Uint8Array | Blob;

export interface TextPretrainedOptions {
  readonly signal?: AbortSignal;
  /** Default: the global one, which keeps what it downloads only where the platform does. */
  readonly fetch?: typeof globalThis.fetch;
  /** Address of the hub or of a mirror. Default `https://huggingface.co`. */
  readonly endpoint?: string;
}

type Load = () => Promise<PackedVocabulary>;

const r50k: Load = async () => (await import('./vocabularies/r50k_base')).r50kBase;
const p50k: Load = async () => (await import('./vocabularies/p50k_base')).p50kBase;
const cl100k: Load = async () => (await import('./vocabularies/cl100k_base')).cl100kBase;
const o200k: Load = async () => (await import('./vocabularies/o200k_base')).o200kBase;

const presets: Readonly<Record<string, { readonly load: Load; readonly bytes: number; readonly size: number }>> = {
  gpt2: { load: r50k, bytes: 300_900, size: 50_257 },
  r50k_base: { load: r50k, bytes: 300_900, size: 50_257 },
  p50k_base: { load: p50k, bytes: 301_500, size: 50_281 },
  p50k_edit: { load: p50k, bytes: 301_500, size: 50_284 },
  cl100k_base: { load: cl100k, bytes: 600_900, size: 100_277 },
  cl100k_im: { load: cl100k, bytes: 600_900, size: 100_277 },
  o200k_base: { load: o200k, bytes: 1_199_300, size: 200_019 },
  o200k_harmony: { load: o200k, bytes: 1_199_300, size: 201_088 },
};

const license = { name: 'MIT', use: 'any', url: 'https://github.com/openai/tiktoken/blob/main/LICENSE' } as const;
const paper = 'https://github.com/openai/tiktoken';

/** The tokenizers of this package by name, offline, and files by their content. */
export const textTokenizers = {
  modality: 'text' as const,
  /** What has a name here. */
  list: (): readonly TextPreset[] =>
    Object.entries(presets).map(([name, { bytes, size }]) => ({
      name,
      system: 'text/tiktoken',
      license,
      bytes,
      vocabularySize: size,
      paper,
    })),
  /**
   * Loads a preset, or a file by its content. Only hub ids and URLs go to the network.
   *
   * @throws {PretrainedError} `unknown-preset`: no such name; `download`: the URL cannot be read.
   * @throws {InputError} The bytes are neither a tokenizer.json nor a `.model` file.
   * @throws {ConfigError} They are damaged.
   */
  fromPretrained,
  /** What a source is, and what keeps it from loading. */
  async inspect(source: TextSource): Promise<{ readonly system: string | null; readonly problems: readonly string[] }> {
    try {
      const { info } = await fromPretrained(source);
      return { system: info.id, problems: [] };
    } catch (error) {
      return { system: null, problems: [error instanceof Error ? error.message : String(error)] };
    }
  },
};

async function fromPretrained(source: TextSource, options: TextPretrainedOptions = {}): Promise<TextTokenizer> {
  if (typeof source === 'string' && !source.includes('/')) return loadPreset(source);
  // Whoever only wants a vocabulary by name does not load the readers of files.
  const { fromBytes } = await import('./tokenizer/from-bytes');
  if (source instanceof Uint8Array) return fromBytes(source);
  if (source instanceof Blob) return fromBytes(new Uint8Array(await source.arrayBuffer()));
  const url = source instanceof URL ? source : hubAddress(source, options.endpoint);
  return fromBytes(await download(url, options), url.href);
}

async function loadPreset(name: string): Promise<TiktokenTokenizer> {
  const preset = Object.hasOwn(presets, name) ? presets[name] : undefined;
  if (!preset) {
    throw new PretrainedError(
      'unknown-preset',
      name,
      `No tokenizer is called ${JSON.stringify(name)}; there are ${Object.keys(presets).join(', ')}. Give files as bytes, and models of the hub as owner/name.`,
    );
  }
  return fromPacked(await preset.load(), { encoding: name });
}

async function download(url: URL, { signal, fetch = globalThis.fetch }: TextPretrainedOptions): Promise<Uint8Array> {
  let response: Response;
  try {
    response = await fetch(url, signal ? { signal } : {});
  } catch (cause) {
    signal?.throwIfAborted();
    throw new PretrainedError('download', url.href, `${url.href} cannot be opened.`, { cause });
  }
  if (!response.ok) throw new PretrainedError('download', url.href, `${url.href} answered ${response.status}.`);
  return new Uint8Array(await response.arrayBuffer());
}
