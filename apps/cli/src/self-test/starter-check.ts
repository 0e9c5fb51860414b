import { readFile } from 'node:fs/promises';
import { resolvePackageFile } from '@tesserae/core';
import { psnr } from '@tesserae/core/metrics';
import { imageTokenizers } from '@tesserae/image';
import { describeError } from '../output/describe-error';
import type { SelfTest } from './known-answer';
import { testPicture } from './test-picture';

/** Stored beside the weights: what they make of {@link testPicture}. */
interface StoredAnswer {
  readonly side: number;
  readonly fingerprint: string;
  readonly psnr: number;
  readonly ids: readonly number[];
}

/** Decibels that another processor's rounding may change. */
const tolerance = 0.05;

/** Encodes and decodes the test picture with a bundled model and compares with the answer that ships beside it. */
export async function checkStarter(model: string): Promise<SelfTest> {
  try {
    const path = resolvePackageFile(`@tesserae/image/starter/${model}.check.json`, import.meta.url);
    if (path === undefined)
      return {
        name: model,
        passed: false,
        detail: 'no stored answer: only models that ship with the package have one',
      };
    const stored = JSON.parse(await readFile(path, 'utf8')) as StoredAnswer;
    const found = await answerOf(model, stored.side);
    const wrong = stored.ids.filter((id, index) => found.ids[index] !== id).length;
    const passed =
      wrong === 0 && found.fingerprint === stored.fingerprint && Math.abs(found.psnr - stored.psnr) < tolerance;
    return {
      name: model,
      passed,
      detail: `${wrong} of ${stored.ids.length} ids differ, PSNR ${found.psnr.toFixed(2)} dB (stored ${stored.psnr.toFixed(2)} dB)`,
    };
  } catch (error) {
    return { name: model, passed: false, detail: describeError(error) };
  }
}

/** What a model makes of the test picture. */
export async function answerOf(model: string, side: number): Promise<StoredAnswer> {
  const tokenizer = await imageTokenizers.fromPretrained(model, { engineOptions: { prepack: false } });
  try {
    const picture = testPicture(side);
    const tokens = await tokenizer.encode(picture);
    const [level] = tokens.levels;
    const decoded = await tokenizer.decode(tokens);
    return {
      side,
      fingerprint: tokenizer.info.identity.fingerprint,
      psnr: psnr(picture, decoded).value,
      ids: level?.kind === 'index' ? [...level.data] : [],
    };
  } finally {
    await tokenizer.dispose();
  }
}
