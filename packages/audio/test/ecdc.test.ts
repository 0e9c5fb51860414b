import type { Tokens } from '@tesserae/core';
import { describe, expect, it } from 'vitest';
import { openEncodecLanguageModel } from '../src/encodec/language-model';
import { languageModelBytes } from './tiny-language-model';
import { sound, tinyEncodec, tinyStereoEncodec } from './tiny-models';

const idsOf = (tokens: Tokens) => tokens.levels.map(({ data }) => [...data]);

describe.each([
  ['24 kHz', tinyEncodec, sound(701)],
  ['48 kHz', tinyStereoEncodec, sound(2100, { sampleRate: 48_000, channels: 2 })],
] as const)('.ecdc files of %s', (_, load, signal) => {
  it('give back the tokens, plain and entropy-coded', async () => {
    const tokenizer = await load();
    const languageModel = await openEncodecLanguageModel(
      languageModelBytes({ codebooks: 4, codes: 64, width: 16, layers: 2 }),
    );
    const tokens = await tokenizer.encode(signal);
    for (const options of [{}, { languageModel }]) {
      const bytes = tokenizer.toEcdc(tokens, options);
      const restored = tokenizer.fromEcdc(bytes, options);
      expect(idsOf(restored)).toEqual(idsOf(tokens));
      expect(restored.source).toEqual(tokens.source);
      expect(await tokenizer.decode(restored)).toEqual(await tokenizer.decode(tokens));
      for (const length of [0, 5, 12, bytes.length - 1]) {
        expect(() => tokenizer.fromEcdc(bytes.subarray(0, length), options)).toThrow(
          expect.objectContaining({ name: 'InputError', code: 'undecodable' }),
        );
      }
    }
    const coded = tokenizer.toEcdc(tokens, { languageModel });
    expect(() => tokenizer.fromEcdc(coded)).toThrow('languageModel');
    const prefix = tokenizer.fromEcdc(tokenizer.toEcdc(tokens.prefix(1), { languageModel }), { languageModel });
    expect(idsOf(prefix)).toEqual(idsOf(tokens).slice(0, 1));
    await tokenizer.dispose();
  });
});

describe('.ecdc files', () => {
  it('of other models, versions and sizes are refused', async () => {
    const tokenizer = await tinyEncodec();
    const bytes = tokenizer.toEcdc(await tokenizer.encode(sound(100)));
    const text = new TextDecoder('latin1').decode(bytes);
    const changed = (from: string, to: string) =>
      Uint8Array.from(text.replace(from, to), (letter) => letter.charCodeAt(0));
    expect(() => tokenizer.fromEcdc(changed('24khz', '48khz'))).toThrow('encodec_48khz');
    expect(() => tokenizer.fromEcdc(changed('ECDC', 'ECDD'))).toThrow('.ecdc');
    expect(() => tokenizer.fromEcdc(changed('"nc": 4', '"nc": 9'))).toThrow('codebooks');
    expect(() => tokenizer.fromEcdc(changed('"al": 100', '"al": 0  '))).toThrow('al (samples)');
    // A header that asks for hours gets no memory for them.
    expect(() => tokenizer.fromEcdc(changed('"al": 100', '"al": 9e9'))).toThrow('a file of');
    const later = bytes.slice();
    later[4] = 1;
    expect(() => tokenizer.fromEcdc(later)).toThrow(expect.objectContaining({ name: 'UnsupportedError' }));
    const small = await openEncodecLanguageModel(languageModelBytes({ codebooks: 1, codes: 64, width: 8, layers: 1 }));
    expect(() => tokenizer.toEcdc(tokenizer.fromEcdc(bytes), { languageModel: small })).toThrow('languageModel');
    await tokenizer.dispose();
  });
});
