import type { Tree } from './tree';

export interface Manifest {
  readonly name: string;
  readonly version?: string;
  readonly private?: boolean;
  readonly type?: string;
  readonly sideEffects?: unknown;
  readonly engines?: { readonly node?: string };
  readonly license?: string;
  readonly bin?: unknown;
  readonly exports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly publishConfig?: {
    readonly access?: string;
    readonly exports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  };
}

export interface WorkspacePackage {
  /** `packages/image`. */
  readonly folder: string;
  /** Only apps have none of the library's promises. */
  readonly kind: 'package' | 'app' | 'tooling';
  readonly manifest: Manifest;
}

const kinds = { packages: 'package', apps: 'app', tooling: 'tooling' } as const;

/** Every workspace folder with a package.json. */
export function workspacePackages(tree: Tree): readonly WorkspacePackage[] {
  return tree.files.flatMap((path) => {
    const found = /^(packages|apps|tooling)\/[^/]+(?=\/package\.json$)/.exec(path);
    if (!found) return [];
    const kind = kinds[found[1] as keyof typeof kinds];
    return [{ folder: found[0], kind, manifest: JSON.parse(tree.read(path)) as Manifest }];
  });
}

export const publishedPackages = (tree: Tree): readonly WorkspacePackage[] =>
  workspacePackages(tree).filter(({ manifest }) => manifest.private !== true);

/** Modality packages: everything in `packages` except core. */
export const modalityPackages = (tree: Tree): readonly WorkspacePackage[] =>
  workspacePackages(tree).filter(({ kind, folder }) => kind === 'package' && folder !== 'packages/core');

/** A package that exports nothing yet. */
export function isPlanned(tree: Tree, folder: string): boolean {
  return tree.read(`${folder}/src/index.ts`).trim() === 'export {};';
}

const testFile = /\.test\.[cm]?[jt]s$/;
export const isTest = (path: string): boolean => testFile.test(path);

/** TypeScript and JavaScript files below a folder. */
export function sourceFiles(tree: Tree, folder: string): readonly string[] {
  return tree.files.filter((path) => path.startsWith(`${folder}/`) && /\.[cm]?[jt]sx?$/.test(path));
}
