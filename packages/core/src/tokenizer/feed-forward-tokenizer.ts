import type { HostTensors } from '../engine/engine';
import { InputError } from '../errors/input-error';
import { TokensError } from '../errors/tokens-error';
import type { Model } from '../pretrained/model';
import type { SourceFacts } from '../signal/source-facts';
import { Tokens, type TokenLevel } from '../tokens/tokens';
import type {
  Capability,
  DecodeOptions,
  EncodeOnlyTokenizer,
  EncodeOptions,
  Tokenizer,
  TokenizerInfo,
} from './tokenizer';

/** What a system says about itself; the rest of `info` comes from the model. */
export type SystemInfo = Omit<
  TokenizerInfo,
  'identity' | 'license' | 'engine' | 'capabilities' | 'files' | 'sizes' | 'fresh'
>;

export interface EncoderRooms<Input> {
  readonly info: SystemInfo;
  /** Abilities beyond `encode` and `decode` that the system adds to the object. */
  readonly capabilities?: readonly Capability[];
  /** Model function that encodes; default `encode`. */
  readonly encodeFunction?: (options: EncodeOptions) => string;
  /** Encodes in runs of its own, a window at a time say; default: one run of {@link encodeFunction}. */
  readonly runEncoder?: (inputs: HostTensors, options: EncodeOptions) => Promise<HostTensors>;
  /** Validation and preprocessing; batch axis 1. */
  prepare(
    input: Input,
    options: EncodeOptions,
  ): Promise<{ readonly inputs: HostTensors; readonly source: SourceFacts }>;
  collect(outputs: HostTensors, source: SourceFacts): readonly TokenLevel[];
}

export interface DecoderRooms<Signal> {
  /** Decodes in runs of its own; default: one run of `decode`. */
  readonly runDecoder?: (inputs: HostTensors, options: DecodeOptions) => Promise<HostTensors>;
  restore(tokens: Tokens, options: DecodeOptions): HostTensors;
  finish(outputs: HostTensors, tokens: Tokens, options: DecodeOptions): Signal;
}

/** An encode-only tokenizer from its rooms; checks, prefix, batching, abort and progress are generic. */
export function encodeOnlyTokenizer<Config, Input>(
  model: Model<Config>,
  rooms: EncoderRooms<Input>,
): EncodeOnlyTokenizer<Input> {
  const info: TokenizerInfo = {
    ...rooms.info,
    identity: model.identity,
    license: model.license,
    engine: model.engine,
    files: model.files,
    sizes: model.sizes,
    fresh: model.fresh,
    capabilities: rooms.capabilities ?? [],
  };
  const encode = async (input: Input, options: EncodeOptions = {}): Promise<Tokens> => {
    options.signal?.throwIfAborted();
    checkPrefix(options.prefix, info.prefixUnit === 'none');
    const { inputs, source } = await rooms.prepare(input, options);
    options.signal?.throwIfAborted();
    const run = rooms.runEncoder ?? (() => model.run(rooms.encodeFunction?.(options) ?? 'encode', inputs, options));
    const outputs = await run(inputs, options);
    const levels = rooms.collect(outputs, source).map((level) => (options.margins ? level : withoutMargins(level)));
    const tokens = new Tokens({ tokenizer: info.identity, levels, source, prefixUnit: info.prefixUnit });
    return options.prefix === undefined ? tokens : tokens.prefix(options.prefix);
  };
  return {
    info,
    encode,
    encodeBatch: (inputs, options = {}) => oneByOne(inputs, 'encode', options, (input) => encode(input, options)),
    dispose: () => model.dispose(),
  };
}

/** A tokenizer from its four rooms. */
export function feedForwardTokenizer<Config, Input, Signal>(
  model: Model<Config>,
  rooms: EncoderRooms<Input> & DecoderRooms<Signal>,
): Tokenizer<Input, Signal> {
  const encoder = encodeOnlyTokenizer<Config, Input>(model, {
    ...rooms,
    capabilities: ['decode', ...(rooms.capabilities ?? [])],
  });
  const decode = async (given: Tokens, options: DecodeOptions = {}): Promise<Signal> => {
    options.signal?.throwIfAborted();
    assertOwnTokens(given, encoder.info, options);
    checkPrefix(options.prefix, encoder.info.prefixUnit === 'none');
    const tokens = options.prefix === undefined ? given : given.prefix(options.prefix);
    const run = rooms.runDecoder ?? ((inputs: HostTensors) => model.run('decode', inputs, options));
    const outputs = await run(rooms.restore(tokens, options), options);
    return rooms.finish(outputs, tokens, options);
  };
  return {
    ...encoder,
    decode,
    decodeBatch: (tokens, options = {}) => oneByOne(tokens, 'decode', options, (item) => decode(item, options)),
  };
}

/** Large models gain nothing from a batch (engine.md 7), and the ids are those of one by one by construction. */
async function oneByOne<Item, Result>(
  items: readonly Item[],
  stage: 'encode' | 'decode',
  { signal, onProgress }: EncodeOptions,
  each: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  if (!Array.isArray(items)) throw new InputError('items', 'a list', typeof items);
  const results: Result[] = [];
  for (const item of items) {
    signal?.throwIfAborted();
    results.push(await each(item));
    onProgress?.({ stage, completed: results.length, total: items.length, unit: 'items', label: stage });
  }
  return results;
}

function checkPrefix(prefix: number | undefined, refused: boolean): void {
  if (prefix === undefined) return;
  if (refused) throw new TokensError('prefix', 'prefix: this tokenizer decodes all of its tokens or none.');
  if (!Number.isInteger(prefix) || prefix < 1)
    throw new InputError('prefix', 'a whole number of at least 1', String(prefix));
}

function withoutMargins(level: TokenLevel): TokenLevel {
  const { margins: _margins, ...rest } = level;
  return rest;
}

/**
 * Refuses tokens of another tokenizer or of other weights before anything is run.
 *
 * @throws {TokensError} `tokenizer-mismatch`, `fingerprint-mismatch`, `invalid-tokens`.
 */
export function assertOwnTokens(
  tokens: Tokens,
  info: TokenizerInfo,
  { allowMismatch = false }: DecodeOptions = {},
): void {
  const { id, variant, fingerprint } = tokens.tokenizer;
  const own = info.identity;
  if (id !== own.id)
    throw new TokensError(
      'tokenizer-mismatch',
      `tokens of ${id} (${variant}) cannot be decoded by ${own.id} (${own.variant}).`,
    );
  if (fingerprint !== own.fingerprint && !allowMismatch) {
    throw new TokensError(
      'fingerprint-mismatch',
      `tokens were made with the weights ${variant} ${fingerprint}, these are ${own.variant} ${own.fingerprint}; allowMismatch decodes them all the same.`,
    );
  }
  const [given, all] = [tokens.levels.length, info.levels.length];
  // Where levels may be left out, the first ones are tokens as well.
  if (info.prefixUnit === 'level' ? given < 1 || given > all : given !== all) {
    const expected = info.prefixUnit === 'level' ? `1 to ${all}` : `${all}`;
    throw new TokensError('invalid-tokens', `expected ${expected} levels, got ${given}.`);
  }
  tokens.levels.forEach((level, index) => assertLevel(level, info, index));
}

function assertLevel(level: TokenLevel, info: TokenizerInfo, index: number): void {
  const { vocabularySize, shape, axes } = info.levels[index]!;
  if (level.kind !== info.kind)
    throw new TokensError('invalid-tokens', `level ${index}: expected ${info.kind} tokens, got ${level.kind}.`);
  if (level.kind === 'index' && level.vocabularySize !== vocabularySize) {
    throw new TokensError(
      'invalid-tokens',
      `level ${index}: expected a vocabulary of ${vocabularySize}, got ${level.vocabularySize}.`,
    );
  }
  const growing = info.prefixUnit === 'token' ? 0 : -1;
  const fits = level.shape.every((length, axis) => {
    const wanted = shape[axis];
    return (
      wanted === 'variable' ||
      length === wanted ||
      (axis === growing && typeof wanted === 'number' && length >= 1 && length <= wanted)
    );
  });
  if (fits && level.shape.length === axes.length) return;
  throw new TokensError(
    'invalid-tokens',
    `level ${index}: expected the shape [${shape.join(', ')}], got [${level.shape.join(', ')}].`,
  );
}
