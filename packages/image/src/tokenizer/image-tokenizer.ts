import type {
  DecodeOptions,
  EncodeOptions,
  ImageSignal,
  Preview,
  ProgressiveDecoder,
  Tokenizer,
  Tokens,
} from '@tesserae/core';
import type { ImageSource } from '../io/read-image';
import type { FitMode } from '../pipelines/pipelines';

export interface ImageEncodeOptions extends EncodeOptions {
  /** What happens to a picture of another shape than the model's. Default `crop`. Recorded in the tokens. */
  readonly fit?: FitMode;
  /** `exif`: rotate as the file's orientation says. Default `none`, as the papers' loaders do. */
  readonly orient?: 'none' | 'exif';
  /** Refuse pictures with more pixels before they are decoded. Default 100 million. */
  readonly maxPixels?: number;
}

/** What every image system gives. */
export interface ImageTokenizer extends Tokenizer<ImageSource, ImageSignal> {
  encode(input: ImageSource, options?: ImageEncodeOptions): Promise<Tokens>;
  encodeBatch(inputs: readonly ImageSource[], options?: ImageEncodeOptions): Promise<Tokens[]>;
}

export type ProgressiveImageTokenizer = ImageTokenizer & ProgressiveDecoder<ImageSignal>;

/** One preview per prefix, coarse to fine. */
export function progressiveDecoder(tokenizer: ImageTokenizer): ProgressiveDecoder<ImageSignal>['decodeProgressive'] {
  return async function* decodeProgressive(
    tokens: Tokens,
    { prefixes, ...options }: DecodeOptions & { readonly prefixes: readonly number[] },
  ): AsyncGenerator<Preview<ImageSignal>> {
    for (const prefix of prefixes) yield { prefix, signal: await tokenizer.decode(tokens, { ...options, prefix }) };
  };
}
