import type { Tree } from './tree';

export interface Violation {
  /** File or folder, relative to the root. */
  readonly file: string;
  readonly message: string;
  /** A warning is printed and does not fail. */
  readonly warning?: boolean;
}

/** One convention. Its name is what waivers and output lines call it. */
export interface Rule {
  readonly name: string;
  check(tree: Tree): readonly Violation[] | Promise<readonly Violation[]>;
}
