import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { esbuild } from './esbuild';

describe('the data entry', () => {
  it('bundles for browsers without TensorFlow.js, Node built-ins and platform code', async () => {
    const { metafile, outputFiles } = await esbuild.build({
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
