import { type AudioTokenizer, audioTokenizers, checkSound } from '@tesserae/audio';
import { melDistance } from '@tesserae/audio/metrics';
import { weightFileHashes } from '@tesserae/core';
import type { SelfTest } from './known-answer';

/** Stored beside the weights: what they make of `checkSound`. */
export interface StoredSound {
  readonly fingerprint: string;
  readonly melDistance: number;
  /** Of each level. */
  readonly ids: readonly (readonly number[])[];
}

/** Share of the codes, and mel distance, that another processor's rounding may change. */
const idTolerance = 0.01;
const tolerance = 0.05;
const mels = 80;

/** Encodes and decodes the known sound with a bundled model and compares with the answer that ships beside it. */
export async function compareSound(model: string, stored: StoredSound, signal?: AbortSignal): Promise<SelfTest> {
  const run = { ...(signal && { signal }) };
  const tokenizer = (await audioTokenizers.fromPretrained(model, {
    engineOptions: { prepack: false },
    ...run,
  })) as AudioTokenizer;
  try {
    const { fingerprint } = tokenizer.info.identity;
    if (fingerprint !== stored.fingerprint)
      return {
        name: model,
        passed: false,
        detail: `the weights are ${fingerprint}, the stored answer is of ${stored.fingerprint}`,
      };
    const sound = checkSound();
    const tokens = await tokenizer.encode(sound, run);
    const decoded = await tokenizer.decode(tokens, run);
    const ids = tokens.levels.flatMap((level) => (level.kind === 'index' ? [...level.data] : []));
    const expected = stored.ids.flat();
    const wrong = expected.filter((id, index) => ids[index] !== id).length;
    const { sampleRate, channels } = sound;
    const { value } = melDistance(channels[0]!, decoded.channels[0]!, { sampleRate, mels });
    const files = (await weightFileHashes(tokenizer, run)).map(
      ({ name, bytes, sha256 }) => `${name} ${bytes} bytes sha256 ${sha256}`,
    );
    return {
      name: model,
      passed:
        ids.length === expected.length &&
        wrong <= idTolerance * expected.length &&
        Math.abs(value - stored.melDistance) < tolerance,
      detail: `${wrong} of ${expected.length} ids differ, mel distance ${value.toFixed(3)} (stored ${stored.melDistance.toFixed(3)}); ${files.join(', ')}`,
    };
  } finally {
    await tokenizer.dispose();
  }
}
