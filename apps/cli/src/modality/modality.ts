import type { EncodeOnlyTokenizer, Registry, RunOptions } from '@tesserae/core';
import type { SourceFacts, Tokens } from '@tesserae/core/data';
import type { ArgsDef } from 'citty';
import type { CommandContext } from '../command';
import type { Facts } from '../inspect/facts';
import type { MediaInput } from '../io/media-input';

export type ModalityName = 'image' | 'audio';

/** A tokenizer of any modality; the adapter of its modality knows what it takes. */
export type AnyTokenizer = EncodeOnlyTokenizer<never>;

/**
 * One kind of signal for the commands that all kinds share. What is here is light; a package is loaded by the methods
 * that need it.
 */
export interface Modality {
  readonly name: ModalityName;
  /** What one is called, and several. */
  readonly noun: string;
  readonly nouns: string;
  /** The model of commands that are not told one. */
  readonly starter: string;
  /** Endings of the files that a folder is searched for: `png`. */
  readonly endings: readonly string[];
  /** What `decode --format` takes for it. */
  readonly formats: readonly string[];
  readonly encodeOptions: ArgsDef;
  readonly decodeOptions: ArgsDef;
  registry(): Promise<Registry<AnyTokenizer>>;
  /** What to do where the starter is not there yet, for messages; undefined where it always is. */
  readonly withoutStarter?: string;
  /** @throws {UsageError} An option is wrong. */
  encoding(context: CommandContext): Encoding;
  /** @throws {UsageError} An option is wrong. */
  decoding(context: CommandContext): Decoding;
  /** Of a file as it is. */
  fileFacts(input: MediaInput, context: CommandContext): Promise<Facts>;
  /** Of the items of a token file: rates. */
  tokensFacts(items: readonly Tokens[]): Promise<Facts>;
  /** A picture of a file, or of its tokens. Absent: there is nothing that a picture viewer would not show. */
  readonly draw?: {
    file(input: MediaInput, context: CommandContext): Promise<Uint8Array>;
    tokens(items: readonly Tokens[]): Promise<Uint8Array>;
  };
  /** Two files, or a file and its tokens. */
  compare(context: CommandContext, models: ModelPool, pair: ComparedPair): Promise<Facts>;
}

/** The models of a command: each is opened once, when it is needed. */
export interface ModelPool {
  /** The model that encodes: `--model`, or the one that ships with the package of the modality. */
  encoder(modality: Modality): Promise<AnyTokenizer>;
  /** The model that made tokens, unless the options name another. @throws {UsageError} Made by weights without a name. */
  decoder(modality: Modality, tokens: Tokens): Promise<AnyTokenizer>;
  /** Those that are open. */
  opened(): readonly AnyTokenizer[];
  dispose(): Promise<void>;
}

export interface ComparedPair {
  readonly reference: MediaInput;
  readonly compared: MediaInput;
  /** Whether the second one is a token file. */
  readonly isTokens: boolean;
  /** Of the second one. */
  readonly bytes: number;
}

/** What an input became. */
export interface Encoded {
  readonly items: number;
  readonly tokens: number;
  readonly payloadBits: number;
  /** Of the first item; lengths are those of all. */
  readonly source: SourceFacts;
}

/** `encode` for one kind of signal, with its options. */
export interface Encoding {
  /** The options say that the input is of this kind, whatever its bytes look like. */
  readonly claimsInput: boolean;
  /** @param stream - Parts as soon as they are known, instead of the whole. */
  items(tokenizer: AnyTokenizer, input: MediaInput, run: RunOptions, stream: boolean): AsyncIterable<Tokens>;
  /** Whether a model gives parts before the input ends. */
  streams(tokenizer: AnyTokenizer): boolean;
  /** What the line about an input says before and behind the numbers. */
  describe(encoded: Encoded): { readonly before: readonly string[]; readonly behind: readonly string[] };
  /** What a user should know about how an input was read. */
  notes(source: SourceFacts): readonly string[];
}

/** Items that become one file. */
export interface ItemGroup {
  readonly first: Tokens;
  /** The only one of its token file. */
  readonly isOnly: boolean;
  readonly items: AsyncIterable<Tokens>;
}

/** What was written. */
export type DecodedFacts = Readonly<Record<string, string | number>> & { readonly bytes: number };

/** `decode` for one kind of signal, with its options. */
export interface Decoding {
  /** Of the file name: `.png`. */
  readonly ending: string;
  groups(items: AsyncIterable<Tokens>): AsyncIterable<ItemGroup>;
  write(tokenizer: AnyTokenizer, group: ItemGroup, path: string, run: RunOptions): Promise<DecodedFacts>;
  /** `256 x 256`. */
  describe(facts: DecodedFacts): string;
}
