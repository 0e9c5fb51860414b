import { readFile } from 'node:fs/promises';
import { resolvePackageFile, weightFileHashes, type HashedFile } from '@tesserae/core';
import { psnr } from '@tesserae/core/metrics';
import { imageTokenizers, publishedAnswers } from '@tesserae/image';
import type { ModalityName } from '../modality/modality';
import { describeError } from '../output/describe-error';
import type { SelfTest } from './known-answer';
import type { StoredSound } from './sound-check';
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

/** Encodes and decodes a known picture or sound with a bundled model and compares with the answer beside its weights. */
export async function checkStarter(model: string, signal?: AbortSignal): Promise<SelfTest> {
  try {
    const picture = await storedAnswer<StoredAnswer>('image', model);
    if (picture) return compare(model, picture, await answerOf(model, signal));
    const sound = await storedAnswer<StoredSound>('audio', model);
    if (sound) return await (await import('./sound-check')).compareSound(model, sound, signal);
    return { name: model, passed: false, detail: withoutAnswer(model) };
  } catch (error) {
    signal?.throwIfAborted();
    return { name: model, passed: false, detail: describeError(error) };
  }
}

async function storedAnswer<Answer>(modality: ModalityName, model: string): Promise<Answer | undefined> {
  const path = resolvePackageFile(`@tesserae/${modality}/starter/${model}.check.json`, import.meta.url);
  const text = path === undefined ? undefined : await readFile(path, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Answer);
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
