import type { FetchedPackage } from './packages';

/** The set that a picture goes into; each has its own share of the crops. */
export type PictureSet = 'photos' | 'textures' | 'drawings';

/** One picture or recording of a package, with what has to be known about its origin. */
export interface SourceFile<Set extends string = PictureSet> {
  readonly set: Set;
  readonly package: FetchedPackage;
  /** Path inside the package; inside of archives `archive!/member`. */
  readonly path: string;
  /** By which it is held out; default the last part of the path. */
  readonly name?: string;
  readonly author: string;
  /** As the package states it. */
  readonly licence: string;
  /** Address of the original, where the package gives one. */
  readonly origin?: string;
  /** Encoded picture or sound. */
  readonly bytes: () => Uint8Array;
  /**
   * Largest part of the original's size that crops are cut at. Default 1. Below 1 for small pictures from lossy
   * codecs, whose artefacts should not be learnt.
   */
  readonly maxScale?: number;
  /** Licensed well enough, but kept for evaluation. */
  readonly evaluationOnly?: boolean;
}

/** The last part of a source's path, by which files are held out. */
export function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('!')) + 1);
}
