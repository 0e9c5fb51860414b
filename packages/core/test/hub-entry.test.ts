import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

interface Esbuild {
  build(options: object): Promise<{
    readonly metafile: {
      readonly outputs: Readonly<Record<string, { readonly imports: readonly { readonly path: string }[] }>>;
    };
    readonly outputFiles: readonly { readonly text: string }[];
  }>;
}

const fromTsup = createRequire(createRequire(import.meta.url).resolve('tsup/package.json'));

describe('the hub entry', () => {
  it('bundles for browsers without TensorFlow.js and Node built-ins; the platform is left to the package', async () => {
    const { build } = fromTsup('esbuild') as Esbuild;
    const options = {
      entryPoints: [fileURLToPath(new URL('../src/hub.ts', import.meta.url))],
      bundle: true,
      write: false,
      metafile: true,
      format: 'esm',
      platform: 'browser',
      conditions: ['@tesserae/source'],
      external: ['node:*', '@tensorflow/*', 'onnxruntime-*', 'undici'],
      logLevel: 'silent',
    };
    const { metafile, outputFiles } = await build(options);
    expect(Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path))).toEqual([]);
    expect(outputFiles[0]!.text).not.toMatch(/\b(require|Buffer)\b|\bprocess\.|@tensorflow/);
  });
});
