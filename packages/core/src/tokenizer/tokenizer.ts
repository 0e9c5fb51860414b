import type { EngineReport, HostTensor } from '../engine/engine';
import type { RunOptions } from '../engine/run-options';
import type { RandomSource } from '../random/random-source';
import type { Json, Modality } from '../signal/signal';
import type { PrefixUnit, TokenAxis, TokenizerIdentity, TokenLevel, Tokens } from '../tokens/tokens';

/** Everything random is off unless given. */
export interface Sampling {
  readonly seed?: number;
  readonly random?: RandomSource;
  /** Exact values instead of draws: for parity. */
  readonly noise?: Float32Array;
}

export interface EncodeOptions extends RunOptions {
  /** Preprocessing; default: the preset's. `none` = the signal is already what the model takes. */
  readonly pipeline?: string;
  /** Keep only the first n tokens or levels (`prefixUnit` says which). */
  readonly prefix?: number;
  /** Also report how far each decision was from flipping. Default false. */
  readonly margins?: boolean;
  /** Draw from the posterior instead of taking its mode. */
  readonly sample?: Sampling;
}

export interface DecodeOptions extends RunOptions {
  /** Decode only the first n tokens or levels. */
  readonly prefix?: number;
  /** Decode tokens that other weights made. Default false. */
  readonly allowMismatch?: boolean;
  /** Noise of decoders that draw. */
  readonly sample?: Sampling;
  /** How floats become bytes; default: the preset's. */
  readonly rounding?: Rounding;
}

export type Rounding = 'truncate' | 'round';

export interface EncodeOnlyTokenizer<Input> {
  readonly info: TokenizerInfo;
  /** @throws {InputError} The input is not what the pipeline takes. */
  encode(input: Input, options?: EncodeOptions): Promise<Tokens>;
  /** The same ids as one by one, in input order. */
  encodeBatch(inputs: readonly Input[], options?: EncodeOptions): Promise<Tokens[]>;
  /** Idempotent; waits for running calls. */
  dispose(): Promise<void>;
}

export interface Tokenizer<Input, Signal> extends EncodeOnlyTokenizer<Input> {
  /** @throws {TokensError} The tokens are not this tokenizer's. */
  decode(tokens: Tokens, options?: DecodeOptions): Promise<Signal>;
  decodeBatch(tokens: readonly Tokens[], options?: DecodeOptions): Promise<Signal[]>;
}

/** `Tokens.join` of all chunks = `encode` of the whole. */
export interface StreamingEncoder<Chunk> {
  encodeStream(source: AsyncIterable<Chunk>, options?: EncodeOptions): AsyncGenerator<Tokens>;
}

/** `exact` (default): equal to `decode`; false: the approximation that the system documents. */
export interface StreamingDecoder<Chunk> {
  decodeStream(
    chunks: AsyncIterable<Tokens>,
    options?: DecodeOptions & { readonly exact?: boolean },
  ): AsyncGenerator<Chunk>;
}

export interface Preview<Signal> {
  readonly prefix: number;
  readonly signal: Signal;
}

export interface ProgressiveDecoder<Signal> {
  decodeProgressive(
    tokens: Tokens,
    options: DecodeOptions & { readonly prefixes: readonly number[] },
  ): AsyncGenerator<Preview<Signal>>;
}

/** `latents`: before the quantizer; `codes`: code vectors of ids. */
export interface LatentAccess<Input> {
  latents(input: Input, options?: EncodeOptions): Promise<HostTensor>;
  codes(tokens: Tokens): Promise<HostTensor>;
}

export type Capability =
  | 'decode'
  | 'encodeStream'
  | 'decodeStream'
  | 'decodeProgressive'
  | 'latents'
  | 'codes'
  | 'train';

export interface WeightLicense {
  readonly name: string;
  readonly use: 'any' | 'research' | 'non-commercial' | 'unknown';
  readonly url?: string;
}

export interface LevelInfo {
  readonly vocabularySize: number;
  readonly shape: readonly (number | 'variable')[];
  readonly axes: readonly TokenAxis[];
}

/** A weight file as it was loaded; `weightFileHashes` gives its SHA-256. */
export interface WeightFile {
  /** Last part of the path. */
  readonly name: string;
  /** Of the real file: symbolic links (as in the Hugging Face cache) are followed. */
  readonly path: string;
  readonly bytes: number;
}

/** What weights take; known before any is read. */
export interface WeightSizes {
  /** Bytes of the weight files; 0 where the weights lie in none. */
  readonly diskBytes: number;
  /** Bytes in memory of each model function's weights as float32, `{ encode, decode }`: read when it first runs. */
  readonly functionBytes: Readonly<Record<string, number>>;
  /** Bytes in memory of all weights as float32, shared ones counted once. */
  readonly memoryBytes: number;
}

export interface TokenizerInfo {
  readonly identity: TokenizerIdentity;
  readonly modality: Modality;
  readonly kind: TokenLevel['kind'];
  readonly bitsPerToken: number;
  readonly levels: readonly LevelInfo[];
  readonly prefixUnit: PrefixUnit;
  /** Whether the same input always gives the same tokens. */
  readonly deterministic: boolean;
  readonly capabilities: readonly Capability[];
  /** What the model takes: `{ size }`, `{ sampleRate, hopLength, tokensPerSecond }`, … */
  readonly signal: Readonly<Record<string, Json>>;
  readonly license: WeightLicense;
  readonly engine: EngineReport;
  readonly files: readonly WeightFile[];
  readonly sizes: WeightSizes;
  /** Official keys that a partial checkpoint lacked: filled at random. Empty after a strict load. */
  readonly fresh: readonly string[];
}
