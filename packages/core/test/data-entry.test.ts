import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

interface Esbuild {
  build(options: object): Promise<{
    readonly metafile: {
      readonly inputs: Readonly<Record<string, unknown>>;
      readonly outputs: Readonly<Record<string, { readonly imports: readonly { readonly path: string }[] }>>;
    };
    readonly outputFiles: readonly { readonly text: string }[];
  }>;
}

/** esbuild comes with tsup, which builds this package. */
const fromTsup = createRequire(createRequire(import.meta.url).resolve('tsup/package.json'));

describe('the data entry', () => {
  it('bundles for browsers without TensorFlow.js, Node built-ins and platform code', async () => {
    const { build } = fromTsup('esbuild') as Esbuild;
    const { metafile, outputFiles } = await build({
      entryPoints: [fileURLToPath(new URL('../src/data.ts', import.meta.url))],
      bundle: true,
      write: false,
      metafile: true,
      format: 'esm',
      platform: 'browser',
      conditions: ['@tesserae/source'],
      // Not resolved, so that the bundle itself shows whether anything of them is imported.
      external: ['node:*', '@tensorflow/*', 'onnxruntime-*', '#*'],
      logLevel: 'silent',
    });
    const imports = Object.values(metafile.outputs).flatMap((output) => output.imports.map(({ path }) => path));
    expect(imports).toEqual([]);
    expect(
      Object.keys(metafile.inputs).filter((path) =>
        /node_modules|\/engine\/|\/platform\//.test(path.replace(/^.*packages\/core\//, '')),
      ),
    ).toEqual([]);
    expect(outputFiles[0]!.text).not.toMatch(/\b(require|process|Buffer)\b/);
    expect(outputFiles[0]!.text).not.toMatch(/@tensorflow/);
  });
});
