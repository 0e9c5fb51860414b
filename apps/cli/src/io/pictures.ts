import type { ImageSignal, Tokens } from '@tesserae/core';
import { imageFromFloats, prepareImage, type ImageSource } from '@tesserae/image';

/** 8-bit RGB of a picture, alpha dropped: what the metrics compare. */
export async function rgbPicture(input: ImageSource): Promise<ImageSignal> {
  const { inputs } = await prepareImage(input, 'none');
  return imageFromFloats(inputs.image, 'round');
}

/** What the tokenizer saw of the original: the original itself, or its crop where a pipeline made one. */
export async function referenceFor(original: ImageSource, tokens: Tokens, decoded: ImageSignal): Promise<ImageSignal> {
  const whole = await rgbPicture(original);
  if (whole.width === decoded.width && whole.height === decoded.height) return whole;
  const { inputs } = await prepareImage(original, tokens.source.pipeline);
  return imageFromFloats(inputs.image, 'round');
}
