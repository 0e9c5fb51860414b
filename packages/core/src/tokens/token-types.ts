import type { SourceFacts } from '../signal/source-facts';

/** What one axis of a level runs over. */
export type TokenAxis = 'token' | 'time' | 'height' | 'width' | 'frequency' | 'group' | 'feature' | 'atom' | 'shell';

interface LevelBase {
  /** Lengths of the axes, outermost first, row-major: `[5, 32, 32]`. */
  readonly shape: readonly number[];
  /** One name per axis: `['time', 'height', 'width']`. */
  readonly axes: readonly TokenAxis[];
  /** How far each decision was from flipping, one value a token (bits: or one a bit). Only when asked for, never stored. */
  readonly margins?: Float32Array;
}

/** Ids of a codebook; -1 = no token here. */
export interface IndexLevel extends LevelBase {
  readonly kind: 'index';
  /** 1..2^31 - 1. */
  readonly vocabularySize: number;
  readonly data: Int32Array;
}

/** `ceil(bitsPerToken / 8)` bytes a token; bit j (latent channel j) is bit `j & 7` of byte `j >> 3`, unused bits are 0. */
export interface BitLevel extends LevelBase {
  readonly kind: 'bits';
  /** 1..65535. */
  readonly bitsPerToken: number;
  readonly data: Uint8Array;
}

/** Continuous tokens; with `float16` every value is one that float16 can hold. */
export interface FloatLevel extends LevelBase {
  readonly kind: 'float';
  readonly storage: 'float32' | 'float16';
  readonly data: Float32Array;
}

/** One codebook of a residual quantizer, one scale, one rate: levels are ordered coarse to fine. */
export type TokenLevel = IndexLevel | BitLevel | FloatLevel;

/** Which tokenizer and which weights made the tokens. */
export interface TokenizerIdentity {
  /** `image/titok`. */
  readonly id: string;
  /** `titok-l32`. */
  readonly variant: string;
  /** `@tesserae/image@0.3.0`. */
  readonly library: string;
  /** 16 hex digits of the weights, independent of file format and of the half that was loaded. */
  readonly fingerprint: string;
}

/** What a decodable prefix is counted in. */
export type PrefixUnit = 'none' | 'token' | 'level';

export interface TokensInit {
  readonly tokenizer: TokenizerIdentity;
  readonly levels: readonly TokenLevel[];
  readonly source: SourceFacts;
  readonly prefixUnit: PrefixUnit;
}
