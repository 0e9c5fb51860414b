import { describe, expect, it } from 'vitest';
import { indexTokens } from '../../test/arbitrary-tokens';
import { InputError } from '../errors/input-error';
import { bitRate } from './bit-rate';

describe('bitRate', () => {
  it('counts bits of ids a pixel, a second or a character', () => {
    const ids = Array.from({ length: 75 }, (_, index) => index);
    expect(bitRate(indexTokens(ids, 4096, { modality: 'image', pipeline: 'p', width: 30, height: 30 })).value).toBe(1);
    const audio = indexTokens(ids, 4096, { modality: 'audio', pipeline: 'p', sampleRate: 24000, samples: 24000 });
    expect(bitRate(audio)).toEqual({
      value: 900,
      protocol: { metric: 'bit-rate', unit: 'bits per second', counted: 'ids at fixed width' },
    });
    expect(bitRate(audio, { bytes: 60 }).value).toBe(480);
    expect(bitRate(indexTokens(ids, 4096, { modality: 'text', pipeline: 'p', characters: 300 })).value).toBe(3);
  });

  it('refuses empty sources and bad byte counts', () => {
    expect(() => bitRate(indexTokens([], 2, { modality: 'text', pipeline: 'p', characters: 0 }))).toThrow(InputError);
    expect(() => bitRate(indexTokens([1]), { bytes: -1 })).toThrow(InputError);
  });
});
