import { onedpieceL256, titokL32 } from './answers';

/** What the authors of a model printed for a picture of their repository: ids, and PSNR of the reconstruction in dB. */
export interface PublishedAnswer {
  /** File name in the official repository, 256 x 256 pixels. */
  readonly picture: string;
  readonly ids: readonly number[];
  /** Decibels, of the pixels after truncation to bytes. */
  readonly psnr: number;
}

const answers: Readonly<Record<string, readonly PublishedAnswer[]>> = {
  'titok-l32': titokL32,
  'one-d-piece-l256': onedpieceL256,
};

/**
 * Published answers of a preset; empty where its authors printed none.
 *
 * They come from notebooks that ran on a GPU with TF32, so that an id or two may differ from float32.
 *
 * @param preset - `titok-l32`, `one-d-piece-l256`.
 */
export function publishedAnswers(preset: string): readonly PublishedAnswer[] {
  return answers[preset] ?? [];
}
