import type { Engine } from '@tesserae/core';
import { maskgitVqgan } from '@tesserae/image';
import { describeError } from '../output/describe-error';
import { testPicture } from './test-picture';

export interface SelfTest {
  readonly name: string;
  readonly passed: boolean;
  readonly detail: string;
}

const config = {
  resolution: 16,
  channels: 3,
  hiddenChannels: 32,
  channelMultipliers: [1, 2],
  residualBlocks: 1,
  latentChannels: 8,
  codebookSize: 64,
};

/** Ids of {@link testPicture} under the seeded weights: every engine gives them. */
// oxfmt-ignore
const answer = [
  14, 48, 58, 9, 61, 59, 28, 14, 28, 45, 5, 31, 55, 14, 43, 28,
  31, 43, 46, 58, 38, 47, 29, 28, 31, 45, 38, 46, 17, 17, 38, 43,
  23, 45, 23, 9, 17, 12, 42, 28, 14, 14, 32, 38, 38, 26, 48, 28,
  55, 29, 32, 61, 4, 58, 2, 28, 44, 55, 7, 8, 20, 23, 7, 43,
];

/** A tiny model with seeded weights encodes a fixed picture: the ids are known. */
export async function knownAnswer(engine: Engine): Promise<SelfTest> {
  const { name } = engine.report;
  try {
    const tokenizer = await maskgitVqgan.fromConfig(config, { seed: 7, engine });
    try {
      const tokens = await tokenizer.encode(testPicture(16), { pipeline: 'none' });
      const [level] = tokens.levels;
      const ids = level?.kind === 'index' ? [...level.data] : [];
      const wrong = answer.filter((id, index) => ids[index] !== id).length + Math.abs(ids.length - answer.length);
      return {
        name,
        passed: wrong === 0,
        detail:
          wrong === 0 ? `${ids.length} ids as expected` : `${wrong} of ${answer.length} ids differ: ${ids.join(' ')}`,
      };
    } finally {
      await tokenizer.dispose();
    }
  } catch (error) {
    return { name, passed: false, detail: describeError(error) };
  }
}
