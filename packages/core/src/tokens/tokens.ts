import { InputError } from '../errors/input-error';
import { TokensError } from '../errors/tokens-error';
import type { Json } from '../signal/signal';
import type { SourceFacts } from '../signal/source-facts';
import { decodeChunk } from './chunk-codec';
import { decodePayload, encodeFile, encodePayload, openFrame } from './file-codec';
import { joinTokens } from './join-tokens';
import { tokensFromJson, tokensToJson } from './json';
import { allowance } from './level-codec';
import { bitsPerToken, countTokens } from './levels';
import { prefixTokens } from './prefix-tokens';
import { sliceTokensSeconds } from './slice-seconds';
import type { PrefixUnit, TokenizerIdentity, TokenLevel, TokensInit } from './token-types';
import { checkTokens } from './validate-tokens';

export type {
  BitLevel,
  FloatLevel,
  IndexLevel,
  PrefixUnit,
  TokenAxis,
  TokenizerIdentity,
  TokenLevel,
  TokensInit,
} from './token-types';

const marker = Symbol.for('tesserae.tokens');

export interface ToBytesOptions {
  /** `full` (default): the self-describing `.tok` file. `payload`: bits only, for byte budgets; reading it needs `like`. */
  readonly container?: 'full' | 'payload';
  /** `rans`: entropy code the levels that get smaller by it, the tables included. Default `none`. */
  readonly entropy?: 'none' | 'rans';
}

/**
 * The tokens of one item: ids, bits or floats, who made them and what decoding needs to know of the source.
 *
 * Plain data inside: structured cloning (`postMessage`) gives an object that `new Tokens(object)` restores.
 */
export class Tokens implements TokensInit {
  private readonly [marker] = true;
  readonly tokenizer: TokenizerIdentity;
  /** Coarse to fine: codebooks of a residual quantizer, scales, rates. */
  readonly levels: readonly TokenLevel[];
  readonly source: SourceFacts;
  readonly prefixUnit: PrefixUnit;

  /**
   * Arrays are kept, not copied (float16 levels are rounded to float16 first where they are not yet).
   *
   * @throws {TokensError} `invalid-tokens`; `out-of-range`: an id outside the vocabulary.
   */
  constructor(init: TokensInit) {
    const { tokenizer, levels, source, prefixUnit } = checkTokens(init);
    this.tokenizer = tokenizer;
    this.levels = levels;
    this.source = source;
    this.prefixUnit = prefixUnit;
  }

  /** `instanceof` that also holds across duplicate installs. */
  static isInstance(value: unknown): value is Tokens {
    return typeof value === 'object' && value !== null && marker in value;
  }

  /** Tokens over all levels, places without a token included. */
  get length(): number {
    return this.levels.reduce((sum, { shape }) => sum + countTokens(shape), 0);
  }

  /** Bits over all levels at fixed width, without padding; a level where a token is missing has one more symbol. */
  get payloadBits(): number {
    return this.levels.reduce((sum, level) => sum + countTokens(level.shape) * bitsPerToken(level), 0);
  }

  /**
   * The first `count` tokens of each level, or the first `count` levels, as `prefixUnit` says.
   *
   * @throws {TokensError} `prefix`: these tokens have no prefixes, or not so many tokens or levels.
   */
  prefix(count: number): Tokens {
    return new Tokens(prefixTokens(this, count));
  }

  /**
   * The tokens of `start..end` in seconds, each end moved to the nearest boundary between tokens of the slowest level;
   * so neighbouring slices join to the whole. Time is divided evenly over the tokens. Levels without time stay whole.
   *
   * @throws {TokensError} `invalid-tokens`: no time axis, or no duration in the source.
   * @throws {InputError} `start` or `end` is outside the source.
   */
  sliceSeconds(start: number, end: number): Tokens {
    return new Tokens(sliceTokensSeconds(this, start, end));
  }

  /** @throws {InputError} `entropy` with the container `payload`, which has no place for its tables. */
  toBytes(options: ToBytesOptions = {}): Uint8Array {
    const { container = 'full', entropy = 'none' } = options;
    if (container === 'full') {
      return encodeFile([this], { entropy });
    }
    if (entropy !== 'none') {
      throw new InputError(
        'entropy',
        "'none' with container 'payload' (the tables are in the full container)",
        entropy,
      );
    }
    return encodePayload(this);
  }

  /**
   * Reads a `.tok` file of one item, or with `like` a payload: of the same shapes, and with -1 in the same levels.
   *
   * @throws {TokensError} `malformed`, `unsupported-version`, `invalid-tokens`.
   */
  static fromBytes(bytes: Uint8Array, like?: TokensInit): Tokens {
    if (like) {
      return new Tokens(decodePayload(bytes, like));
    }
    const frame = openFrame(bytes);
    const items = frame.chunks.reduce((sum, chunk) => sum + chunk.items, 0);
    if (items !== 1) {
      throw new TokensError('malformed', `.tok file: expected one item, got ${items} (readTokensFile reads them).`);
    }
    return new Tokens(decodeChunk(frame.header, frame.chunks[0]!, allowance(frame.freeTokens))[0]!);
  }

  /**
   * Chunks of one stream in order: joined along the time axis (text: along `token`); levels without it have to be equal.
   *
   * @throws {TokensError} `tokenizer-mismatch`, `invalid-tokens`: the chunks do not fit together.
   */
  static join(chunks: readonly Tokens[]): Tokens {
    return new Tokens(joinTokens(chunks));
  }

  /** Margins are left out. */
  toJSON(): Json {
    return tokensToJson(this);
  }

  /** @throws {TokensError} `invalid-tokens`, `out-of-range`. */
  static fromJSON(json: Json): Tokens {
    return new Tokens(tokensFromJson(json));
  }
}
