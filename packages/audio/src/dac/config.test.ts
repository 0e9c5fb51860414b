import { describe, expect, it } from 'vitest';
import { parseConfig } from './config';
import { officialDacKey } from './port-keys';

describe('the configuration of DAC', () => {
  it('reads the transformers port', () => {
    const ported = parseConfig({
      model_type: 'dac',
      downsampling_ratios: [2, 4, 5, 8],
      n_codebooks: 12,
      sampling_rate: 16_000,
    });
    const official = parseConfig({
      encoder_rates: [2, 4, 5, 8],
      decoder_rates: [8, 5, 4, 2],
      n_codebooks: 12,
      sample_rate: 16_000,
    });
    expect(ported).toEqual(official);
  });

  it.each([
    [{ decoder_rates: [2, 2] }, 'decoder_rates'],
    [{ decoder_dim: 3 }, 'decoder_dim'],
    [{ codebook_dim: [8, 8] }, 'codebook_dim'],
    [{ n_codebooks: 0 }, 'n_codebooks'],
  ])('refuses %j', (config, field) => {
    expect(() => parseConfig(config)).toThrow(field);
  });
});

describe('keys of the transformers port', () => {
  const stages = { encoder: 4, decoder: 4 };
  it.each([
    ['encoder.conv1.weight', 'encoder.block.0.weight'],
    ['encoder.block.0.res_unit1.snake1.alpha', 'encoder.block.1.block.0.block.0.alpha'],
    ['encoder.block.3.res_unit3.conv2.bias', 'encoder.block.4.block.2.block.3.bias'],
    ['encoder.block.1.snake1.alpha', 'encoder.block.2.block.3.alpha'],
    ['encoder.block.1.conv1.weight', 'encoder.block.2.block.4.weight'],
    ['encoder.snake1.alpha', 'encoder.block.5.alpha'],
    ['encoder.conv2.bias', 'encoder.block.6.bias'],
    ['decoder.block.0.snake1.alpha', 'decoder.model.1.block.0.alpha'],
    ['decoder.block.0.conv_t1.weight', 'decoder.model.1.block.1.weight'],
    ['decoder.block.2.res_unit1.conv1.weight', 'decoder.model.3.block.2.block.1.weight'],
    ['decoder.conv2.weight', 'decoder.model.6.weight'],
    ['quantizer.quantizers.3.in_proj.weight', 'quantizer.quantizers.3.in_proj.weight'],
  ])('%s is %s', (key, official) => {
    expect(officialDacKey(key, stages)).toBe(official);
  });
});
