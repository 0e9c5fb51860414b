import { createRequire } from 'node:module';

interface Built {
  readonly metafile: {
    readonly inputs: Readonly<Record<string, unknown>>;
    readonly outputs: Readonly<Record<string, { readonly imports: readonly { readonly path: string }[] }>>;
  };
  readonly outputFiles: readonly { readonly text: string }[];
}

interface Esbuild {
  build(options: object): Promise<Built>;
  buildSync(options: object): unknown;
}

/** esbuild comes with tsup, which builds this package. */
const fromTsup = createRequire(createRequire(import.meta.url).resolve('tsup/package.json'));

export const esbuild = fromTsup('esbuild') as Esbuild;
