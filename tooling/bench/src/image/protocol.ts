import type { EngineName } from '@tesserae/core';
import type { Direction } from '../direction';
import type { ModelName } from './models';

/** From the benchmark to the process that runs our models. */
export type Request =
  | {
      readonly kind: 'open';
      readonly model: ModelName;
      readonly file: string;
      readonly engine: EngineName;
      readonly threads: number;
      readonly prepack: boolean;
    }
  /** `times` runs one after the other, as one measurement. */
  | { readonly kind: 'run'; readonly direction: Direction; readonly batch: number; readonly times: number }
  /** Writes the last output of a direction as raw numbers. */
  | { readonly kind: 'save'; readonly direction: Direction; readonly file: string }
  /** One product of the reference: `rows` of the chain of `gemm.ts`. */
  | { readonly kind: 'product'; readonly rows: number };
