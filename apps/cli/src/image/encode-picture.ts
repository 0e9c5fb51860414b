import type { RunOptions } from '@tesserae/core';
import type { Tokens } from '@tesserae/core/data';
import { encodeTiled, type ImageTokenizer } from '@tesserae/image';
import { type MediaInput, wholeInput } from '../io/media-input';
import type { AnyTokenizer } from '../modality/modality';
import type { EncodeSettings } from './image-modality';

/** The tokens of one picture: one item, or one for each tile. */
export async function encodePicture(
  tokenizer: AnyTokenizer,
  input: MediaInput,
  { tiles, ...settings }: EncodeSettings,
  run: RunOptions,
): Promise<readonly Tokens[]> {
  const model = tokenizer as ImageTokenizer;
  const source = input.path ?? (await wholeInput(input));
  const options = { ...settings, ...run };
  return tiles ? encodeTiled(model, source, { ...options, ...tiles }) : [await model.encode(source, options)];
}
