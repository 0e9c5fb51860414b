import { basename } from 'node:path';
import { psnr } from '@tesserae/core/metrics';
import { publishedAnswers, readImage, type ImageTokenizer, type PublishedAnswer } from '@tesserae/image';
import { UsageError } from '../command';
import { describeError } from '../output/describe-error';
import type { SelfTest } from './known-answer';

/** The published ids were computed with TF32: one in this many may be another code in float32. */
const idsPerDifference = 16;
/** Decibels that such ids may change. */
const tolerance = 0.5;

/**
 * The published answers that pictures belong to, by file name.
 *
 * @throws {UsageError} The authors of the model published nothing, or nothing of such a picture.
 */
export function answersOf(model: string, pictures: readonly string[]): readonly PublishedAnswer[] {
  const known = publishedAnswers(model);
  if (known.length === 0) throw new UsageError(`${model}: its authors published no ids of a picture.`);
  return pictures.map((picture) => {
    const found = known.find(({ picture: name }) => name === basename(picture));
    if (!found)
      throw new UsageError(`${picture}: expected a file named ${known.map(({ picture: name }) => name).join(' or ')}.`);
    return found;
  });
}

/** Encodes and decodes a picture and compares with what the authors of the model printed for it. */
export async function checkPublished(
  tokenizer: ImageTokenizer,
  path: string,
  answer: PublishedAnswer,
  signal: AbortSignal,
): Promise<SelfTest> {
  const name = basename(path);
  try {
    const picture = await readImage(path);
    const tokens = await tokenizer.encode(path, { signal });
    const decoded = await tokenizer.decode(tokens, { signal });
    return compare(name, answer, tokens.levels[0]?.data ?? [], psnr(picture, decoded).value);
  } catch (error) {
    signal.throwIfAborted();
    return { name, passed: false, detail: describeError(error) };
  }
}

function compare(name: string, answer: PublishedAnswer, ids: ArrayLike<number>, decibels: number): SelfTest {
  const { length } = answer.ids;
  const wrong = answer.ids.filter((id, index) => ids[index] !== id).length;
  const passed =
    ids.length === length && wrong <= length / idsPerDifference && Math.abs(decibels - answer.psnr) < tolerance;
  return {
    name,
    passed,
    detail: `${length - wrong} of ${length} ids as published, PSNR ${decibels.toFixed(2)} dB (published ${answer.psnr.toFixed(2)} dB)`,
  };
}
