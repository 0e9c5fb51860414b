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

/** Names close to a mistyped one, nearest first. */
export function nearestNames(name: string, candidates: readonly string[], limit = 3): readonly string[] {
  const scored = candidates.map((candidate) => ({
    candidate,
    distance: editDistance(name.toLowerCase(), candidate.toLowerCase()),
  }));
  return scored
    .toSorted((a, b) => a.distance - b.distance)
    .slice(0, limit)
    .map(({ candidate }) => candidate);
}

/** Levenshtein. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const swap = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
