import { readFile } from 'node:fs/promises';
import { resolvePackageFile, weightFileHashes, type HashedFile } from '@tesserae/core';
import { psnr } from '@tesserae/core/metrics';
import { imageTokenizers, publishedAnswers } from '@tesserae/image';
import { describeError } from '../output/describe-error';
import type { SelfTest } from './known-answer';
import { testPicture } from './test-picture';

/** Stored beside the weights: what they make of {@link testPicture}. */
export interface StoredAnswer {
  readonly side: number;
  readonly fingerprint: string;
  readonly psnr: number;
  readonly ids: readonly number[];
}

/** Decibels that another processor's rounding may change. */
const tolerance = 0.05;
/** Share of ids that it may change: latents that lie on the border between two bins. */
const idTolerance = 0.005;

/** Encodes and decodes the test picture with a bundled model and compares with the answer that ships beside it. */
export async function checkStarter(model: string, signal?: AbortSignal): Promise<SelfTest> {
  try {
    const path = resolvePackageFile(`@tesserae/image/starter/${model}.check.json`, import.meta.url);
    const text = path === undefined ? undefined : await readFile(path, 'utf8').catch(() => undefined);
    if (text === undefined)
      return {
        name: model,
        passed: false,
        detail: withoutAnswer(model),
      };
    return compare(model, JSON.parse(text) as StoredAnswer, await answerOf(model, signal));
  } catch (error) {
    signal?.throwIfAborted();
    return { name: model, passed: false, detail: describeError(error) };
  }
}

function withoutAnswer(model: string): string {
  const pictures = publishedAnswers(model).map(({ picture }) => picture);
  return pictures.length === 0
    ? 'no stored answer: only models that ship with the package have one'
    : `no stored answer; give ${pictures.join(' or ')} of its authors' repository to compare with the published ids`;
}

function compare(model: string, stored: StoredAnswer, found: Answer): SelfTest {
  if (found.fingerprint !== stored.fingerprint)
    return {
      name: model,
      passed: false,
      detail: `the weights are ${found.fingerprint}, the stored answer is of ${stored.fingerprint}`,
    };
  const wrong = stored.ids.filter((id, index) => found.ids[index] !== id).length;
  const sameCount = found.ids.length === stored.ids.length;
  const passed =
    sameCount && wrong <= idTolerance * stored.ids.length && Math.abs(found.psnr - stored.psnr) < tolerance;
  const files = found.files.map(({ name, bytes, sha256 }) => `${name} ${bytes} bytes sha256 ${sha256}`);
  return {
    name: model,
    passed,
    detail: `${wrong} of ${stored.ids.length} ids differ, PSNR ${found.psnr.toFixed(2)} dB (stored ${stored.psnr.toFixed(2)} dB); ${files.join(', ')}`,
  };
}

export interface Answer extends StoredAnswer {
  readonly files: readonly HashedFile[];
}

const side = 128;

/** What a model makes of the test picture. */
export async function answerOf(model: string, signal?: AbortSignal): Promise<Answer> {
  const run = { ...(signal && { signal }) };
  const tokenizer = await imageTokenizers.fromPretrained(model, { engineOptions: { prepack: false }, ...run });
  try {
    const picture = testPicture(side);
    const tokens = await tokenizer.encode(picture, run);
    const [level] = tokens.levels;
    const decoded = await tokenizer.decode(tokens, run);
    return {
      side,
      fingerprint: tokenizer.info.identity.fingerprint,
      psnr: Number(psnr(picture, decoded).value.toFixed(3)),
      ids: level?.kind === 'index' ? [...level.data] : [],
      files: await weightFileHashes(tokenizer, run),
    };
  } finally {
    await tokenizer.dispose();
  }
}
