import type { ImageSignal, SourceFacts, Tokens } from '@tesserae/core';
import { imageFromFloats, prepareImage, type FitMode, type ImageSource } from '@tesserae/image';

/** 8-bit RGB of a picture, alpha dropped: what the metrics compare. */
export async function rgbPicture(input: ImageSource, orient: 'none' | 'exif' = 'none'): Promise<ImageSignal> {
  const { inputs } = await prepareImage(input, 'none', { orient });
  return imageFromFloats(inputs.image, 'round');
}

/** What the tokenizer saw of the original: the original itself, or what a pipeline made of it. */
export async function referenceFor(
  original: ImageSource,
  { source }: Pick<Tokens, 'source'>,
  decoded: ImageSignal,
): Promise<ImageSignal> {
  const { fit, rotated } = treatmentOf(source);
  const orient = rotated === undefined ? 'none' : 'exif';
  const whole = await rgbPicture(original, orient);
  if (whole.width === decoded.width && whole.height === decoded.height) return whole;
  const { inputs } = await prepareImage(original, inUnitRange(source.pipeline), { orient, ...(fit && { fit }) });
  return imageFromFloats(inputs.image, 'round');
}

function treatmentOf({ extra }: SourceFacts): { readonly fit?: FitMode; readonly rotated?: unknown } {
  const { fit, rotated } = (extra ?? {}) as { readonly fit?: unknown; readonly rotated?: unknown };
  return { ...((fit === 'pad' || fit === 'squash') && { fit }), ...(rotated !== undefined && { rotated }) };
}

/** The same pixels as `var-256-pm1`, as 0..1: `var-256-unit`. */
function inUnitRange(pipeline: string): string {
  return pipeline.replace(/(-\d+)(-[a-z][a-z0-9]*)?$/, '$1-unit');
}
