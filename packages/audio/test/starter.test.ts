import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkSound } from '../src/mel-rvq/check-sound';
import { melDistance } from '../src/metrics';
import { audioTokenizers } from '../src/registry';

/** Share of the codes that another processor's rounding may change. */
const tolerance = 0.01;

describe('the bundled model', () => {
  it('makes the stored tokens of a known sound, and the sound of them', async () => {
    const path = new URL('../starter/audio-starter.check.json', import.meta.url);
    const stored = JSON.parse(readFileSync(path, 'utf8')) as {
      readonly fingerprint: string;
      readonly ids: readonly (readonly number[])[];
      readonly melDistance: number;
    };
    const tokenizer = await audioTokenizers.fromPretrained('audio-starter');
    const sound = checkSound();
    const tokens = await tokenizer.encode(sound);
    expect(tokens.tokenizer.fingerprint).toBe(stored.fingerprint);
    const ids = tokens.levels.map((level) => (level.kind === 'index' ? [...level.data] : []));
    expect(ids.map(({ length }) => length)).toEqual([50, 50, 50, 50]);
    const wrong = ids.flat().filter((id, index) => id !== stored.ids.flat()[index]).length;
    expect(wrong).toBeLessThanOrEqual(tolerance * stored.ids.flat().length);
    const decode = (tokenizer as unknown as { decode(given: typeof tokens): Promise<typeof sound> }).decode;
    const { channels } = await decode(tokens);
    const { value } = melDistance(sound.channels[0]!, channels[0]!, { sampleRate: 16_000, mels: 80 });
    expect(value).toBeCloseTo(stored.melDistance, 1);
    await tokenizer.dispose();
  });
});
