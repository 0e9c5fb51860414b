import type { Json } from './signal';

/** What decoding and honest reporting need to know about the source. */
export type SourceFacts = {
  /** Name of the preprocessing pipeline, `pil-bicubic-256`. */
  readonly pipeline: string;
  readonly extra?: Json;
} & (
  | { readonly modality: 'image'; readonly width: number; readonly height: number }
  | {
      readonly modality: 'audio';
      readonly sampleRate: number;
      readonly samples: number;
      readonly scales?: readonly number[];
    }
  | {
      readonly modality: 'video';
      readonly width: number;
      readonly height: number;
      readonly frames: number;
      readonly framesPerSecond: number;
      readonly padFront: number;
      readonly padBack: number;
    }
  | { readonly modality: '3d'; /** 4 x 4, column-major. */ readonly toWorld: readonly number[] }
  | { readonly modality: 'text'; readonly characters: number }
);
