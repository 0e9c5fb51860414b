import { InputError } from '../errors/input-error';
import type { SourceFacts } from '../signal/source-facts';
import { bitsPerToken, countTokens } from '../tokens/levels';
import type { TokensInit } from '../tokens/token-types';
import type { MetricResult } from './metric-result';

export interface BitRateOptions {
  /** Bytes that the tokens really take, entropy coded or with their header; default: ids at fixed width. */
  readonly bytes?: number;
}

/**
 * How many bits the tokens take: a pixel of a picture, a second of audio or video, a character of text, or a whole
 * 3D shape; `protocol.unit` says which.
 *
 * @throws {InputError} The source is empty, or `bytes` is no count.
 */
export function bitRate(tokens: TokensInit, options: BitRateOptions = {}): MetricResult {
  const { bytes } = options;
  if (bytes !== undefined && (!Number.isSafeInteger(bytes) || bytes < 0)) {
    throw new InputError('bytes', 'a whole number of at least 0', String(bytes));
  }
  const { amount, unit } = extent(tokens.source);
  if (amount === 0) {
    throw new InputError('tokens.source', 'a source that is not empty', `0 ${unit.replace('bits per ', '')}s`);
  }
  const bits =
    bytes === undefined
      ? tokens.levels.reduce((sum, level) => sum + countTokens(level.shape) * bitsPerToken(level), 0)
      : 8 * bytes;
  return {
    value: bits / amount,
    protocol: { metric: 'bit-rate', unit, counted: bytes === undefined ? 'ids at fixed width' : 'bytes given' },
  };
}

function extent(source: SourceFacts): { readonly amount: number; readonly unit: string } {
  switch (source.modality) {
    case 'image':
      return { amount: source.width * source.height, unit: 'bits per pixel' };
    case 'audio':
      return { amount: source.samples / source.sampleRate, unit: 'bits per second' };
    case 'video':
      return { amount: source.frames / source.framesPerSecond, unit: 'bits per second' };
    case 'text':
      return { amount: source.characters, unit: 'bits per character' };
    case '3d':
      return { amount: 1, unit: 'bits per shape' };
  }
}
