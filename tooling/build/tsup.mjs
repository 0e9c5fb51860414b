import { defineConfig } from 'tsup';

/**
 * The one way packages are built: ESM, types, shared chunks, dependencies left outside.
 *
 * @param {import('tsup').Options} options
 */
export function tesseraeBuild(options) {
  return defineConfig({
    format: ['esm'],
    target: 'es2022',
    platform: 'neutral',
    dts: true,
    splitting: true,
    sourcemap: true,
    clean: true,
    external: [/^@tensorflow\//, /^#/, /^onnxruntime-/, 'sharp', /^node:/],
    ...options,
  });
}
