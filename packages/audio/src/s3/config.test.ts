import { describe, expect, it } from 'vitest';
import { parseConfig, tokenCount } from './config';
import { presets } from './presets';

describe('configuration', () => {
  it('is as published where nothing is said', () => {
    expect(parseConfig({ name: 'speech_tokenizer_v1' })).toEqual({
      version: 1,
      stride: 1,
      mels: 128,
      positions: 1500,
      width: 1280,
      heads: 20,
      layers: 6,
      codebookSize: 4096,
    });
    expect(parseConfig({ name: 'speech_tokenizer_v1_25hz' })).toMatchObject({ version: 1, stride: 2 });
    expect(parseConfig({ name: 'speech_tokenizer_v2_25hz' })).toMatchObject({ version: 2, codebookSize: 6561 });
    expect(parseConfig({ name: 'speech_tokenizer_v3', config: { use_sdpa: true } })).toEqual(
      presets['s3-v3-25']!.config,
    );
    expect(presets['s3-v3-25']!.config).toMatchObject({ version: 3, stride: 2, layers: 12 });
  });

  it.each([
    [{}, /name/],
    [{ name: 'speech_tokenizer_v4' }, /name/],
    [{ name: 'speech_tokenizer_v1', config: { n_audio_head: 7 } }, /n_audio_head.*divides 1280.*got 7/],
    [{ name: 'speech_tokenizer_v2', config: { n_audio_head: 10 } }, /heads of 64.*= 20, got 10/],
    [{ name: 'speech_tokenizer_v3', config: { n_codebook_size: 4096 } }, /n_codebook_size.*6561.*got 4096/],
    [{ name: 'speech_tokenizer_v1', config: { n_mels: 0 } }, /n_mels/],
    [{ name: 'speech_tokenizer_v1', config: { n_audio_layer: 1e300 } }, /n_audio_layer/],
    [null, /s3 config/],
  ])('refuses %j', (json, message) => {
    expect(() => parseConfig(json)).toThrow(expect.objectContaining({ name: 'ConfigError' }));
    expect(() => parseConfig(json)).toThrow(message);
  });

  it('counts tokens as two convolutions do', () => {
    for (const stride of [1, 2] as const) {
      for (let frames = 1; frames < 300; frames += 1) {
        const halved = Math.floor((frames - 1) / stride) + 1;
        expect(tokenCount(frames, { stride })).toBe(Math.floor((halved - 1) / 2) + 1);
      }
    }
  });
});
