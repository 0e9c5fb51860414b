import type { EngineName } from '@tesserae/core';
import type { Direction } from '../direction';
import type { ModelName } from './models';

/** From the benchmark to the process that runs our models. */
export type Request =
  | {
      readonly kind: 'open';
      readonly model: ModelName;
      /** Folder of the weight file. */
      readonly folder: string;
      readonly engine: EngineName;
      readonly threads: number;
      readonly prepack: boolean;
    }
  /** One clip, as a user encodes or decodes it. */
  | { readonly kind: 'run'; readonly direction: Direction; readonly seconds: number }
  /** Writes the last result as raw numbers: ids and, at `margins`, margins `[codebooks, frames]`; or samples. */
  | { readonly kind: 'save'; readonly file: string; readonly margins?: string }
  /** A clip in windows of so many seconds: the time of every step. */
  | {
      readonly kind: 'stream';
      readonly direction: Direction;
      readonly seconds: number;
      readonly windowSeconds: number;
    };
