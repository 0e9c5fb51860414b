import type { WeightLicense } from '../tokenizer/tokenizer';

/** A published variant of a system. */
export interface Preset<Config> {
  readonly config: Config;
  readonly license: WeightLicense;
  /** Preprocessing that the model was trained with: `pil-bicubic-256`. */
  readonly pipeline: string;
  /** arXiv id, or the place where it is described. */
  readonly paper: string;
  /** Number of parameters, as published or counted. */
  readonly parameters?: number;
  readonly source: PresetSource;
}

export interface PresetSource {
  /** Hugging Face repository, `owner/name`. */
  readonly repository?: string;
  /** Commit; absent = unpinned. */
  readonly revision?: string;
  readonly url?: string;
  /** Name of the weight file in the repository, or in the package's `starter` folder where `bundled`. */
  readonly file: string;
  readonly bundled?: boolean;
  readonly sha256?: string;
  readonly bytes?: number;
}
