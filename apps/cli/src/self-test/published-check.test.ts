import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Tokens, type ImageSignal } from '@tesserae/core';
import { publishedAnswers, writeImage, type ImageTokenizer, type PublishedAnswer } from '@tesserae/image';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answersOf, checkPublished } from './published-check';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tesserae-published-'));
  for (const { picture } of publishedAnswers('titok-l32')) await writeImage(join(folder, picture), grey(100));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const grey = (value: number): ImageSignal => ({
  modality: 'image',
  width: 16,
  height: 16,
  channels: 3,
  data: new Uint8Array(16 * 16 * 3).fill(value),
});

/** Answers with these ids, and with a picture that is off by so many steps. */
function answering(ids: readonly number[], off: number): ImageTokenizer {
  const tokens = new Tokens({
    tokenizer: { id: 'image/titok', variant: 'titok-l32', library: 'test@0.0.0', fingerprint: '0123456789abcdef' },
    prefixUnit: 'none',
    levels: [{ kind: 'index', vocabularySize: 4096, shape: [ids.length], axes: ['token'], data: Int32Array.from(ids) }],
    source: { modality: 'image', pipeline: 'none', width: 16, height: 16 },
  });
  return {
    encode: () => Promise.resolve(tokens),
    decode: () => Promise.resolve(grey(100 + off)),
  } as unknown as ImageTokenizer;
}

/** The offset of all pixels that gives a PSNR. */
const offsetOf = ({ psnr }: PublishedAnswer) => Math.round(255 / 10 ** (psnr / 20));

describe('published answers (F022)', () => {
  it('have the lengths of their models', () => {
    expect(publishedAnswers('titok-l32').map(({ ids }) => ids.length)).toEqual([32, 32]);
    expect(publishedAnswers('one-d-piece-l256').map(({ ids }) => ids.length)).toEqual([256, 256]);
    expect(publishedAnswers('titok-b64')).toEqual([]);
  });

  const check = (ids: readonly number[], off: number) => {
    const answer = publishedAnswers('titok-l32')[1]!;
    return checkPublished(answering(ids, off), join(folder, answer.picture), answer, new AbortController().signal);
  };

  it('pass with the published ids, or all but two of them', async () => {
    const answer = publishedAnswers('titok-l32')[1]!;
    expect(await check(answer.ids, offsetOf(answer))).toMatchObject({
      passed: true,
      detail: expect.stringContaining('32 of 32 ids as published'),
    });
    expect(await check([1, 2, ...answer.ids.slice(2)], offsetOf(answer))).toMatchObject({ passed: true });
  });

  it('fail with other ids, another length or another picture', async () => {
    const answer = publishedAnswers('titok-l32')[1]!;
    expect(await check([1, 2, 3, ...answer.ids.slice(3)], offsetOf(answer))).toMatchObject({ passed: false });
    expect(await check([...answer.ids, 0], offsetOf(answer))).toMatchObject({ passed: false });
    expect(await check(answer.ids, 2)).toMatchObject({ passed: false });
  });

  it('are found by the name of the picture', () => {
    expect(answersOf('titok-l32', ['./a/ILSVRC2012_val_00008636.png'])[0]!.psnr).toBe(12.647);
    expect(() => answersOf('titok-l32', ['cat.png'])).toThrow('ILSVRC2012_val_00008636.png');
    expect(() => answersOf('titok-b64', ['cat.png'])).toThrow('published no ids');
  });
});
