import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where `npm run vocabularies` installs. */
export const vocabularyFolder = join(fileURLToPath(new URL('../../../..', import.meta.url)), '.vocabularies');

const place = (name: string, file: string): string => join(vocabularyFolder, 'node_modules', name, file);

/** True where a package is installed. */
export const isInstalled = (name: string): boolean => existsSync(place(name, 'package.json'));

export const packageFile = (name: string, file: string): Buffer => readFileSync(place(name, file));

export const packageVersion = (name: string): string =>
  (JSON.parse(packageFile(name, 'package.json').toString()) as { readonly version: string }).version;

const require = createRequire(join(vocabularyFolder, 'node_modules', 'package.json'));

/** What is used of the native package `tokenizers`. */
export interface NativeTokenizer {
  encode(text: string, pair: string | null, options: NativeOptions): Promise<NativeEncoding>;
  encodeBatch(texts: readonly string[], options: NativeOptions): Promise<readonly NativeEncoding[]>;
  decodeBatch(ids: readonly (readonly number[])[], skipSpecialTokens: boolean): Promise<readonly string[]>;
}

interface NativeOptions {
  readonly addSpecialTokens: boolean;
}

export interface NativeEncoding {
  getIds(): number[];
  getTypeIds(): number[];
  getTokens(): string[];
  getOffsets(): (readonly [number, number])[];
  getWordIds(): (number | null | undefined)[];
  getSpecialTokensMask(): number[];
  getSequenceIds(): (number | null | undefined)[];
}

/** The native tokenizer of a tokenizer.json. */
export function openNative(json: string): NativeTokenizer {
  const { Tokenizer } = require('tokenizers') as { readonly Tokenizer: { fromString(text: string): NativeTokenizer } };
  return Tokenizer.fromString(json);
}

/** What is used of the package `tiktoken`. */
export interface WasmTiktoken {
  encode_ordinary(text: string): Uint32Array;
  encode(text: string, allowed: 'all'): Uint32Array;
  decode(ids: Uint32Array): Uint8Array;
  decode_single_token_bytes(id: number): Uint8Array;
  free(): void;
}

/** An encoding by name, or of ranks, special tokens and a pattern. */
export function openTiktoken(
  source:
    | string
    | { readonly ranks: string; readonly specials: Readonly<Record<string, number>>; readonly pattern: string },
): WasmTiktoken {
  const tiktoken = require('tiktoken') as {
    get_encoding(name: string): WasmTiktoken;
    readonly Tiktoken: new (ranks: string, specials: object, pattern: string) => WasmTiktoken;
  };
  if (typeof source === 'string') return tiktoken.get_encoding(source);
  return new tiktoken.Tiktoken(source.ranks, source.specials, source.pattern);
}
